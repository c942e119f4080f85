"""Who is cancelled while the database is lost ends: no error of a driver hides it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from db.journal import PostgresJournal
from db.session import Database
from engine.model.errors import JournalUnavailable
from tests.postmaster import MortalServer

ASKERS = 60
SPREAD_SECONDS = 0.3


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[MortalServer]:
    server = MortalServer(tmp_path)
    await server.start()
    yield server
    await server.stop()


async def _asks_for_ever(journal: PostgresJournal) -> None:
    while True:
        await asyncio.sleep(0.001)
        try:
            await journal.rulings(0)
        except JournalUnavailable:
            continue


async def test_who_is_cancelled_while_the_database_dies_ends(server: MortalServer) -> None:
    (url,) = await server.databases(1)
    database = await Database.open(url)
    journal, loop = PostgresJournal(database), asyncio.get_running_loop()
    askers = [asyncio.create_task(_asks_for_ever(journal)) for _ in range(ASKERS)]
    await journal.rulings(0)
    dying = asyncio.create_task(server.kill())
    for number, asker in enumerate(askers):
        loop.call_later(SPREAD_SECONDS * number / ASKERS, asker.cancel)
    await dying
    _, still = await asyncio.wait(askers, timeout=5)
    await server.revive()
    for asker in still:
        asker.cancel()
    await journal.close()
    await database.close()
    assert not still, f"{len(still)} of {ASKERS} go on"
