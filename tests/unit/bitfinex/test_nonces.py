"""Nonces only grow, whatever clocks and restarts do."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from engine.bitfinex.nonces import BLOCK, HIGHEST, MemoryNonces, Nonces, fingerprint
from engine.clock import ManualClock
from engine.model.errors import CredentialsRefused, JournalUnavailable
from tests.unit.bitfinex.doubles import SteppedClock

START = datetime(2026, 1, 1, tzinfo=UTC)


class Counting(MemoryNonces):
    """Knows how often it was asked."""

    asked = 0

    async def reserve(self, key: str, *, at_least: int, size: int) -> int:
        self.asked += 1
        return await super().reserve(key, at_least=at_least, size=size)


def micros(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000


async def some(now: Callable[[], datetime], store: MemoryNonces, count: int = 5) -> list[int]:
    nonces = Nonces(now, store, "k")
    return [await nonces.next() for _ in range(count)]


async def test_nonces_grow_while_the_clock_stands_still_or_steps_back() -> None:
    given = await some(SteppedClock(10, 10, 3, 2, 11).now, MemoryNonces())
    assert given == sorted(set(given))
    assert given[-1] == micros(START + timedelta(seconds=11))


async def test_after_a_restart_all_numbers_are_new_though_the_clock_went_back() -> None:
    store = MemoryNonces()
    before = await some(lambda: START, store)
    after = await some(lambda: START - timedelta(days=400), store)
    assert min(after) > max(before)


async def test_two_processes_with_one_key_never_share_a_number() -> None:
    store = MemoryNonces()
    one, other = (Nonces(lambda: START, store, "k") for _ in range(2))
    given = [await nonces.next() for _ in range(10) for nonces in (one, other)]
    assert len(set(given)) == 20


class Away(Counting):
    """A store that does not answer while it is away."""

    away = False

    async def reserve(self, key: str, *, at_least: int, size: int) -> int:
        first = await super().reserve(key, at_least=at_least, size=size)
        if self.away:
            raise JournalUnavailable
        return first


async def test_what_is_urgent_needs_no_store_and_all_numbers_still_grow() -> None:
    store, clock = Away(), ManualClock(START)
    nonces = Nonces(clock.now, store, "k")
    given = [await nonces.next()]
    store.away = True
    clock.advance(BLOCK / 1_000_000 + 1)
    with pytest.raises(JournalUnavailable):
        await nonces.next()
    before = store.asked
    given += [await nonces.next(urgent=True) for _ in range(5)]
    assert store.asked == before + 1, "a store that hangs is not asked each time"
    clock.advance(6)
    given += [await nonces.next(urgent=True)]
    assert store.asked == before + 2
    store.away = False
    given += [await nonces.next(), await nonces.next(urgent=True)]
    assert given == sorted(set(given))


async def test_a_clock_far_in_the_future_does_not_use_up_the_numbers() -> None:
    store = MemoryNonces()
    future = await some(lambda: START.replace(year=9000), store)
    present = await some(lambda: START, store)
    assert max(future) < min(present) < HIGHEST - 10**14


async def test_a_block_lasts_for_a_minute_however_many_calls_are_made() -> None:
    store = Counting()
    clock = SteppedClock(0)
    nonces = Nonces(clock.now, store, "k")
    for _ in range(500):
        await nonces.next()
        await clock.sleep(0.1)
    assert store.asked == 1
    await clock.sleep(BLOCK / 1_000_000)
    await nonces.next()
    assert store.asked == 2


async def test_a_number_the_exchange_found_too_small_is_followed_by_a_new_block() -> None:
    store = MemoryNonces()
    ours, theirs = (Nonces(lambda: START, store, "k") for _ in range(2))
    first, higher = await ours.next(), await theirs.next()
    assert first < higher
    ours.doubt()
    assert await ours.next() > higher


async def test_a_key_without_numbers_left_is_said_so() -> None:
    with pytest.raises(CredentialsRefused, match="no nonces left"):
        await some(lambda: START, MemoryNonces(HIGHEST), 2)


def test_a_fingerprint_shows_nothing_of_its_key() -> None:
    assert fingerprint("key1") == fingerprint("key1") != fingerprint("key2")
    assert "key1" not in fingerprint("key1")
