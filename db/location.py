"""Where the database is: the one that is named, else an embedded one of our own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from db.embedded import EmbeddedPostgres


@asynccontextmanager
async def located(
    url: str | None, state_dir: Path, bindir: Path | None, *, join: bool
) -> AsyncIterator[str]:
    """The URL of a database that runs for the length of the block.

    `join` as in `EmbeddedPostgres`: short commands join a running service's server.
    """
    if url is not None:
        yield url
        return
    async with EmbeddedPostgres(state_dir / "postgres", bindir=bindir, join=join) as server:
        yield server.url
