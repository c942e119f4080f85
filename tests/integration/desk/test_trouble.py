"""What the desk does when the exchange, the link or the operator says no."""

from dataclasses import replace
from decimal import Decimal

import aiohttp
import pytest

from engine.memory_journal import MemoryJournal
from engine.model.account import Wallet
from engine.model.command import CancelAll, Decline, PauseTrading, PlaceOrder, ResumeTrading
from engine.model.draft import PartSize, QuoteSize
from engine.model.errors import InvalidInput, NotAllowed, UnknownSymbol
from engine.model.event import ExchangeReconciled, OrderFound, OrderSubmitted
from engine.model.order import OrderStatus, OrderType, Side
from engine.model.query import PreviewClose, PreviewOrder, ShowBalances, ShowOrders, ShowPositions
from engine.model.result import CancelReport, Declined, OrderPreview, OrderTicket, Refused
from engine.simulator.server import running
from tests.eventually import eventually
from tests.integration.desk.test_one_order import placed
from tests.trading_house import CALM, MARKET_BUY, OLIVIA, VERA, desk_at, trading_house

RESTING = replace(MARKET_BUY, type=OrderType.LIMIT, price=Decimal(20000))


async def test_a_viewer_may_look_but_not_trade() -> None:
    async with trading_house() as house:
        assert (await house.desk.ask(VERA, ShowOrders())).orders == ()
        with pytest.raises(NotAllowed, match="trader"):
            await house.desk.ask(VERA, PreviewOrder(MARKET_BUY))


async def test_unknown_symbols_name_the_nearest() -> None:
    async with trading_house() as house:
        with pytest.raises(UnknownSymbol, match="tBTCUSD"):
            await house.desk.ask(OLIVIA, PreviewOrder(replace(MARKET_BUY, symbol="tBTCUDS")))


async def test_pause_stops_buying_but_not_selling_and_survives_a_restart() -> None:
    async with running(CALM) as simulator, aiohttp.ClientSession() as http:
        journal = MemoryJournal()
        async with desk_at(simulator, journal, http) as house:
            await house.desk.execute(OLIVIA, PauseTrading("news"), house.wish())
        async with desk_at(simulator, journal, http) as house:
            refused = await house.desk.ask(OLIVIA, PreviewOrder(MARKET_BUY))
            assert isinstance(refused, Refused)
            assert refused.reasons[0].code == "trading_paused"
            assert "news" in refused.reasons[0].sentence
            selling = await house.desk.ask(
                OLIVIA, PreviewOrder(replace(MARKET_BUY, side=Side.SELL))
            )
            assert isinstance(selling, OrderPreview)
            house.wishes = 10
            await house.desk.execute(OLIVIA, ResumeTrading(), house.wish())
            assert isinstance(await house.desk.ask(OLIVIA, PreviewOrder(MARKET_BUY)), OrderPreview)


async def test_pausing_between_card_and_press_refuses_for_good() -> None:
    async with trading_house() as house:
        seen = await house.desk.ask(OLIVIA, PreviewOrder(MARKET_BUY))
        assert isinstance(seen, OrderPreview)
        await house.desk.execute(OLIVIA, PauseTrading(), house.wish())
        wish = house.wish()
        refused = await house.desk.execute(OLIVIA, PlaceOrder(seen.terms), wish)
        assert isinstance(refused, Refused)
        await house.desk.execute(OLIVIA, ResumeTrading(), house.wish())
        again = await house.desk.execute(OLIVIA, PlaceOrder(seen.terms), wish)
        assert isinstance(again, Refused)
        assert (await house.state())["history"] == []


async def test_declined_wishes_are_never_carried_out() -> None:
    async with trading_house() as house:
        seen = await house.desk.ask(OLIVIA, PreviewOrder(MARKET_BUY))
        assert isinstance(seen, OrderPreview)
        wish = house.wish()
        assert isinstance(await house.desk.execute(OLIVIA, Decline("no"), wish), Declined)
        assert isinstance(await house.desk.execute(OLIVIA, PlaceOrder(seen.terms), wish), Refused)
        assert (await house.state())["history"] == []


async def test_sizes_in_quote_and_in_parts() -> None:
    async with trading_house() as house:
        for size in (QuoteSize(Decimal(250), "USD"), PartSize(Decimal(25))):
            seen = await house.desk.ask(OLIVIA, PreviewOrder(replace(MARKET_BUY, size=size)))
            assert isinstance(seen, OrderPreview)
            wanted = Decimal(250) if isinstance(size, QuoteSize) else Decimal(25_000)
            assert abs(seen.cost - wanted) < wanted / 100
        wrong = replace(MARKET_BUY, symbol="tETHBTC", size=QuoteSize(Decimal(250), "USD"))
        with pytest.raises(InvalidInput, match="priced in BTC"):
            await house.desk.ask(OLIVIA, PreviewOrder(wrong))


async def test_a_margin_position_opens_and_closes() -> None:
    async with trading_house() as house:
        opened = await placed(house, replace(MARKET_BUY, wallet=Wallet.MARGIN))
        assert opened.order.status is OrderStatus.FILLED
        await eventually(lambda: house.desk.floor.book.positions)
        held = await house.desk.ask(OLIVIA, ShowPositions())
        assert [h.position.amount for h in held.holdings] == [Decimal("0.01")]
        seen = await house.desk.ask(OLIVIA, PreviewClose("tBTCUSD"))
        assert isinstance(seen, OrderPreview)
        assert seen.terms.reduce_only
        closed = await house.desk.execute(OLIVIA, PlaceOrder(seen.terms), house.wish())
        assert isinstance(closed, OrderTicket)
        await eventually(lambda: not house.desk.floor.book.positions)


async def test_cancel_all_reports_each_fate() -> None:
    async with trading_house() as house:
        for _ in range(3):
            await placed(house, RESTING)
        report = await house.desk.execute(OLIVIA, CancelAll(), house.wish())
        assert isinstance(report, CancelReport)
        assert [fate.order.status for fate in report.fates] == [OrderStatus.CANCELLED] * 3


async def test_what_happened_while_the_link_was_down_is_found() -> None:
    async with trading_house() as house:
        ticket = await placed(house, RESTING)
        await house.control("drop")
        await house.control("price", symbol="tBTCUSD", price="19900")

        def filled() -> bool:
            order = house.desk.known(ticket.order.key)
            return order is not None and order.status is OrderStatus.FILLED and house.open()

        await eventually(filled)
        events = await house.events()
        assert sum(isinstance(event, OrderSubmitted) for event in events) == 1
        assert sum(isinstance(event, ExchangeReconciled) for event in events) == 2


async def test_orders_made_elsewhere_are_found() -> None:
    async with running(CALM) as simulator, aiohttp.ClientSession() as http:
        async with desk_at(simulator, MemoryJournal(), http) as first:
            await placed(first, RESTING)
        async with desk_at(simulator, MemoryJournal(), http) as second:
            found = [e for e in await second.events() if isinstance(e, OrderFound)]
            assert len(found) == 1
            assert len((await second.desk.ask(OLIVIA, ShowOrders())).orders) == 1


async def test_balances_are_valued() -> None:
    async with trading_house() as house:
        purses = await house.desk.ask(OLIVIA, ShowBalances())
        held = {p.balance.currency: p for p in purses.purses if p.balance.wallet == "exchange"}
        assert held["USD"].worth == held["USD"].balance.total
        assert (held["BTC"].worth or 0) > 10_000
