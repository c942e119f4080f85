"""SIGKILL at every step between press and fill: exactly one order, and the operator is told."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.eventually import eventually_asked
from tests.journeys.crossing import Crossing, crossing
from tests.stage import Message
from tests.strait import Way
from tests.zygote import Zygote

Point = Callable[[Crossing, Message], Awaitable[None]]

SYMBOL = 3
SUBMITTED = "SELECT 1 FROM orders WHERE status = 'pending' AND symbol = 'tBTCUSD'"
FILLED = "SELECT 1 FROM orders WHERE status = 'filled' AND symbol = 'tBTCUSD'"
PAID = "SELECT 1 FROM fills WHERE fee IS NOT NULL"
IN_INBOX = "SELECT 1 FROM inbox WHERE done_at IS NULL"


@pytest.fixture
async def house(database_url: str, tmp_path: Path, zygote: Zygote) -> AsyncIterator[Crossing]:
    async with crossing(database_url, tmp_path, zygote) as house:
        yield house


async def press(house: Crossing, card: Message) -> None:
    await house.stage.tap(card, "Confirm buy", wait=0.0)


async def before_the_press_is_fetched(house: Crossing, card: Message) -> None:
    house.telegram.hold(Way.IN)
    await press(house, card)
    await house.telegram.holding(Way.IN)


async def after_the_press_is_stored(house: Crossing, card: Message) -> None:
    async with house.eye.transaction():
        await house.eye.execute("LOCK TABLE journal IN EXCLUSIVE MODE")
        await press(house, card)
        await house.exists(IN_INBOX)
        await waits_for_the_journal(house)
        await house.kill()


async def after_the_commit_before_the_wire(house: Crossing, card: Message) -> None:
    # Another order first: the statement must be known, or its preparation would be held instead.
    other = await house.stage.asks("/buy tETHUSD 0.1", "Buy 0.1 ETH")
    await press(house, other)
    await house.stage.becomes(other, "Filled")
    await house.exists(PAID)
    async with house.eye.transaction():
        await house.eye.execute("LOCK TABLE journal IN EXCLUSIVE MODE")
        await press(house, card)
        await waits_for_the_journal(house)
        house.database.hold(Way.IN)
    await house.exists(SUBMITTED)


async def on_the_wire(house: Crossing, card: Message) -> None:
    house.exchange.hold(Way.OUT)
    await press(house, card)
    await house.exists(SUBMITTED)
    await house.exchange.holding(Way.OUT)


async def arrived_but_unanswered(house: Crossing, card: Message) -> None:
    house.exchange.hold(Way.IN)
    await press(house, card)

    async def traded() -> bool:
        return orders_at(await house.stage.exchange()) == 1

    await eventually_asked(traded)


async def filled_but_untold(house: Crossing, card: Message) -> None:
    house.exchange.hold(Way.IN)
    await press(house, card)
    await house.exists(SUBMITTED)
    house.telegram.hold(Way.OUT)
    house.exchange.release()
    await house.exists(FILLED)


async def waits_for_the_journal(house: Crossing) -> None:
    await house.exists(
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
        "AND datname = current_database()"
    )


def orders_at(state: object) -> int:
    assert isinstance(state, dict)
    rows = [*state["orders"], *state["history"]]
    return sum(row[SYMBOL] == "tBTCUSD" for row in rows)


POINTS: tuple[Point, ...] = (
    before_the_press_is_fetched,
    after_the_press_is_stored,
    after_the_commit_before_the_wire,
    on_the_wire,
    arrived_but_unanswered,
    filled_but_untold,
)


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.__name__)
async def test_one_order_and_its_fate_told(house: Crossing, point: Point) -> None:
    card = await house.stage.asks("/buy tBTCUSD 0.01", "Buy 0.01 BTC")
    await point(house, card)
    if house.service is not None:
        await house.kill()
    await house.start()
    await house.stage.becomes(card, "Filled")
    await house.stage.hears("Bought 0.01 BTC", after=card.id)
    state = await house.stage.exchange()
    assert orders_at(state) == 1, json.dumps(state)
    rows = await house.eye.fetch("SELECT status FROM orders WHERE symbol = 'tBTCUSD'")
    assert [row["status"] for row in rows] == ["filled"]


async def test_a_fill_while_we_were_dead_is_told(house: Crossing) -> None:
    card = await house.stage.asks("/buy tBTCUSD 0.01 limit 20000", "limit 20,000")
    await press(house, card)
    await house.stage.becomes(card, "Working")
    await house.kill()
    await house.stage.control("price", symbol="tBTCUSD", price="19900")
    await house.start()
    await house.stage.hears("Bought 0.01 BTC", after=card.id)
    assert orders_at(await house.stage.exchange()) == 1
