"""A terminal: types `genesis ...` and reads what comes back.

Everything is imported once in a mother process; each command is a fork of it, for importing the
Telegram library anew would cost seconds a command. Run as a program it is that mother.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.__main__ import main as genesis
from bot.cli.launch import MODULES
from tests.eventually import eventually

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The one line of complaint, nothing else said."""
        assert self.out == "", self.out
        (line,) = self.err.splitlines()
        return line


@dataclass(frozen=True)
class Command:
    """A command that runs; its files are in `folder`."""

    folder: Path

    async def ended(self, patience: float = 20.0) -> Ended:
        """Its end, waited for."""
        await eventually(self._has_code, patience)
        code = int((self.folder / "code").read_text())
        return Ended(code, self._said("out"), self._said("err"))

    async def says(self, words: str, patience: float = 20.0) -> str:
        """Everything on standard output once these words are there."""
        await eventually(lambda: words in self._said("out") or self._has_code(), patience)
        assert words in self._said("out"), self._said("err")
        return self._said("out")

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(int((self.folder / "pid").read_text()), number)

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return not self._has_code()

    def _has_code(self) -> bool:
        return (self.folder / "code").exists()

    def _said(self, stream: str) -> str:
        return (self.folder / stream).read_text()


class Terminal:
    """Where commands are typed."""

    def __init__(self, mother: "subprocess.Popen[str]", folder: Path) -> None:
        self._mother = mother
        self._folder = folder
        self._commands: list[Command] = []

    def type(
        self, words: Sequence[str], environ: Mapping[str, str], cwd: Path | None = None
    ) -> Command:
        """Start `genesis` with these words; it sees this environment only."""
        folder = self._folder / f"command_{len(self._commands)}"
        folder.mkdir()
        order = {
            "words": list(words),
            "environ": dict(environ),
            "folder": str(folder),
            "cwd": str(cwd or folder),
        }
        assert self._mother.stdin
        assert self._mother.stdout
        self._mother.stdin.write(json.dumps(order) + "\n")
        self._mother.stdin.flush()
        assert self._mother.stdout.readline() == "started\n"
        command = Command(folder)
        self._commands.append(command)
        return command

    def clear(self) -> None:
        """Kill what still runs."""
        for command in self._commands:
            if command.runs:
                with contextlib.suppress(ProcessLookupError):
                    command.signal(signal.SIGKILL)


@contextmanager
def terminal(folder: Path) -> Iterator[Terminal]:
    """A terminal with a mother process of its own."""
    mother = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.cli.terminal"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    made = Terminal(mother, folder)
    try:
        yield made
    finally:
        made.clear()
        assert mother.stdin
        assert mother.stdout
        mother.kill()  # it has nothing to put away, and would take long over it
        mother.stdin.close()
        mother.wait()
        mother.stdout.close()


def _fork(order: Mapping[str, object]) -> None:
    """A child for the command, and one beside it that notes its end."""
    if os.fork():
        return
    folder = Path(str(order["folder"]))
    if pid := os.fork():
        _, status = os.waitpid(pid, 0)
        (folder / "code.part").write_text(str(os.waitstatus_to_exitcode(status)))
        (folder / "code.part").rename(folder / "code")
        os._exit(0)
    (folder / "pid").write_text(str(os.getpid()))
    os._exit(_run(order, folder))


def _run(order: Mapping[str, object], folder: Path) -> int:
    environ, words = order["environ"], order["words"]
    assert isinstance(environ, dict)
    assert isinstance(words, list)
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(str(order["cwd"]))
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT), number)
    sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
    sys.argv = ["genesis", *words]
    try:
        genesis()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def main() -> None:
    """Fork a command for each line read."""
    for module in MODULES.values():
        __import__(module)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        for name in ("out", "err"):
            Path(order["folder"], name).touch()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _fork(order)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        _answer()


def _answer() -> None:
    sys.stdout.write("started\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
