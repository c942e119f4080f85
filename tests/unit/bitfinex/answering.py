"""A host on a loopback port that answers by what it is asked, and clients at its door."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from aiohttp import web

from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.market import BitfinexMarketData
from engine.model.approval import ApprovedOrder
from engine.model.ids import OrderId, OrderKey
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from tests.unit.bitfinex.doubles import BTC, FastClock, config

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CREATED = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
LOST = (0, None)

Fields = dict[str, object]
Answer = tuple[int, object]


class Questions:
    """What the host was asked: paths and fields, in order."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Fields]] = []
        self.keys: list[str] = []

    @property
    def paths(self) -> list[str]:
        """The paths alone."""
        return [path for path, _ in self.asked]

    @property
    def last(self) -> Fields:
        """The fields of the last question."""
        return self.asked[-1][1]


@asynccontextmanager
async def answering(
    answer: Callable[[str, Fields], Answer],
) -> AsyncIterator[tuple[str, Questions]]:
    """`answer` gets the path after `/v2/` and the body or query; `LOST` hangs up instead."""
    questions = Questions()

    async def handle(request: web.Request) -> web.Response:
        body = await request.read()
        fields = json.loads(body) if body else dict(request.query)
        path = request.path.removeprefix("/v2/")
        questions.asked.append((path, fields))
        questions.keys.append(request.headers.get("bfx-apikey", ""))
        status, content = answer(path, fields)
        if status == 0:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        text = content if isinstance(content, str) else json.dumps(content)
        return web.Response(status=status, text=text, content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v2", questions
    finally:
        await runner.cleanup()
        await asyncio.sleep(0)


@asynccontextmanager
async def exchange_of(
    answer: Callable[[str, Fields], Answer],
) -> AsyncIterator[tuple[BitfinexExchange, Questions]]:
    """A client whose private host answers like this; its socket leads nowhere."""
    async with (
        answering(answer) as (url, questions),
        BitfinexExchange(config(rest=url), clock=FastClock(), chance=random.Random(1)) as found,
    ):
        yield found, questions


@asynccontextmanager
async def market_of(
    answer: Callable[[str, Fields], Answer],
) -> AsyncIterator[tuple[BitfinexMarketData, Questions]]:
    """A public client whose host answers like this."""
    async with (
        answering(answer) as (url, questions),
        BitfinexMarketData(config(rest=url), clock=FastClock(), chance=random.Random(1)) as found,
    ):
        yield found, questions


def always(status: int, content: object) -> Callable[[str, Fields], Answer]:
    """The same answer to everything."""
    return lambda path, fields: (status, content)


def terms_of(kind: OrderType = OrderType.LIMIT, **more: object) -> OrderTerms:
    """Terms with what a test does not care about filled in."""
    values: dict[str, object] = {
        "symbol": BTC,
        "side": Side.BUY,
        "amount": Decimal("0.5"),
        "price": Decimal(30000) if kind is OrderType.LIMIT else None,
    }
    return OrderTerms(type=kind, **(values | more))  # type: ignore[arg-type]  # a test's shorthand


def approved_of(
    terms: OrderTerms | None = None, key: int = 1700000000001, partner: int | None = None
) -> ApprovedOrder:
    """An order that risk let pass."""
    return ApprovedOrder(
        key=OrderKey(key),
        terms=terms or terms_of(),
        partner=None if partner is None else OrderKey(partner),
    )


def order_in_book(
    terms: OrderTerms | None = None,
    order_id: int | None = 118,
    key: int = 1700000000001,
    **more: object,
) -> Order:
    """An open order."""
    wanted = terms or terms_of()
    values: dict[str, object] = {"remaining": wanted.amount, "status": OrderStatus.WORKING} | more
    return Order(
        key=OrderKey(key),
        terms=wanted,
        created_at=CREATED,
        updated_at=CREATED,
        order_id=None if order_id is None else OrderId(order_id),
        **values,  # type: ignore[arg-type]  # a test's shorthand
    )


def order_row(order_id: int, cid: int | None = None, **fields: object) -> list[object]:
    """A row of 32 fields; `fields` by their names in the facts sheet, 5.1."""
    places = {
        "gid": 1, "symbol": 3, "created": 4, "updated": 5, "amount": 6, "orig": 7, "type": 8,
        "type_prev": 9, "tif": 10, "flags": 12, "status": 13, "price": 16, "avg": 17,
        "trailing": 18, "aux": 19, "hidden": 24, "placed": 25, "meta": 31,
    }  # fmt: skip
    row: list[object] = [None] * 32
    plain: dict[str, object] = {
        "symbol": "tBTCUSD", "created": 1_700_000_000_100, "updated": 1_700_000_000_110,
        "amount": 0.5, "orig": 0.5, "type": "EXCHANGE LIMIT", "flags": 0, "status": "ACTIVE",
        "price": 30000, "avg": 0, "trailing": 0, "aux": 0, "hidden": 0,
    }  # fmt: skip
    row[0], row[2], row[28] = order_id, cid, "API>BFX"
    for name, value in (plain | fields).items():
        row[places[name]] = value
    return row


def notification(
    kind: str, data: object, status: str = "SUCCESS", words: str = "words"
) -> list[object]:
    """A notification of 8 fields (5.5)."""
    return [1_700_000_000, kind, None, None, data, None, status, words]


def at(mts: int) -> datetime:
    """A time by the exchange's clock."""
    return EPOCH + timedelta(milliseconds=mts)
