"""Who goes before whom."""

import asyncio

from engine.bitfinex.turns import Turns


async def wait_in(turns: Turns, name: str, order: list[str], *, urgent: bool = False) -> None:
    async with turns.turn(urgent=urgent):
        order.append(name)


async def test_the_urgent_go_before_all_who_wait_and_all_in_order_of_arrival() -> None:
    turns, order = Turns(1), list[str]()
    async with asyncio.TaskGroup() as tasks, turns.turn():
        for name in ("order 1", "order 2"):
            tasks.create_task(wait_in(turns, name, order))
        await asyncio.sleep(0)
        for name in ("cancel 1", "cancel 2"):
            tasks.create_task(wait_in(turns, name, order, urgent=True))
        await asyncio.sleep(0)
        assert (turns.waiting, order) == (4, [])
    assert order == ["cancel 1", "cancel 2", "order 1", "order 2"]


async def test_no_more_than_the_places_are_inside() -> None:
    turns, inside, most = Turns(3), 0, 0

    async def visit() -> None:
        nonlocal inside, most
        async with turns.turn():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(visit() for _ in range(20)))
    assert (most, inside, turns.waiting) == (3, 0, 0)


async def test_who_gives_up_waiting_takes_no_place_with_them() -> None:
    turns, order = Turns(1), list[str]()
    async with turns.turn():
        tasks = [asyncio.ensure_future(wait_in(turns, str(n), order)) for n in range(3)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        await asyncio.sleep(0)
    # let in and called off in the same moment
    tasks[1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert order == ["2"]
    async with asyncio.timeout(1), turns.turn():
        assert turns.waiting == 0
