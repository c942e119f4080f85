"""The same moments with real processes: the service is killed, or its database, and comes back."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from tests.eventually import eventually_asked
from tests.journeys.crossing import Crossing, crossing
from tests.postmaster import MortalServer
from tests.stage import Json, Message
from tests.strait import Way
from tests.zygote import Zygote

Point = Callable[[Crossing, Message], Awaitable[None]]
Interruption = Callable[[Crossing, MortalServer], Awaitable[None]]

FINAL: Mapping[str, str] = {
    "ACTIVE": "working",
    "PARTIALLY FILLED": "partly filled",
    "EXECUTED": "filled",
    "CANCELED": "cancelled",
}
PENDING = "SELECT 1 FROM orders WHERE status = 'pending'"
WORKING = "SELECT 1 FROM orders WHERE status = 'working'"
PARTLY = "SELECT 1 FROM orders WHERE status = 'partly filled'"
TAKING, RESTING = "/buy tBTCUSD 0.02", "/buy tBTCUSD 0.02 limit 20000"
BRACKET = "/bracket buy tBTCUSD 0.02 sl 29000 tp 33000"


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    with Zygote() as zygote:
        yield zygote


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MortalServer]:
    server = MortalServer(tmp_path_factory.mktemp("processes"))
    await server.start()
    yield server
    await server.stop()


async def press(house: Crossing, card: Message) -> None:
    await house.stage.tap(card, "Confirm buy", wait=0.0)


async def before_send(house: Crossing, card: Message) -> None:
    """Journalled; what says so to the service is held."""
    house.database.hold(Way.IN)
    await press(house, card)
    await house.database.holding(Way.IN)


async def sent(house: Crossing, card: Message) -> None:
    house.exchange.hold(Way.OUT)
    await press(house, card)
    await house.exists(PENDING)
    await house.exchange.holding(Way.OUT)


async def unanswered(house: Crossing, card: Message) -> None:
    house.exchange.hold(Way.IN)
    await press(house, card)
    await at_exchange(house, lambda state: len(_all(state)) == 1)


async def working(house: Crossing, card: Message) -> None:
    await press(house, card)
    await house.exists(WORKING)


async def partly_filled(house: Crossing, card: Message) -> None:
    await working(house, card)
    await house.stage.control("price", symbol="tBTCUSD", price="20000", volume=0.008)
    await house.exists(PARTLY)


async def cancelling(house: Crossing, card: Message) -> None:
    await press(house, card)
    shown = await house.stage.becomes(card, "Working")
    await house.stage.tap(shown, "Cancel order")
    asked = await house.stage.hears("Cancel this order?", after=card.id)
    house.exchange.hold(Way.IN)
    await house.stage.tap(asked, "Cancel order", wait=0.0)
    await at_exchange(house, lambda state: not state["orders"])


async def exits(house: Crossing, card: Message) -> None:
    house.exchange.hold(Way.IN)
    await press(house, card)
    await at_exchange(house, lambda state: len(_all(state)) == 1)
    house.exchange.release()
    await at_exchange(house, lambda state: len(_all(state)) == 3)


async def service_killed(house: Crossing, server: MortalServer) -> None:
    await house.kill()
    await house.start()


async def database_killed(house: Crossing, server: MortalServer) -> None:
    house.eye.terminate()
    await server.kill()
    for way in (house.exchange, house.database):
        way.release()
    await server.revive()
    house.eye = await asyncpg.connect(house.stage.environ["DATABASE_URL"].replace("+asyncpg", ""))


CASES: tuple[tuple[str, Point, Interruption, tuple[str, ...]], ...] = (
    (RESTING, partly_filled, service_killed, ("Bought", "is filled")),
    (RESTING, cancelling, service_killed, ("Cancelled",)),
    (BRACKET, exits, service_killed, ("Bought 0.02 BTC",)),
    (TAKING, before_send, database_killed, ("0.02 BTC",)),
    (TAKING, sent, database_killed, ("Bought 0.02 BTC",)),
    (TAKING, unanswered, database_killed, ("Bought 0.02 BTC",)),
    (RESTING, working, database_killed, ("Bought 0.02 BTC",)),
    (RESTING, partly_filled, database_killed, ("Bought", "is filled")),
    (RESTING, cancelling, database_killed, ("Cancelled",)),
    (BRACKET, exits, database_killed, ("Bought 0.02 BTC",)),
)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("line", "point", "interruption", "words"),
    CASES,
    ids=[f"{point.__name__}-{what.__name__}" for _, point, what, _ in CASES],
)
async def test_processes_agree(
    server: MortalServer,
    zygote: Zygote,
    tmp_path: Path,
    line: str,
    point: Point,
    interruption: Interruption,
    words: tuple[str, ...],
) -> None:
    (url,) = await server.databases(1)
    async with crossing(
        url.replace("postgresql://", "postgresql+asyncpg://"), tmp_path, zygote
    ) as house:
        card = await house.stage.asks(line, "Buy 0.02 BTC")
        await point(house, card)
        await interruption(house, server)
        if point in (working, partly_filled):
            await house.stage.control("price", symbol="tBTCUSD", price="19900")
        await house.stage.hears(*words, after=card.id - 1)
        await agrees(house, 3 if line == BRACKET else 1)


async def agrees(house: Crossing, orders: int) -> None:
    """Orders, trades and fees are the exchange's; each is there once."""
    seen: list[str] = []

    async def same() -> bool:
        seen[:] = await differences(house, orders)
        return not seen

    try:
        await eventually_asked(same, patience=25.0)
    except AssertionError:
        raise AssertionError("\n".join(seen)) from None


async def differences(house: Crossing, orders: int) -> list[str]:
    """What the exchange says and what was kept, where these are not the same."""
    state = await house.stage.exchange()
    kept = await house.eye.fetch("SELECT order_id, status FROM orders")
    fills = await house.eye.fetch("SELECT trade_id, fee FROM fills")
    told = await house.eye.fetch("SELECT 1 FROM journal WHERE kind = 'OrderFilled'")
    there = {row[0]: FINAL.get(str(row[13]).split(" @")[0]) for row in _all(state)}
    trades = {row[0]: row[9] for row in _rows(state, "trades")}
    pairs: tuple[tuple[object, object], ...] = (
        (there, {row["order_id"]: row["status"] for row in kept}),
        (orders, len(there)),
        (trades.keys(), {row["trade_id"] for row in fills}),
        ([], [row["trade_id"] for row in fills if row["fee"] is None]),
        (len(trades), len(told)),
    )
    return [f"{want} is not {got}" for want, got in pairs if want != got]


async def at_exchange(house: Crossing, look: Callable[[Json], bool]) -> None:
    async def there() -> bool:
        return look(await house.stage.exchange())

    await eventually_asked(there)


def _all(state: Json) -> list[list[object]]:
    return [*_rows(state, "orders"), *_rows(state, "history")]


def _rows(state: Json, name: str) -> list[list[object]]:
    rows = state[name]
    assert isinstance(rows, list)
    return rows
