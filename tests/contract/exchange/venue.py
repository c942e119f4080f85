"""Accounts for the ports: the orders of a test, and the strings behind the stage."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count

import aiohttp
import pytest

from engine.bitfinex.auth import Secret
from engine.bitfinex.config import BitfinexConfig
from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.limits import TokenBucket
from engine.bitfinex.market import BitfinexMarketData
from engine.clock import SystemClock
from engine.model.account import Wallet
from engine.model.approval import ApprovedOrder
from engine.model.ids import OrderId, OrderKey
from engine.model.money import of_market, round_price
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.report import LinkUp, OrderReport
from engine.model.symbol import Symbol
from engine.ports import Exchange
from engine.record_ports import OrderRequests, Records
from engine.simulator.server import Simulator
from tests.unit.bitfinex.doubles import BTC, FastClock, Told, background, eventually

PRICE = Decimal(30000)
PAPER = Symbol("tTESTBTC:TESTUSD")
# every test connects anew: fewer times than the exchange allows (1.4)
_paper_connects = TokenBucket(SystemClock(), 12, 1)
_cids = count(int(SystemClock().now().timestamp() * 1000))


def config_of(
    simulator: Simulator, key: str = "demo-key", secret: str = "demo-secret"
) -> BitfinexConfig:
    return BitfinexConfig(
        api_key=key,
        api_secret=Secret(secret),
        ws_api_key=key,
        ws_api_secret=Secret(secret),
        rest_url=simulator.rest_url,
        public_rest_url=simulator.rest_url,
        ws_auth_url=simulator.ws_url,
        ws_public_url=simulator.ws_url,
    )


def paper_config(key: str, secret: str) -> BitfinexConfig:
    """The exchange itself."""
    return BitfinexConfig(
        api_key=key,
        api_secret=Secret(secret),
        ws_api_key=key,
        ws_api_secret=Secret(secret),
        rest_url="https://api.bitfinex.com/v2",
        public_rest_url="https://api-pub.bitfinex.com/v2",
        ws_auth_url="wss://api.bitfinex.com/ws/2",
        ws_public_url="wss://api-pub.bitfinex.com/ws/2",
    )


def fresh_cid() -> OrderKey:
    """A cid that no other test has used, nor an earlier run within the day."""
    return OrderKey(next(_cids))


def approved(
    kind: OrderType, side: Side = Side.BUY, amount: str = "0.1", **more: object
) -> ApprovedOrder:
    """An order with a fresh cid."""
    values: dict[str, object] = {"symbol": BTC} | more
    terms = OrderTerms(type=kind, side=side, amount=Decimal(amount), **values)  # type: ignore[arg-type]  # a test's shorthand
    return ApprovedOrder(key=OrderKey(next(_cids)), terms=terms)


def resting(price: int = 25000, amount: str = "0.1") -> ApprovedOrder:
    """A limit buy far below the market."""
    return approved(OrderType.LIMIT, amount=amount, price=Decimal(price))


def order_of(report: OrderReport, *, with_id: bool = True) -> Order:
    """A reported order as the book would hold it."""
    assert report.cid is not None
    return Order(
        key=OrderKey(report.cid),
        terms=report.terms,
        status=report.status,
        remaining=report.remaining,
        created_at=report.created_at,
        updated_at=report.updated_at,
        order_id=report.order_id if with_id else None,
    )


def unknown_order(order_id: int) -> Order:
    """An order the exchange has never had."""
    clock = FastClock()
    return Order(
        key=OrderKey(next(_cids)),
        terms=resting().terms,
        status=OrderStatus.WORKING,
        remaining=Decimal("0.1"),
        created_at=clock.now(),
        updated_at=clock.now(),
        order_id=OrderId(order_id),
    )


@dataclass(kw_only=True)
class Account:
    """One account somewhere: its ports, what they told, and terms that do no harm there."""

    exchange: Exchange
    market: BitfinexMarketData
    records: Records
    requests: OrderRequests
    symbol: Symbol = BTC
    size: Decimal = Decimal("0.01")
    patience: float = 5
    wallets: tuple[Wallet, ...] = (Wallet.EXCHANGE, Wallet.MARGIN)
    told: Told = field(default_factory=Told)

    async def price(self, share: str) -> Decimal:
        """A price at this share of the last one: `0.5` is far below the market."""
        last = of_market((await self.market.ticker(self.symbol)).last)
        return round_price(last * Decimal(share))

    def order(
        self, kind: OrderType, side: Side = Side.BUY, partner: int | None = None, **more: object
    ) -> ApprovedOrder:
        """A small order with a fresh cid."""
        values: dict[str, object] = {"symbol": self.symbol, "amount": self.size} | more
        terms = OrderTerms(type=kind, side=side, **values)  # type: ignore[arg-type]  # a test's shorthand
        key = None if partner is None else OrderKey(partner)
        return ApprovedOrder(key=fresh_cid(), terms=terms, partner=key)

    async def far(self, side: Side = Side.BUY, **more: object) -> ApprovedOrder:
        """A limit order far from the market."""
        price = await self.price("0.5" if side is Side.BUY else "2")
        return self.order(OrderType.LIMIT, side, None, price=price, **more)

    def reports(self, order: ApprovedOrder) -> list[OrderReport]:
        """All that was told of an order."""
        return self.of_cid(order.key)

    def of_cid(self, cid: int) -> list[OrderReport]:
        """All that was told under a cid."""
        orders = (report for report in self.told.reports if isinstance(report, OrderReport))
        return [report for report in orders if report.cid == cid]

    def last(self, order: ApprovedOrder) -> OrderReport:
        """The last that was told of an order."""
        return self.reports(order)[-1]

    async def until(self, order: ApprovedOrder, *statuses: OrderStatus) -> OrderReport:
        """Wait for a status, and return the report that told it."""
        await eventually(
            lambda: bool(self.reports(order)) and self.last(order).status in statuses,
            self.patience,
        )
        return self.last(order)

    async def place(self, order: ApprovedOrder, *statuses: OrderStatus) -> OrderReport:
        """Submit and wait for a status."""
        await self.exchange.submit(order)
        return await self.until(order, *(statuses or (OrderStatus.WORKING,)))

    async def until_told(self, told: Callable[[Told], bool], seconds: float | None = None) -> None:
        """Wait until something was told."""
        await eventually(lambda: told(self.told), seconds or self.patience)

    async def sweep(self) -> None:
        """Leave no order of this symbol behind."""
        left = await self.records.active_orders(self.symbol)
        if left:
            await self.requests.cancel([order_of(report) for report in left])


@dataclass(kw_only=True)
class Venue(Account):
    """An account at the simulator, and the strings behind the stage."""

    simulator: Simulator
    session: aiohttp.ClientSession

    async def control(self, action: str, **fields: object) -> None:
        """Pull a string of the simulator."""
        url = f"{self.simulator.url}/control/{action}"
        async with self.session.post(url, json=fields) as answer:
            assert answer.status == 200, await answer.text()


@asynccontextmanager
async def simulated(simulator: Simulator) -> AsyncIterator[Venue]:
    """Both ports connected to a simulator whose price stands at 30,000."""
    config, clock = config_of(simulator), FastClock(20)
    async with (
        BitfinexExchange(config, clock=clock, chance=random.Random(3)) as exchange,
        BitfinexMarketData(config, clock=clock, chance=random.Random(3)) as market,
        aiohttp.ClientSession() as session,
    ):
        found = Venue(
            simulator=simulator,
            exchange=exchange,
            market=market,
            records=exchange.records,
            requests=exchange.requests,
            session=session,
        )
        await found.control("price", symbol=BTC, price=30000)
        async with (
            background(exchange.run(found.told.absorb)),
            background(market.run(found.told.hear)),
        ):
            await found.until_told(lambda told: told.count(LinkUp) == 1)
            yield found


@asynccontextmanager
async def on_paper(key: str, secret: str) -> AsyncIterator[Account]:
    """A Bitfinex paper-trading account; every order it is left with is cancelled."""
    config, clock = paper_config(key, secret), SystemClock()
    await _paper_connects.take()
    async with (
        BitfinexExchange(config, clock=clock, chance=random.Random()) as exchange,
        BitfinexMarketData(config, clock=clock, chance=random.Random()) as market,
    ):
        found = Account(
            exchange=exchange,
            market=market,
            records=exchange.records,
            requests=exchange.requests,
            symbol=PAPER,
            size=Decimal("0.001"),
            patience=20,
            wallets=(Wallet.EXCHANGE,),
        )
        held = {wallet.currency for wallet in await found.records.wallets()}
        if "TESTUSD" not in held:
            pytest.fail("GENESIS_PAPER_KEY is not the key of a paper-trading account.")
        async with background(exchange.run(found.told.absorb)):
            await found.until_told(lambda told: told.count(LinkUp) == 1)
            try:
                yield found
            finally:
                await found.sweep()
