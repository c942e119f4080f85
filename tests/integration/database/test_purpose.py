"""A database is for real orders or for dry runs, and stays it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from db import purpose
from db.errors import DatabaseOfAnotherRun
from db.journal import PostgresJournal
from db.session import Database
from engine.model.event import ServiceStarted
from tests.contract.journal.made import moment
from tests.contract.journal.migrated import database_template

__all__ = ["database_template"]


@pytest.fixture
async def fresh(database_url: str) -> AsyncIterator[Database]:
    """A database with the schema and nothing in it."""
    database = await Database.open(database_url)
    yield database
    await database.close()


@pytest.mark.parametrize("dry", [True, False])
async def test_the_first_start_decides(fresh: Database, dry: bool) -> None:
    await purpose.claim(fresh, dry=dry)
    await purpose.claim(fresh, dry=dry)
    with pytest.raises(DatabaseOfAnotherRun) as refused:
        await purpose.claim(fresh, dry=not dry)
    assert "DRY_RUN_ENABLED" in refused.value.sentence
    assert "\n" not in refused.value.sentence


async def test_a_journal_from_before_is_of_real_orders(fresh: Database) -> None:
    journal = PostgresJournal(fresh)
    await journal.append([ServiceStarted(at=moment(), version="1", crashed=False)])
    await journal.close()
    with pytest.raises(DatabaseOfAnotherRun, match="real"):
        await purpose.claim(fresh, dry=True)
    await purpose.claim(fresh, dry=False)


async def test_of_two_who_start_at_once_one_is_refused(fresh: Database) -> None:
    outcomes = await asyncio.gather(
        purpose.claim(fresh, dry=True), purpose.claim(fresh, dry=False), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "DatabaseOfAnotherRun",
        "NoneType",
    ]
