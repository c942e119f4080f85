"""The command line: `genesis`, also `python -m bot`."""

import sys

from bot.cli.arguments import parse
from bot.cli.launch import launch


def main() -> None:
    """Do what the command line says and end with its exit code."""
    sys.exit(launch(parse(sys.argv[1:])))


if __name__ == "__main__":
    main()
