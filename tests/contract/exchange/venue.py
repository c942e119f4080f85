"""A venue for the ports: the orders of a test, and the strings behind the stage."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count

import aiohttp

from engine.bitfinex.auth import Secret
from engine.bitfinex.config import BitfinexConfig
from engine.model.approval import ApprovedOrder
from engine.model.ids import OrderId, OrderKey
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.report import OrderReport
from engine.ports import Exchange, MarketData
from engine.simulator.server import Simulator
from tests.unit.bitfinex.doubles import BTC, FastClock, Told, eventually

PRICE = Decimal(30000)
_cids = count(1_700_000_000_000)


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


@dataclass
class Venue:
    """The ports, what they told, and the strings behind the stage."""

    simulator: Simulator
    exchange: Exchange
    market: MarketData
    session: aiohttp.ClientSession
    told: Told = field(default_factory=Told)

    async def control(self, action: str, **fields: object) -> None:
        """Pull a string of the simulator."""
        url = f"{self.simulator.url}/control/{action}"
        async with self.session.post(url, json=fields) as answer:
            assert answer.status == 200, await answer.text()

    def reports(self, order: ApprovedOrder) -> list[OrderReport]:
        """All that was told of an order."""
        return [
            report
            for report in self.told.reports
            if isinstance(report, OrderReport) and report.cid == order.key
        ]

    def last(self, order: ApprovedOrder) -> OrderReport:
        """The last that was told of an order."""
        return self.reports(order)[-1]

    async def until(self, order: ApprovedOrder, *statuses: OrderStatus) -> OrderReport:
        """Wait for a status, and return the report that told it."""
        await eventually(lambda: bool(self.reports(order)) and self.last(order).status in statuses)
        return self.last(order)

    async def place(self, order: ApprovedOrder, *statuses: OrderStatus) -> OrderReport:
        """Submit and wait for a status."""
        await self.exchange.submit(order)
        return await self.until(order, *(statuses or (OrderStatus.WORKING,)))

    async def until_told(self, told: Callable[[Told], bool], seconds: float = 5) -> None:
        """Wait until something was told."""
        await eventually(lambda: told(self.told), seconds)
