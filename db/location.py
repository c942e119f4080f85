"""Where the database is: the one that is named, else an embedded one of our own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from db.embedded import EmbeddedPostgres


@dataclass(frozen=True, slots=True)
class Location:
    """A database's URL, and what keeps its server running: nothing, where it is not ours."""

    url: str = field(repr=False)
    keep_running: Callable[[], Awaitable[None]] | None = None


@asynccontextmanager
async def located(
    url: str | None, state_dir: Path, bindir: Path | None, *, join: bool
) -> AsyncIterator[Location]:
    """A database that runs for the length of the block.

    `join` as in `EmbeddedPostgres`: short commands join whoever runs the server, a service only
    another service.
    """
    if url is not None:
        yield Location(url)
        return
    async with EmbeddedPostgres(state_dir / "postgres", bindir=bindir, join=join) as server:
        yield Location(server.url, server.keep_running)
