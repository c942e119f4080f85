"""The end of a database server as in a crash, and a server that is there to meet it."""

import itertools
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil
from sqlalchemy.engine import make_url

from db import schema
from db.embedded import EmbeddedPostgres
from tests.eventually import eventually


async def kill(server: EmbeddedPostgres) -> None:
    """Let it die as in a crash; it will be started again at the same address.

    Its children go too: without a postmaster they may serve on for a moment.
    """
    postmaster = psutil.Process(
        int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    )
    family = [postmaster, *postmaster.children(recursive=True)]
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    await eventually(lambda: not server.running and all(map(_is_gone, family[1:])))


def _is_gone(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


class MortalServer:
    """A PostgreSQL to be killed and started again, with databases that have the schema."""

    def __init__(self, folder: Path) -> None:
        self._server = EmbeddedPostgres(folder, fsync=False)
        self._numbers = itertools.count(1)
        self._template = ""

    async def start(self) -> None:
        """The first start."""
        await self._server.start()
        (url,) = await self.databases(1, "template1")
        await schema.upgrade(url)
        self._template = make_url(url).database or ""

    async def databases(self, count: int, template: str = "") -> list[str]:
        """Addresses of so many new ones."""
        names = [f"mortal_{next(self._numbers)}" for _ in range(count)]
        connection = await asyncpg.connect(self._server.dsn)
        for name in names:
            source = template or self._template
            await connection.execute(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY")
        await connection.close()
        place = make_url(self._server.url)
        return [place.set(database=n).render_as_string(hide_password=False) for n in names]

    async def kill(self) -> None:
        """As in a crash."""
        await kill(self._server)

    async def revive(self) -> None:
        """At the same address, with what had been committed."""
        await self._server.start()

    async def stop(self) -> None:
        """For good."""
        await self._server.stop()
