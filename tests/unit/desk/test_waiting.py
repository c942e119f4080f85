"""Whoever waits hears in time that it came true, or that it did not."""

import asyncio
import time

import uvloop

from engine.waiting import Waiting

LONG = 60.0


async def test_what_is_true_is_not_waited_for() -> None:
    assert await Waiting().until(lambda: True, 0.0)


async def test_each_is_woken_by_what_it_waits_for_alone() -> None:
    waiting, true = Waiting(), set[str]()
    first = asyncio.ensure_future(waiting.until(lambda: "first" in true, LONG))
    second = asyncio.ensure_future(waiting.until(lambda: "second" in true, LONG))
    await asyncio.sleep(0)
    true.add("second")
    waiting.wake()
    assert await second
    assert not first.done()
    true.add("first")
    waiting.wake()
    assert await first


async def test_everybody_goes_home_in_the_order_of_their_patience() -> None:
    waiting, gone = Waiting(), list[float]()

    async def wait(patience: float) -> None:
        begun = time.monotonic()
        assert not await waiting.until(lambda: False, patience)
        assert time.monotonic() - begun >= patience * 0.9
        gone.append(patience)

    async with asyncio.timeout(5):
        await asyncio.gather(*(wait(patience) for patience in (0.09, 0.03, 0.12, 0.06)))
    assert gone == [0.03, 0.06, 0.09, 0.12]


async def test_a_timer_left_by_somebody_who_was_answered_ends_nobody_elses_wait() -> None:
    waiting, true = Waiting(), set[str]()
    answered = asyncio.ensure_future(waiting.until(lambda: "soon" in true, 0.05))
    await asyncio.sleep(0)
    true.add("soon")
    waiting.wake()
    assert await answered
    patient = asyncio.ensure_future(waiting.until(lambda: "late" in true, LONG))
    await asyncio.sleep(0.1)
    assert not patient.done()
    true.add("late")
    waiting.wake()
    assert await patient


async def test_who_is_called_off_waits_no_longer_and_the_others_do() -> None:
    waiting, true = Waiting(), set[str]()
    called_off = asyncio.ensure_future(waiting.until(lambda: bool(true), 0.05))
    other = asyncio.ensure_future(waiting.until(lambda: bool(true), LONG))
    await asyncio.sleep(0)
    called_off.cancel()
    await asyncio.gather(called_off, return_exceptions=True)
    await asyncio.sleep(0.1)
    true.add("it")
    waiting.wake()
    assert called_off.cancelled()
    assert await other


def test_a_moment_that_has_all_but_come_breaks_no_wait() -> None:
    """The service's own loop has no timer for it: it calls at once, by a handle without a time."""

    async def wait() -> list[bool]:
        waiting = Waiting()
        hurried = [waiting.until(lambda: False, patience) for patience in (0.0, 0.0002, 0.0, 0.01)]
        async with asyncio.timeout(5):
            return await asyncio.gather(*hurried)

    assert uvloop.run(wait()) == [False] * 4
