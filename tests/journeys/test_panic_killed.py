"""SIGKILL in the middle of a panic: it goes on after the restart, and nothing is sent twice."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.journeys.crossing import Crossing, crossing
from tests.journeys.people import Person
from tests.journeys.test_panic import left_at, much, never_twice
from tests.stage import OLIVIA, Message
from tests.strait import Way
from tests.zygote import Zygote

Point = Callable[[Crossing, Message], Awaitable[None]]

CALLED = "SELECT 1 FROM journal WHERE kind = 'PanicCalled'"
ASKED = "SELECT 1 FROM journal WHERE kind = 'CancelRequested'"
SENT = "SELECT 1 FROM orders WHERE command_id LIKE 'panic:%'"
SETTLED = "SELECT 1 FROM journal WHERE kind = 'PanicLegSettled'"


@pytest.fixture
async def house(database_url: str, tmp_path: Path, zygote: Zygote) -> AsyncIterator[Crossing]:
    async with crossing(database_url, tmp_path, zygote) as house:
        yield house


async def press(house: Crossing, card: Message) -> None:
    await house.stage.tap(card, "PANIC", wait=0.0)


async def as_soon_as_it_is_called(house: Crossing, card: Message) -> None:
    house.exchange.hold(Way.OUT)
    await press(house, card)
    await house.exists(CALLED)


async def with_cancels_on_the_wire(house: Crossing, card: Message) -> None:
    house.exchange.hold(Way.OUT)
    await press(house, card)
    await house.exists(ASKED)
    await house.exchange.holding(Way.OUT)


async def with_closing_orders_on_the_wire(house: Crossing, card: Message) -> None:
    house.exchange.hold(Way.OUT)
    await press(house, card)
    await house.exists(SENT)


async def with_orders_arrived_but_unanswered(house: Crossing, card: Message) -> None:
    house.exchange.hold(Way.IN)
    await press(house, card)
    await house.exists(SENT)


async def after_the_first_leg(house: Crossing, card: Message) -> None:
    house.telegram.hold(Way.OUT)
    await press(house, card)
    await house.exists(SETTLED)


POINTS: tuple[Point, ...] = (
    as_soon_as_it_is_called,
    with_cancels_on_the_wire,
    with_closing_orders_on_the_wire,
    with_orders_arrived_but_unanswered,
    after_the_first_leg,
)


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.__name__)
async def test_it_goes_on_where_it_stood(house: Crossing, point: Point) -> None:
    olivia = Person(house.stage, OLIVIA)
    await much(olivia)
    card = await olivia.asks("/panic", "Cancel 4 open orders", "Close 2 positions")
    await point(house, card)
    await house.kill()
    await house.start()
    await house.exists("SELECT 1 FROM journal WHERE kind = 'PanicEnded'")
    await olivia.sees(card, "Over. No margin position is open")
    assert await left_at(house.stage) == ([], [])
    await never_twice(house.stage)
    await olivia.asks("/status", "Trading is paused")
