"""Starting, killing and watching the processes of these tests."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from db.embedded import EmbeddedPostgres
from tests.integration.embedded.owner import last_words

_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the owner program said."""

    owner: bool = False
    dsn: str = ""
    worker: int = 0
    error: str = ""
    sentence: str = ""


class Owner:
    """The owner program as a process of its own session."""

    def __init__(self, folder: Path, *flags: str, under: Sequence[str] = ()) -> None:
        program = [sys.executable, "-m", "tests.integration.embedded.owner", str(folder), *flags]
        self.process = subprocess.Popen(
            [*under, *program],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )

    @property
    def last_words(self) -> str:
        return last_words(self.process.pid)

    def report(self) -> Report:
        """Wait for the program's line."""
        assert self.process.stdout is not None
        return Report(**json.loads(self.process.stdout.readline()))

    def finish(self) -> int:
        """Let it stop in an orderly way."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.wait()

    def kill(self) -> None:
        self.process.kill()
        self.wait()

    def interrupt(self) -> None:
        """What Ctrl-C in a terminal does: SIGINT to the whole process group."""
        os.killpg(self.process.pid, signal.SIGINT)

    def wait(self) -> int:
        code = self.process.wait(20)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        return code

    def __enter__(self) -> "Owner":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()
        else:
            self.wait()


def postmaster(folder: Path) -> int:
    return int((folder / "data/postmaster.pid").read_text().split()[0])


def servers_in(folder: Path) -> list[int]:
    """Processes that work in the data folder; the dead that nobody has buried yet do not count."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink() == folder / "data":
                found.append(int(process.name))
    return found


def names(folder: Path, pattern: str) -> list[str]:
    return sorted(path.name for path in folder.glob(pattern))


def eventually(condition: Callable[[], bool], *, within: float = 10.0) -> None:
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, "the condition did not come true"
        time.sleep(0.01)


async def eventually_async(condition: Callable[[], bool], *, within: float = 10.0) -> None:
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110 - what is awaited happens in other processes
            await asyncio.sleep(0.01)


async def eventually_answers(dsn: str) -> None:
    async with asyncio.timeout(10):
        while not await _answers(dsn):  # noqa: ASYNC110 - another process's doing, too
            await asyncio.sleep(0.01)


async def _answers(dsn: str) -> bool:
    try:
        return await ask(dsn, "SELECT true") is True
    except (OSError, asyncpg.PostgresError):
        return False


async def ask(dsn: str, question: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def notes(folder: Path) -> list[str]:
    """The texts written so far, read after a fresh start by this process."""
    async with EmbeddedPostgres(folder, fsync=False) as server:
        assert server.owner
        return await notes_at(server.dsn)


async def notes_at(dsn: str) -> list[str]:
    found = await ask(dsn, "SELECT array_agg(text ORDER BY text) FROM note")
    assert isinstance(found, list)
    return found
