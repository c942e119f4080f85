"""One order, from the desk to the exchange and back."""

from dataclasses import replace
from decimal import Decimal

from engine.model.command import CancelOrders, PlaceOrder
from engine.model.draft import OrderDraft
from engine.model.event import FeeSettled, OrderClosed, OrderFilled, OrderSubmitted
from engine.model.order import OrderStatus, OrderType, Side
from engine.model.query import PreviewOrder
from engine.model.result import CancelReport, OrderPreview, OrderTicket, Refused
from tests.eventually import eventually_asked
from tests.trading_house import MARKET_BUY, OLIVIA, House, trading_house


async def placed(house: House, draft: OrderDraft = MARKET_BUY) -> OrderTicket:
    seen = await house.desk.ask(OLIVIA, PreviewOrder(draft))
    assert isinstance(seen, OrderPreview), seen
    ticket = await house.desk.execute(OLIVIA, PlaceOrder(seen.terms), house.wish())
    assert isinstance(ticket, OrderTicket), ticket
    return ticket


async def test_market_order_fills_and_is_journalled_in_order() -> None:
    async with trading_house() as house:
        ticket = await placed(house)
        assert ticket.order.status is OrderStatus.FILLED

        async def settled() -> bool:
            return any(isinstance(event, FeeSettled) for event in await house.events())

        await eventually_asked(settled)
        events = await house.events()
        kinds = [type(event) for event in events]
        assert kinds.index(OrderSubmitted) < kinds.index(OrderClosed)
        fills = [event.fill for event in events if isinstance(event, OrderFilled)]
        assert sum(fill.amount for fill in fills) == Decimal("0.01")


async def test_limit_order_rests_and_is_cancelled() -> None:
    async with trading_house() as house:
        ticket = await placed(
            house, replace(MARKET_BUY, type=OrderType.LIMIT, price=Decimal(20000))
        )
        assert ticket.order.status is OrderStatus.WORKING
        report = await house.desk.execute(OLIVIA, CancelOrders((ticket.order.key,)), house.wish())
        assert isinstance(report, CancelReport)
        assert [fate.order.status for fate in report.fates] == [OrderStatus.CANCELLED]


async def test_the_same_command_makes_one_order() -> None:
    async with trading_house() as house:
        seen = await house.desk.ask(OLIVIA, PreviewOrder(MARKET_BUY))
        assert isinstance(seen, OrderPreview)
        wish = house.wish()
        first = await house.desk.execute(OLIVIA, PlaceOrder(seen.terms), wish)
        again = await house.desk.execute(OLIVIA, PlaceOrder(seen.terms), wish)
        assert isinstance(first, OrderTicket)
        assert isinstance(again, OrderTicket)
        assert again.repeated
        assert again.order.key == first.order.key


async def test_exchange_refusal_reaches_the_ticket() -> None:
    async with trading_house() as house:
        seen = await house.desk.ask(
            OLIVIA,
            PreviewOrder(
                replace(MARKET_BUY, side=Side.SELL, type=OrderType.LIMIT, price=Decimal(40000))
            ),
        )
        assert isinstance(seen, OrderPreview)
        await house.control("balance", currency="BTC", wallet="exchange", amount="0")
        ticket = await house.desk.execute(OLIVIA, PlaceOrder(seen.terms), house.wish())
        assert isinstance(ticket, OrderTicket | Refused)
