"""Who may know whom, as pyproject.toml says it."""

import subprocess
import sys

from tests.architecture.sources import ROOT

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def test_nobody_knows_whom_they_should_not() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout
