"""What `read`, `follow` and the cursors promise."""

import asyncio
from collections.abc import AsyncIterator

from engine.model.entry import Entry
from engine.ports import Journal
from tests.contract.journal.made import submitted


async def collect(journal: Journal, after: int, count: int) -> list[Entry]:
    """The first `count` entries a follower is given."""
    seen: list[Entry] = []
    stream = journal.follow(after)
    assert isinstance(stream, AsyncIterator)
    async with asyncio.timeout(10):
        async for batch in stream:
            seen.extend(batch)
            if len(seen) >= count:
                return seen
    raise AssertionError("a follower is never done")


async def test_an_empty_journal_has_nothing_to_read(journal: Journal) -> None:
    assert list(await journal.read(0)) == []
    assert await journal.last_seq() == 0


async def test_reading_goes_on_after_a_seq_and_stops_at_the_limit(journal: Journal) -> None:
    entries = await journal.append([submitted(n) for n in range(1, 8)])

    assert list(await journal.read(entries[2].seq, 3)) == list(entries[3:6])
    assert list(await journal.read(entries[-1].seq)) == []
    assert list(await journal.read(-5)) == list(entries)
    assert await journal.last_seq() == entries[-1].seq


async def test_a_follower_gets_what_was_and_what_comes(journal: Journal) -> None:
    old = await journal.append([submitted(n) for n in range(1, 4)])
    following = asyncio.create_task(collect(journal, old[0].seq, 4))
    await asyncio.sleep(0)

    new = [*await journal.append([submitted(4)]), *await journal.append([submitted(5)])]

    assert await following == [*old[1:], *new]


async def test_a_follower_catches_up_with_more_than_one_batch(journal: Journal) -> None:
    entries = await journal.append([submitted(n) for n in range(1, 1203)])

    assert await collect(journal, 0, 1202) == list(entries)


async def test_many_followers_of_a_busy_journal_miss_nothing(journal: Journal) -> None:
    followers = [asyncio.create_task(collect(journal, 0, 150)) for _ in range(5)]

    for n in range(50):
        await asyncio.gather(*(journal.append([submitted(3 * n + k)]) for k in (1, 2, 3)))

    everything = list(await journal.read(0))
    assert len(everything) == 150
    for follower in followers:
        assert await follower == everything


async def test_a_follower_is_woken_at_once(journal: Journal) -> None:
    stream = journal.follow(0)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0.05)

    entries = await journal.append([submitted(1)])

    async with asyncio.timeout(0.5):
        assert list(await waiting) == list(entries)


async def test_a_follower_ends_when_cancelled_and_another_goes_on(journal: Journal) -> None:
    gone = asyncio.create_task(collect(journal, 0, 1))
    staying = asyncio.create_task(collect(journal, 0, 1))
    await asyncio.sleep(0.02)

    gone.cancel()
    await asyncio.wait([gone])
    assert gone.cancelled()

    entries = await journal.append([submitted(1)])
    assert await staying == list(entries)


async def test_a_reader_not_seen_before_has_no_cursor(journal: Journal) -> None:
    assert await journal.cursor("alerts") is None


async def test_a_cursor_moves_on_and_never_back(journal: Journal) -> None:
    await journal.advance("alerts", 5)
    await journal.advance("metrics", 2)
    await journal.advance("alerts", 3)

    assert await journal.cursor("alerts") == 5
    assert await journal.cursor("metrics") == 2


async def test_a_cursor_may_stand_at_the_beginning(journal: Journal) -> None:
    await journal.advance("alerts", 0)

    assert await journal.cursor("alerts") == 0
