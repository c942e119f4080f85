"""The desk over an account on paper: fills, restarts, and databases that go away."""

from decimal import Decimal

from engine.model.actor import Actor, Role
from engine.model.change import OrderChange
from engine.model.command import AmendOrder, CancelAll, PlaceOrder
from engine.model.event import FeeSettled, OrderFilled
from engine.model.ids import CommandId
from engine.model.order import OrderStatus, OrderTerms, OrderType, Side
from engine.model.result import CancelReport, OrderTicket
from tests.eventually import eventually, eventually_asked
from tests.integration.paper.scene import Scene, Surroundings, scene
from tests.unit.paper.scripted import BTC

OLIVIA = Actor(actor_id="tg:1001", name="Olivia", role=Role.ADMIN)
BUY = OrderTerms(symbol=BTC, side=Side.BUY, amount=Decimal("0.5"), type=OrderType.MARKET)
REST = OrderTerms(
    symbol=BTC, side=Side.BUY, amount=Decimal("0.5"), type=OrderType.LIMIT, price=Decimal(90)
)


async def placed(shown: Scene, terms: OrderTerms, wish: str = "1") -> OrderTicket:
    ticket = await shown.desk.execute(OLIVIA, PlaceOrder(terms), CommandId(wish))
    assert isinstance(ticket, OrderTicket), ticket
    return ticket


def status(shown: Scene, ticket: OrderTicket) -> OrderStatus:
    return shown.desk.floor.book.orders[ticket.order.key].status


async def fills(around: Surroundings) -> list[Decimal]:
    entries = await around.journal.read(0)
    return [e.event.fill.amount for e in entries if isinstance(e.event, OrderFilled)]


async def test_a_market_order_is_filled_and_settled() -> None:
    around = Surroundings()
    async with scene(around) as shown:
        ticket = await placed(shown, BUY)
        assert (ticket.order.status, ticket.order.average) == (OrderStatus.FILLED, Decimal(101))

        async def settled() -> bool:
            entries = await around.journal.read(0)
            return any(isinstance(entry.event, FeeSettled) for entry in entries)

        await eventually_asked(settled)
        assert await fills(around) == [Decimal("0.5")]
        await eventually(lambda: shown.total("BTC") == Decimal("1.499"))


async def test_the_stream_comes_to_a_resting_order() -> None:
    around = Surroundings()
    async with scene(around) as shown:
        ticket = await placed(shown, REST)
        assert ticket.order.status is OrderStatus.WORKING
        around.market.goes([(87, 1)], [(89, 0.2)])
        await eventually(lambda: status(shown, ticket) is OrderStatus.PARTLY_FILLED)
        around.market.goes([(87, 1)], [(89, 5)])
        await eventually(lambda: status(shown, ticket) is OrderStatus.FILLED)
        assert sum(await fills(around)) == Decimal("0.5")


async def test_after_a_restart_it_goes_on() -> None:
    around = Surroundings()
    async with scene(around) as shown:
        ticket = await placed(shown, REST)
        await placed(shown, BUY, "2")
    async with scene(around) as shown:
        assert status(shown, ticket) is OrderStatus.WORKING
        assert shown.total("BTC") == Decimal("1.499")
        changed = await shown.desk.execute(
            OLIVIA, AmendOrder(ticket.order.key, OrderChange(price=Decimal(91))), CommandId("3")
        )
        assert isinstance(changed, OrderTicket)
        assert changed.order.terms.price == 91
        around.market.goes([(87, 1)], [(91, 5)])
        await eventually(lambda: status(shown, ticket) is OrderStatus.FILLED)
    assert sorted(await fills(around)) == [Decimal("0.5")] * 2


async def test_what_was_saved_and_never_told_is_found() -> None:
    around = Surroundings()
    async with scene(around) as shown:
        ticket = await placed(shown, REST)
        around.journal.available = False
        around.market.goes([(87, 1)], [(89, 5)])
        await eventually(lambda: any("trade/" in key for key in around.store.documents))
        await eventually(lambda: not shown.open())
        around.journal.available = True
        await eventually(shown.open)
        assert status(shown, ticket) is OrderStatus.FILLED
    assert await fills(around) == [Decimal("0.5")]


async def test_what_could_not_be_saved_never_was() -> None:
    around = Surroundings()
    async with scene(around) as shown:
        ticket = await placed(shown, REST)
        around.store.available = False
        around.market.goes([(87, 1)], [(89, 5)])
        await eventually(lambda: not shown.open())
        around.market.goes([(99, 1)], [(101, 5)])
        around.store.available = True
        await eventually(shown.open)
        assert status(shown, ticket) is OrderStatus.WORKING
        assert await fills(around) == []
        around.market.goes([(87, 1)], [(89, 5)])
        await eventually(lambda: status(shown, ticket) is OrderStatus.FILLED)
    assert await fills(around) == [Decimal("0.5")]


async def test_without_a_market_nothing_is_sent() -> None:
    around = Surroundings()
    async with scene(around) as shown:
        await placed(shown, REST)
        around.market.lose()
        await eventually(lambda: not shown.facade.hears)
        around.market.answers = False
        report = await shown.desk.execute(OLIVIA, CancelAll(), CommandId("2"))
        assert isinstance(report, CancelReport)
        assert [fate.order.status for fate in report.fates] == [OrderStatus.CANCELLED]
