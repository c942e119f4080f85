"""What the store of authenticators' secrets promises."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from db.factors import PostgresFactors
from db.session import Database
from engine.factor_ports import FactorStore
from engine.memory_factors import MemoryFactors
from engine.model.factor import Factor

START = datetime(2026, 1, 1, tzinfo=UTC)
OLIVIA = Factor(actor_id="tg:1001", secret=bytes(range(20)), begun_at=START)
STEN = Factor(actor_id="tg:2002", secret=b"s" * 20, begun_at=START)
COUNTS = replace(OLIVIA, confirmed=True, last_step=59_000_000)


@pytest.fixture
async def factors(stores_url: str | None) -> AsyncIterator[FactorStore]:
    if stores_url is None:
        yield MemoryFactors()
        return
    database = await Database.open(stores_url)
    yield PostgresFactors(database)
    await database.close()


async def test_what_is_begun_is_kept_to_the_letter(factors: FactorStore) -> None:
    assert await factors.get(OLIVIA.actor_id) is None
    assert await factors.begin(OLIVIA)
    assert await factors.begin(STEN)
    assert await factors.get(OLIVIA.actor_id) == OLIVIA
    assert await factors.get(STEN.actor_id) == STEN


async def test_one_that_was_never_confirmed_is_replaced_whole(factors: FactorStore) -> None:
    await factors.begin(OLIVIA)
    tried = replace(OLIVIA, failures=3, lockouts=1, locked_until=START + timedelta(hours=1))
    assert await factors.swap(OLIVIA, tried)
    assert await factors.get(OLIVIA.actor_id) == tried
    fresh = replace(OLIVIA, secret=b"x" * 20, begun_at=START + timedelta(minutes=9))
    assert await factors.begin(fresh)
    assert await factors.get(OLIVIA.actor_id) == fresh


async def test_one_that_counts_is_not(factors: FactorStore) -> None:
    await factors.begin(OLIVIA)
    assert await factors.swap(OLIVIA, COUNTS)
    assert not await factors.begin(replace(OLIVIA, secret=b"x" * 20))
    assert await factors.get(OLIVIA.actor_id) == COUNTS


async def test_of_two_who_swap_at_once_one_is_refused(factors: FactorStore) -> None:
    await factors.begin(OLIVIA)
    done = await asyncio.gather(*(factors.swap(OLIVIA, COUNTS) for _ in range(5)))
    assert sorted(done) == [False] * 4 + [True]
    assert not await factors.swap(OLIVIA, replace(OLIVIA, failures=1))


@pytest.mark.parametrize(
    "other",
    [
        replace(COUNTS, secret=b"y" * 20),
        replace(COUNTS, last_step=1),
        replace(COUNTS, failures=1),
        replace(COUNTS, lockouts=1),
        replace(COUNTS, confirmed=False),
    ],
)
async def test_nothing_is_swapped_for_what_is_not_kept(factors: FactorStore, other: Factor) -> None:
    await factors.begin(OLIVIA)
    await factors.swap(OLIVIA, COUNTS)
    assert not await factors.swap(other, replace(COUNTS, last_step=59_000_009))
    assert await factors.get(OLIVIA.actor_id) == COUNTS


async def test_what_is_removed_is_gone(factors: FactorStore) -> None:
    assert not await factors.remove(OLIVIA.actor_id)
    await factors.begin(OLIVIA)
    assert not await factors.remove(OLIVIA.actor_id)
    await factors.begin(OLIVIA)
    await factors.swap(OLIVIA, COUNTS)
    assert await factors.remove(OLIVIA.actor_id)
    assert await factors.get(OLIVIA.actor_id) is None


def test_no_repr_shows_the_secret() -> None:
    assert "secret" not in repr(OLIVIA)
    assert str(OLIVIA.secret) not in f"{OLIVIA!r} {OLIVIA}"
