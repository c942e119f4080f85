"""Starts services quickly: everything is imported once, then each service is a fork.

Run as a program it reads one JSON object a line (environment and log file) and answers with the
pid of a service that has this environment.
"""

import asyncio
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.cli.arguments import Arguments
from bot.cli.launch import launch
from bot.cli.run import serve
from bot.settings import load_settings
from tests.hurried import BRISK, LoopClock

TASKS_TOLD = "these are all tasks"


class Process:
    """A service in a process of its own."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._handle = os.pidfd_open(pid)

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        poll = select.poll()
        poll.register(self._handle, select.POLLIN)
        return not poll.poll(0)

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, number)

    def tells_tasks(self) -> None:
        """Have it write to its log what each of its tasks waits for."""
        self.kill(signal.SIGUSR2)

    def close(self) -> None:
        """Kill it and forget it."""
        self.kill()
        os.close(self._handle)


class Zygote:
    """The process that forks services; use it as a context."""

    def __enter__(self) -> Self:
        self._mother = subprocess.Popen(
            [sys.executable, "-m", "tests.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._mother.stdin
        assert self._mother.stdout
        self._mother.kill()  # it has nothing to put away, and would take long over it
        self._mother.stdin.close()
        self._mother.wait()
        self._mother.stdout.close()

    def start(self, environ: Mapping[str, str], log: Path, *, brisk: bool = False) -> Process:
        """A new service; its words go to `log`. A `brisk` one idles as briefly as the test does."""
        assert self._mother.stdin
        assert self._mother.stdout
        order = {"environ": dict(environ), "log": str(log), "brisk": brisk}
        self._mother.stdin.write(json.dumps(order) + "\n")
        self._mother.stdin.flush()
        return Process(int(self._mother.stdout.readline()))


def _fork(environ: Mapping[str, str], log: str, *, brisk: bool) -> int:
    pid = os.fork()
    if pid:
        return pid
    words = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(words, 1)
    os.dup2(words, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(environ)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    sys.stdout = os.fdopen(1, "w")
    sys.stderr = os.fdopen(2, "w")
    code = _serve_briskly() if brisk else launch(Arguments(command="run"))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _serve_briskly() -> int:
    """The same service, until it is killed; `launch` has a loop of its own."""
    with asyncio.Runner(loop_factory=BRISK) as runner:
        runner.get_loop().add_signal_handler(signal.SIGUSR2, _tell_tasks)
        runner.run(serve(load_settings(os.environ, None), LoopClock()))
    return 0


def _tell_tasks() -> None:
    """What every task of the service waits for."""
    for task in asyncio.all_tasks():
        task.print_stack(file=sys.stderr)
    sys.stderr.write(f"{TASKS_TOLD}\n")
    sys.stderr.flush()


def main() -> None:
    """Fork a service for each line read."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children need no undertaker
    for line in sys.stdin:
        order = json.loads(line)
        pid = _fork(order["environ"], order["log"], brisk=order["brisk"])
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
