"""Background tasks: started again, ended in order, never lost from sight."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from random import Random

import pytest

from bot.backoff import Backoff
from bot.nursery import Nursery, NurseryBusy, NurseryClosed
from engine.clock import ManualClock

START = datetime(2026, 1, 1, tzinfo=UTC)


async def eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def failures(nursery: Nursery, name: str, count: int) -> None:
    await eventually(lambda: nursery.failures.get(name) == count)


async def forever() -> None:
    await asyncio.Event().wait()


class Flaky:
    """Fails as often as it is told, then runs on."""

    def __init__(self, failures: int, clock: ManualClock) -> None:
        self.left = failures
        self.clock = clock
        self.began: list[datetime] = []

    async def __call__(self) -> None:
        self.began.append(self.clock.now())
        if self.left:
            self.left -= 1
            raise OSError("out of order")
        await forever()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def failed() -> list[str]:
    return []


@pytest.fixture
async def nursery(clock: ManualClock, failed: list[str]) -> AsyncIterator[Nursery]:
    made = Nursery(clock=clock, random=Random(7), patience=0.1, most=2, on_failure=failed.append)
    yield made
    await made.stop()


async def test_a_failed_task_is_started_again_after_a_growing_delay(
    nursery: Nursery, clock: ManualClock, failed: list[str]
) -> None:
    flaky = Flaky(4, clock)
    nursery.start("feed", flaky)
    for attempt in range(1, 5):
        await failures(nursery, "feed", attempt)
        while len(flaky.began) == attempt:
            clock.advance(0.05)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
    waits = [
        (later - earlier).total_seconds()
        for earlier, later in zip(flaky.began, flaky.began[1:], strict=False)
    ]
    for wait, whole in zip(waits, (0.5, 1, 2, 4), strict=True):
        assert whole / 2 <= wait <= whole + 0.2
    assert failed == ["feed"] * 4
    assert nursery.running == ("feed",)


async def test_after_a_good_time_the_delay_is_short_again(
    nursery: Nursery, clock: ManualClock
) -> None:
    fail = asyncio.Event()
    running = asyncio.Semaphore(0)

    async def sometimes() -> None:
        running.release()
        await fail.wait()
        fail.clear()
        raise OSError("lost")

    nursery.start("link", sometimes)
    for again in range(1, 4):
        await running.acquire()
        clock.advance(61)
        fail.set()
        await failures(nursery, "link", again)
        await asyncio.sleep(0)
        clock.advance(0.5)
    await asyncio.wait_for(running.acquire(), 5)
    assert nursery.running == ("link",)


async def test_a_task_that_returns_is_done(nursery: Nursery) -> None:
    async def short() -> None:
        return

    nursery.start("once", short)
    await eventually(lambda: nursery.running == ())
    assert nursery.failures == {}
    nursery.start("once", forever)
    assert nursery.running == ("once",)


async def test_a_name_is_taken_once(nursery: Nursery) -> None:
    nursery.start("poll", forever)
    with pytest.raises(ValueError, match="poll"):
        nursery.start("poll", forever)


async def test_a_task_that_must_not_fail_ends_the_service(nursery: Nursery) -> None:
    async def broken() -> None:
        raise OSError("no database")

    nursery.start("other", forever)
    nursery.start("database", broken, restart=False)
    with pytest.raises(OSError, match="no database"):
        await asyncio.wait_for(nursery.wait(), 5)


async def test_a_cancellation_from_within_does_not_end_a_task_silently(
    nursery: Nursery, clock: ManualClock
) -> None:
    runs = 0

    async def cancelled_within() -> None:
        nonlocal runs
        runs += 1
        inner: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if runs == 1:
            inner.cancel()
        await inner

    nursery.start("socket", cancelled_within)
    await eventually(lambda: nursery.failures.get("socket") == 1)
    await asyncio.sleep(0)
    clock.advance(1)
    await eventually(lambda: runs == 2)
    assert nursery.running == ("socket",)


async def test_stopping_cancels_the_youngest_first(clock: ManualClock) -> None:
    nursery = Nursery(clock=clock, random=Random(7))
    ended: list[str] = []

    def named(name: str) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            try:
                await forever()
            finally:
                await asyncio.sleep(0.001)
                ended.append(name)

        return run

    names = ["database", "desk", "telegram"]
    for name in names:
        nursery.start(name, named(name))
    await asyncio.sleep(0)
    await nursery.end("desk")
    assert ended == ["desk"]
    await nursery.stop()
    assert ended == ["desk", "telegram", "database"]
    assert nursery.running == ()


async def test_what_is_abandoned_is_not_finished(nursery: Nursery) -> None:
    let_go, finished = asyncio.Event(), asyncio.Event()

    async def short() -> None:
        await let_go.wait()
        finished.set()

    nursery.spawn("short", short())
    nursery.start("long", forever)
    await asyncio.sleep(0)
    async with asyncio.timeout(0.1):
        await nursery.abandon()
    let_go.set()
    await asyncio.sleep(0)
    assert nursery.running == ()
    assert not finished.is_set()
    with pytest.raises(NurseryClosed):
        nursery.start("late", forever)


async def test_a_task_that_will_not_end_does_not_hold_up_the_rest(nursery: Nursery) -> None:
    let_go = asyncio.Event()

    async def stubborn() -> None:
        while not let_go.is_set():
            try:
                await let_go.wait()
            except asyncio.CancelledError:
                continue

    nursery.start("quiet", forever)
    nursery.start("stubborn", stubborn)
    await asyncio.sleep(0)
    await asyncio.wait_for(nursery.stop(), 5)
    assert nursery.running == ()
    let_go.set()
    await asyncio.sleep(0)


async def test_one_that_fails_while_it_is_cancelled_is_not_started_again(
    nursery: Nursery, clock: ManualClock
) -> None:
    async def clumsy() -> None:
        try:
            await forever()
        finally:
            raise OSError("could not say goodbye")

    nursery.start("clumsy", clumsy)
    await asyncio.sleep(0)
    await nursery.end("clumsy")
    assert nursery.failures == {"clumsy": 1}
    assert nursery.running == ()


async def test_short_tasks_are_finished_before_the_service_ends(nursery: Nursery) -> None:
    done: list[int] = []

    async def work(number: int) -> None:
        await asyncio.sleep(0.01)
        done.append(number)

    nursery.spawn("update", work(1))
    nursery.spawn("update", work(2))
    await nursery.stop()
    assert done == [1, 2]


async def test_short_tasks_are_bounded_and_a_feeder_can_wait_for_room(nursery: Nursery) -> None:
    gate = asyncio.Event()

    async def work() -> None:
        await gate.wait()

    nursery.spawn("update", work())
    nursery.spawn("update", work())
    with pytest.raises(NurseryBusy):
        nursery.spawn("update", work())
    assert not await nursery.drain(0.01)
    gate.set()
    await asyncio.wait_for(nursery.room(), 5)
    nursery.spawn("update", work())
    assert await nursery.drain(5)


async def test_a_short_task_that_fails_is_counted(nursery: Nursery, failed: list[str]) -> None:
    async def broken() -> None:
        raise OSError("no")

    nursery.spawn("update", broken())
    assert await nursery.drain(5)
    assert failed == ["update"]


async def test_one_that_takes_too_long_is_cut_short_at_the_end(nursery: Nursery) -> None:
    nursery.spawn("update", forever())
    await asyncio.wait_for(nursery.stop(), 5)
    assert await nursery.drain(0)


async def test_nothing_new_begins_while_stopping(nursery: Nursery) -> None:
    await nursery.stop()
    with pytest.raises(NurseryClosed):
        nursery.spawn("update", forever())
    with pytest.raises(NurseryClosed):
        nursery.start("poll", forever)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(nursery.room(), 0.01)


def test_delays_grow_to_a_bound_and_begin_anew() -> None:
    backoff = Backoff(Random(1), first=1, most=8)
    delays = [backoff.next() for _ in range(6)]
    for delay, whole in zip(delays, (1, 2, 4, 8, 8, 8), strict=True):
        assert whole / 2 <= delay <= whole
    backoff.reset()
    assert backoff.next() <= 1
