"""Prints what pyproject.toml says the product needs, a line each: for a layer of its own."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads(Path(sys.argv[1]).read_text())["project"]
sys.stdout.write("".join(f"{each}\n" for each in project["dependencies"]))
