"""The journals under contract: in memory, and in PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from db.journal import PostgresJournal
from db.session import Database
from engine.memory_journal import MemoryJournal
from engine.ports import Journal
from tests.contract.journal.migrated import database_template

__all__ = ["database_template"]


@pytest.fixture(params=["memory", "postgres"])
def journal_url(request: pytest.FixtureRequest) -> str | None:
    """Where the journal is kept; None in memory."""
    if request.param == "memory":
        return None
    url: str = request.getfixturevalue("database_url")
    return url


@pytest.fixture
async def journal(journal_url: str | None) -> AsyncIterator[Journal]:
    """An empty journal."""
    if journal_url is None:
        yield MemoryJournal()
        return
    database = await Database.open(journal_url)
    yield PostgresJournal(database)
    await database.close()
