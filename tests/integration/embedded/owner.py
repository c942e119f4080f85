"""A process that starts the embedded database and holds it: what the tests kill.

    python -m tests.integration.embedded.owner FOLDER [--fork] [--join|--own]

Prints one JSON line when the database answers, ends when its input does or on SIGINT, and on
its way out writes its last words as a row.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import asyncpg

from db.embedded import EmbeddedPostgres
from db.errors import DatabaseError


async def hold(folder: Path, *, fork: bool, join: bool) -> None:
    server = EmbeddedPostgres(folder, fsync=False, join=join)
    await server.start()
    worker = _fork() if fork else 0
    say({"owner": server.owner, "dsn": server.dsn, "worker": worker})
    try:
        await asyncio.to_thread(sys.stdin.read)
    finally:
        await write(server.dsn, last_words(os.getpid()))
        await server.stop()


def last_words(pid: int) -> str:
    return f"last words of process {pid}"


def say(facts: dict[str, bool | int | str]) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


async def write(dsn: str, text: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
    await connection.execute("INSERT INTO note VALUES ($1)", text)
    await connection.close()


def _fork() -> int:
    worker = os.fork()
    if worker == 0:
        os.close(1)
        signal.pause()
        os._exit(0)
    return worker


def main(folder: str, *flags: str) -> None:
    try:
        asyncio.run(hold(Path(folder), fork="--fork" in flags, join="--own" not in flags))
    except DatabaseError as error:
        say({"error": type(error).__name__, "sentence": error.sentence})
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main(*sys.argv[1:])
