"""Brackets over the real client, at the simulated exchange."""

from dataclasses import replace
from decimal import Decimal

import aiohttp
import pytest

from engine.brackets.plan import EXIT_LOST, POSITION_GONE
from engine.memory_journal import MemoryJournal
from engine.model.account import Wallet
from engine.model.bracket import Bracket, BracketStatus
from engine.model.command import CancelAll, PlaceBracket, PlaceOrder, RenewBracket
from engine.model.draft import BracketDraft, OrderDraft
from engine.model.event import BracketEvent, BracketExposed
from engine.model.order import Order, OrderStatus, OrderType, Side
from engine.model.query import PreviewBracket, PreviewClose
from engine.model.result import BracketPreview, BracketTicket, Done, OrderPreview, OrderTicket
from engine.simulator.server import running
from tests.eventually import eventually, eventually_asked
from tests.trading_house import CALM, MARKET_BUY, OLIVIA, House, desk_at, trading_house

RESTING = replace(MARKET_BUY, type=OrderType.LIMIT, price=Decimal(29000))


ON_MARGIN = replace(MARKET_BUY, wallet=Wallet.MARGIN)


def draft(entry: OrderDraft = RESTING, stop: str = "28000", take: str = "35000") -> BracketDraft:
    return BracketDraft(entry=entry, stop_loss=Decimal(stop), take_profit=Decimal(take))


async def opened(house: House, wanted: BracketDraft) -> BracketTicket:
    seen = await house.desk.ask(OLIVIA, PreviewBracket(wanted))
    assert isinstance(seen, BracketPreview), seen
    ticket = await house.desk.execute(OLIVIA, PlaceBracket(seen.terms), house.wish())
    assert isinstance(ticket, BracketTicket), ticket
    return ticket


def exits(house: House) -> list[Order]:
    """Exits at work, as the book knows them."""
    orders = house.desk.floor.book.orders.values()
    return [o for o in orders if o.bracket is not None and o.status.is_open]


async def guarded(house: House, legs: int = 2) -> Bracket:
    """Once all that is held is guarded."""

    def whole() -> Bracket | None:
        bracket = next(iter(house.desk.floor.book.brackets.values()), None)
        if bracket is None or bracket.status is not BracketStatus.GUARDED:
            return None
        at_work = [order.remaining for order in exits(house)]
        return bracket if at_work == [bracket.held] * legs and bracket.held else None

    bracket = await eventually(whole)
    assert bracket is not None
    return bracket


async def over(house: House) -> str:
    async def reason() -> str:
        told = [e.bracket for e in await house.events() if isinstance(e, BracketEvent)]
        return told[-1].reason if told and told[-1].status is BracketStatus.DONE else ""

    return await eventually_asked(reason)


async def at_exchange(house: House) -> int:
    """How many orders are open there."""
    orders = (await house.state())["orders"]
    assert isinstance(orders, list)
    return len(orders)


async def test_a_market_entry_is_guarded_by_a_pair_less_its_fee() -> None:
    async with trading_house() as house:
        ticket = await opened(house, draft(MARKET_BUY))
        bracket = await guarded(house)
        assert bracket.key == ticket.entry.key
        assert bracket.held == Decimal("0.00998")
        legs = {order.terms.type for order in exits(house)}
        assert legs == {OrderType.LIMIT, OrderType.STOP}


async def test_a_preview_says_what_is_won_and_lost() -> None:
    async with trading_house() as house:
        seen = await house.desk.ask(OLIVIA, PreviewBracket(draft()))
        assert isinstance(seen, BracketPreview)
        assert seen.loss is not None
        assert seen.gain is not None
        assert 10 < seen.loss < 12
        assert 58 < seen.gain < 60


@pytest.mark.parametrize(
    ("price", "reason"), [("35100", "take profit is filled"), ("27900", "stop loss is filled")]
)
async def test_the_market_ends_it_either_way(price: str, reason: str) -> None:
    async with trading_house() as house:
        await opened(house, draft())
        await house.control("price", symbol="tBTCUSD", price="28900")
        await guarded(house)
        await house.control("price", symbol="tBTCUSD", price=price)
        assert await over(house) == reason
        assert exits(house) == []
        alarms = [e for e in await house.events() if isinstance(e, BracketExposed)]
        assert alarms == []


async def test_exits_grow_with_partial_fills() -> None:
    async with trading_house() as house:
        await house.control("fault", kind="partial_fill", fraction=0.4)
        await opened(
            house,
            draft(replace(RESTING, price=Decimal(34000))),
        )
        first = await guarded(house)
        assert first.held < Decimal("0.009")
        keys = {order.key for order in exits(house)}
        await house.control("price", symbol="tBTCUSD", price="33900")

        def whole() -> bool:
            bracket = next(iter(house.desk.floor.book.brackets.values()))
            return bracket.held > Decimal("0.0099") and bracket.guarded == bracket.held

        await eventually(whole)
        assert {order.key for order in exits(house)} == keys
        assert await at_exchange(house) == 2


async def test_everything_cancelled_by_hand_ends_it_loudly() -> None:
    async with trading_house() as house:
        await opened(house, draft(MARKET_BUY))
        await guarded(house)
        await house.desk.execute(OLIVIA, CancelAll(), house.wish())
        assert await over(house) == "all orders were cancelled by Olivia"
        assert exits(house) == []


async def test_a_margin_position_closed_by_another_order_ends_it() -> None:
    async with trading_house() as house:
        await opened(house, draft(ON_MARGIN))
        await guarded(house)
        seen = await house.desk.ask(OLIVIA, PreviewClose("tBTCUSD"))
        assert isinstance(seen, OrderPreview)
        done = await house.desk.execute(OLIVIA, PlaceOrder(seen.terms), house.wish())
        assert isinstance(done, OrderTicket)
        await eventually(lambda: not house.desk.floor.book.positions)
        await house.control("price", symbol="tBTCUSD", price="35100")
        assert await over(house) == POSITION_GONE


async def test_exits_of_a_position_closed_by_another_order_do_not_stand_on() -> None:
    async with trading_house() as house:
        await opened(house, draft(ON_MARGIN))
        await guarded(house)
        seen = await house.desk.ask(OLIVIA, PreviewClose("tBTCUSD"))
        assert isinstance(seen, OrderPreview)
        await house.desk.execute(OLIVIA, PlaceOrder(seen.terms), house.wish())
        assert await over(house) == POSITION_GONE
        assert exits(house) == []
        assert await at_exchange(house) == 0


async def test_a_short_on_margin_is_guarded() -> None:
    async with trading_house() as house:
        short = draft(replace(ON_MARGIN, side=Side.SELL), "40000", "25000")
        await opened(house, short)
        await guarded(house)
        await house.control("price", symbol="tBTCUSD", price="24900")
        assert await over(house) == "take profit is filled"


@pytest.mark.parametrize("fault", ["drop_before_ack", "drop_after_ack", "duplicate", "shuffle"])
async def test_a_link_that_breaks_over_the_exits(fault: str) -> None:
    async with trading_house() as house:
        await opened(house, draft())
        await house.control("fault", kind=fault, where="on", count=1)
        await house.control("price", symbol="tBTCUSD", price="28900")
        await guarded(house)
        assert await at_exchange(house) == 2


async def test_exits_that_a_cut_link_took_along_are_told_of_and_not_sent_twice() -> None:
    """Nobody can say that they will not arrive: somebody has to look."""
    async with trading_house() as house:
        await opened(house, draft())
        await house.control("fault", kind="drop_before_processing", where="on", count=1)
        await house.control("price", symbol="tBTCUSD", price="28900")

        async def alarms() -> list[Bracket]:
            told = [e.bracket for e in await house.events() if isinstance(e, BracketExposed)]
            return [bracket for bracket in told if bracket.reason == EXIT_LOST]

        (exposed,) = await eventually_asked(alarms, patience=30)
        assert await at_exchange(house) == 0
        renewed = await house.desk.execute(OLIVIA, RenewBracket(exposed.key), house.wish())
        assert renewed == Done()
        await guarded(house)
        assert await at_exchange(house) == 2


async def test_a_desk_killed_between_fills_goes_on() -> None:
    journal = MemoryJournal()
    async with running(CALM) as simulator, aiohttp.ClientSession() as http:
        async with desk_at(simulator, journal, http) as house:
            await opened(house, draft())
        async with aiohttp.ClientSession() as control:
            told = {"symbol": "tBTCUSD", "price": "28900"}
            async with control.post(f"{simulator.url}/control/price", json=told) as answer:
                assert answer.status == 200
        async with desk_at(simulator, journal, http) as house:
            bracket = await guarded(house)
            entry = house.desk.known(bracket.key)
            assert entry is not None
            assert entry.status is OrderStatus.FILLED
        async with desk_at(simulator, journal, http) as house:
            await guarded(house)
            assert await at_exchange(house) == 2
