"""Turns at Telegram: a burst, then one after the other."""

import asyncio

from bot.telegram.pace import Pace


async def test_a_burst_goes_at_once_and_the_next_waits() -> None:
    pace, loop = Pace(per_second=50.0, burst=3), asyncio.get_running_loop()
    began = loop.time()
    for _ in range(3):
        await pace.turn()
    at_once = loop.time() - began
    for _ in range(2):
        await pace.turn()
    assert loop.time() - began >= 0.04
    assert at_once < 0.02


async def test_first_come_first_served() -> None:
    pace, order = Pace(per_second=200.0, burst=1), list[int]()

    async def take(number: int) -> None:
        await pace.turn()
        order.append(number)

    await asyncio.gather(*(take(number) for number in range(5)))
    assert order == [0, 1, 2, 3, 4]


async def test_unused_turns_are_not_hoarded() -> None:
    pace, loop = Pace(per_second=50.0, burst=1), asyncio.get_running_loop()
    await pace.turn()
    await asyncio.sleep(0.1)
    began = loop.time()
    for _ in range(3):
        await pace.turn()
    assert loop.time() - began >= 0.03
