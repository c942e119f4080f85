"""Databases with the schema in place, and the journal over them."""

from collections.abc import AsyncIterator

import pytest

from db.journal import PostgresJournal
from db.session import Database
from tests.contract.journal.migrated import database_template

__all__ = ["database_template"]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh database."""
    database = await Database.open(database_url)
    yield database
    await database.close()


@pytest.fixture
def journal(database: Database) -> PostgresJournal:
    """An empty journal."""
    return PostgresJournal(database)
