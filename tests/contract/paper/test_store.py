"""What a paper account's store promises: in memory, and in PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from db.lease import PostgresLeadership
from db.paper import PostgresPaperStore
from db.session import Database
from db.shelf import PostgresShelf
from engine.clock import SystemClock
from engine.model.errors import Deposed, JournalUnavailable
from engine.paper.store import MemoryPaperStore, PaperStore
from tests.contract.journal.migrated import database_template

__all__ = ["database_template"]


@pytest.fixture(params=["memory", "postgres"])
async def store(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[PaperStore]:
    """An empty one."""
    if request.param == "memory":
        yield MemoryPaperStore()
        return
    database = await Database.open(database_url)
    yield PostgresPaperStore(database)
    await database.close()


async def test_it_begins_empty(store: PaperStore) -> None:
    assert await store.load() == {}
    await store.save({})
    assert await store.load() == {}


async def test_documents_are_put_replaced_and_removed_together(store: PaperStore) -> None:
    await store.save({"account": b"1", "order/1": bytes(range(256)), "order/2": b"x"})
    await store.save({"account": b"2", "order/2": None, "order/3": b"", "order/9": None})
    assert await store.load() == {
        "account": b"2",
        "order/1": bytes(range(256)),
        "order/3": b"",
    }


async def test_many_at_once(store: PaperStore) -> None:
    await store.save({f"trade/{n}": str(n).encode() for n in range(2_000)})
    await store.save({f"trade/{n}": None for n in range(1_999)})
    assert await store.load() == {"trade/1999": b"1999"}


async def test_what_lies_beside_it_is_left_alone(database_url: str) -> None:
    database = await Database.open(database_url)
    store, shelf = PostgresPaperStore(database), PostgresShelf(database)
    await shelf.put("card", "account", b"card")
    await store.save({"account": b"1"})
    await store.save({"account": None})
    assert await shelf.get("card", "account") == b"card"
    await database.close()


async def test_what_a_deposed_leader_would_save_is_not(database_url: str) -> None:
    database = await Database.open(database_url)
    leadership = PostgresLeadership(database, "one", clock=SystemClock())
    lead = await leadership.acquire(lambda: None)
    old, new = (PostgresPaperStore(database, epoch=lead.epoch + n) for n in (-1, 0))
    await new.save({"account": b"1", "order/1": b"x"})
    for changes in ({"account": b"2"}, {"order/1": None}):
        with pytest.raises(Deposed):
            await old.save(changes)
    assert await new.load() == {"account": b"1", "order/1": b"x"}
    await leadership.release()
    await database.close()


async def test_a_database_that_is_away_is_said() -> None:
    store = MemoryPaperStore()
    store.available = False
    with pytest.raises(JournalUnavailable):
        await store.load()
    with pytest.raises(JournalUnavailable):
        await store.save({})
