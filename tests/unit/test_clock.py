"""A clock that can be moved ahead wakes whoever's time has come."""

import asyncio

from engine.clock import ShiftedClock
from tests.eventually import eventually


async def test_who_sleeps_wakes_when_the_clock_is_moved_past_it() -> None:
    clock = ShiftedClock()
    soon, late = asyncio.create_task(clock.sleep(60)), asyncio.create_task(clock.sleep(3600))
    await asyncio.sleep(0)
    clock.advance(61)
    await eventually(soon.done)
    assert not late.done()
    clock.advance(3600)
    await eventually(late.done)


async def test_it_runs_on_by_itself() -> None:
    clock = ShiftedClock()
    before = clock.now()
    await clock.sleep(0.01)
    assert (clock.now() - before).total_seconds() >= 0.01
