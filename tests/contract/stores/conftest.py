"""The chat's stores under contract: in memory, and in PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from bot.telegram.memory import MemoryInbox, MemoryShelf
from bot.telegram.ports import Inbox, Received, Shelf
from bot.web.keys import KeyStore, MemoryKeys
from db.inbox import PostgresInbox
from db.keys import PostgresKeys
from db.nonces import PostgresNonces
from db.session import Database
from db.shelf import PostgresShelf
from engine.bitfinex.nonces import MemoryNonces
from engine.ports import NonceStore
from tests.contract.journal.migrated import database_template

__all__ = ["database_template"]


@pytest.fixture(params=["memory", "postgres"])
def stores_url(request: pytest.FixtureRequest) -> str | None:
    """Where the stores are; None in memory."""
    if request.param == "memory":
        return None
    url: str = request.getfixturevalue("database_url")
    return url


@pytest.fixture
async def nonces(stores_url: str | None) -> AsyncIterator[NonceStore]:
    """Nonces of which none was given."""
    if stores_url is None:
        yield MemoryNonces()
        return
    database = await Database.open(stores_url)
    yield PostgresNonces(database)
    await database.close()


@pytest.fixture
async def keys(stores_url: str | None) -> AsyncIterator[KeyStore]:
    """Keys of which none was used."""
    if stores_url is None:
        yield MemoryKeys()
        return
    database = await Database.open(stores_url)
    yield PostgresKeys(database)
    await database.close()


@pytest.fixture
async def stores(stores_url: str | None) -> AsyncIterator[tuple[Inbox, Shelf]]:
    """Both, empty."""
    if stores_url is None:
        yield MemoryInbox(), MemoryShelf()
        return
    database = await Database.open(stores_url)
    yield PostgresInbox(database, Received), PostgresShelf(database)
    await database.close()


@pytest.fixture
def inbox(stores: tuple[Inbox, Shelf]) -> Inbox:
    """An empty inbox."""
    return stores[0]


@pytest.fixture
def shelf(stores: tuple[Inbox, Shelf]) -> Shelf:
    """An empty shelf."""
    return stores[1]
