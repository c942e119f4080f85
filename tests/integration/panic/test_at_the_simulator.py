"""A panic over the real client, at the simulated exchange."""

import asyncio
from decimal import Decimal

import aiohttp
import pytest

from engine.memory_journal import MemoryJournal
from engine.model.command import PauseTrading, ResumeTrading
from engine.model.event import TradingPaused
from engine.model.panic import LegKind, LegState
from engine.model.panic_event import PanicCalled, PanicEnded, PanicLegSettled
from engine.model.panic_query import PreviewPanic, ShowStandstill
from engine.model.result import Refused, TradingState
from engine.simulator.server import running
from tests.eventually import eventually, eventually_asked
from tests.integration.panic.house import (
    ON_MARGIN,
    RESTING,
    at_exchange,
    call,
    ended,
    much,
    order,
)
from tests.trading_house import CALM, MARKET_BUY, OLIVIA, desk_at, trading_house


async def test_everything_is_cancelled_and_closed() -> None:
    async with trading_house() as house:
        await much(house)
        await call(house)
        report = await ended(house)
        assert await at_exchange(house) == ([], [])
        told = {(leg.kind, leg.name): leg for leg in report.legs}
        assert told[LegKind.ORDERS, ""].done == 4
        assert told[LegKind.POSITION, "tBTCUSD"].done == Decimal("0.01")
        assert told[LegKind.POSITION, "tETHUSD"].done == Decimal("0.5")
        assert {leg.state for leg in report.legs} == {LegState.DONE}
        assert house.desk.floor.book.brackets == {}
        paused = house.desk.floor.book.paused
        assert paused is not None
        assert (paused.reason, paused.name) == ("panic", "Olivia")


async def test_call_and_pause_are_one_entry_and_each_leg_is_told_once() -> None:
    async with trading_house() as house:
        await much(house)
        await call(house)
        await ended(house)
        events = await house.events()
        called = next(i for i, e in enumerate(events) if isinstance(e, PanicCalled))
        assert isinstance(events[called + 1], TradingPaused)
        legs = [e.leg.title for e in events if isinstance(e, PanicLegSettled)]
        assert len(legs) == len(set(legs)) == 3
        assert isinstance(events[-1], PanicEnded)


async def test_pressed_twice_at_once_it_is_one_panic() -> None:
    async with trading_house() as house:
        await much(house)
        first, second = await asyncio.gather(call(house), call(house))
        assert first.panic.panic_id == second.panic.panic_id
        await ended(house)
        again = await call(house, wish=first.panic.panic_id)
        assert again.repeated
        assert again.panic.ended_at is not None
        history = (await house.state())["history"]
        assert isinstance(history, list)
        assert len(history) == 2 + 3 + 1 + 2, "orders, a bracket, a short, and two that close"


async def test_a_panic_after_the_end_is_a_new_one() -> None:
    async with trading_house() as house:
        first = await call(house)
        await ended(house)
        second = await call(house)
        await ended(house)
        assert first.panic.panic_id != second.panic.panic_id
        assert (await call(house, wish=first.panic.panic_id)).panic.panic_id == first.panic.panic_id


async def test_who_joins_may_want_more() -> None:
    async with trading_house() as house:
        await house.control("balance", currency="ETH", amount="3")
        await house.control("maintenance", on=True)
        await eventually(lambda: not house.open())
        first = await call(house)
        second = await call(house, spot=True)
        assert first.panic.panic_id == second.panic.panic_id
        await house.control("maintenance", on=False)
        report = await ended(house)
        assert "ETH" in {leg.name for leg in report.legs if leg.state is LegState.DONE}


async def test_spot_is_sold_only_if_asked_for_and_what_cannot_be_is_named() -> None:
    async with trading_house() as house:
        await house.control("balance", currency="BTC", amount="0.00001")
        await house.control("balance", currency="ETH", amount="3")
        book = house.desk.floor.book
        await eventually(
            lambda: any(c == "ETH" and b.total == 3 for (_, c), b in book.balances.items())
        )
        await call(house)
        report = await ended(house)
        assert [leg.kind for leg in report.legs] == [LegKind.ORDERS]
        await call(house, spot=True)
        report = await ended(house)
        told = {leg.name: leg for leg in report.legs if leg.kind is LegKind.HOLDING}
        assert told["ETH"].state is LegState.DONE
        assert told["ETH"].done == 3
        assert told["BTC"].state is LegState.LEFT
        assert "less than an order may be" in told["BTC"].words


async def test_resuming_is_refused_while_it_runs_and_lifts_the_pause_afterwards() -> None:
    async with trading_house() as house:
        await order(house, ON_MARGIN)
        await house.control("maintenance", on=True)
        await eventually(lambda: not house.open())
        report = await call(house)
        assert report.closed_because == "the exchange is in maintenance"
        refused = await house.desk.execute(OLIVIA, ResumeTrading(), house.wish())
        assert isinstance(refused, Refused)
        assert refused.reasons[0].code == "panic_running"
        await house.control("maintenance", on=False)
        await ended(house)
        assert await at_exchange(house) == ([], [])
        seen = await house.desk.ask(OLIVIA, ShowStandstill())
        assert seen.panic is not None
        assert seen.paused is not None
        state = await house.desk.execute(OLIVIA, ResumeTrading(), house.wish())
        assert state == TradingState(None)


async def test_a_pause_that_stood_is_kept() -> None:
    async with trading_house() as house:
        await house.desk.execute(OLIVIA, PauseTrading("news"), house.wish())
        await call(house)
        await ended(house)
        paused = house.desk.floor.book.paused
        assert paused is not None
        assert paused.reason == "news"


@pytest.mark.parametrize("seconds", [0.3, 1.5])
async def test_the_link_is_down_when_it_is_called(seconds: float) -> None:
    async with trading_house() as house:
        await much(house)
        await house.control("drop", refuse=seconds)
        await eventually(lambda: not house.open())
        await call(house)
        assert house.desk.floor.book.paused is not None
        await ended(house)
        assert await at_exchange(house) == ([], [])


async def test_partial_fills_are_followed_until_nothing_is_left() -> None:
    async with trading_house() as house:
        await order(house, ON_MARGIN)
        await eventually(lambda: house.desk.floor.book.positions)
        await house.control("fault", kind="partial_fill", fraction=0.4, count=2)
        await call(house)
        await ended(house)
        assert await at_exchange(house) == ([], [])


async def test_it_goes_on_after_a_restart_in_the_middle() -> None:
    journal = MemoryJournal()
    async with running(CALM) as simulator, aiohttp.ClientSession() as http:
        async with desk_at(simulator, journal, http) as house:
            await much(house)
            await house.control("maintenance", on=True)
            await eventually(lambda: not house.open())
            await call(house)
        await house.control("maintenance", on=False)
        async with desk_at(simulator, journal, http) as house:
            report = await ended(house)
            assert report.panic.name == "Olivia"
            assert await at_exchange(house) == ([], [])


async def test_without_a_database_it_cancels_and_closes_by_call_and_answer() -> None:
    journal = MemoryJournal()
    async with (
        running(CALM) as simulator,
        aiohttp.ClientSession() as http,
        desk_at(simulator, journal, http) as house,
    ):
        await much(house)
        journal.available = False
        await call(house)

        async def gone() -> bool:
            return await at_exchange(house) == ([], [])

        await eventually_asked(gone)
        sent = (await house.state())["history"]
        journal.available = True
        await eventually(lambda: house.desk.floor.book.panic.last, 15.0)
        report = await ended(house)
        assert {leg.state for leg in report.legs} == {LegState.DONE}
        told = {leg.name: leg.done for leg in report.legs if leg.kind is LegKind.POSITION}
        assert told == {"tBTCUSD": Decimal("0.01"), "tETHUSD": Decimal("0.5")}
        assert (await house.state())["history"] == sent


async def test_the_preview_asks_nobody_and_knows_what_is_there() -> None:
    async with trading_house() as house:
        await much(house)
        seen = await house.desk.ask(OLIVIA, PreviewPanic())
        assert seen.orders == 4
        assert {h.position.symbol for h in seen.holdings} == {"tBTCUSD", "tETHUSD"}
        assert len(seen.brackets) == 1
        assert seen.spot
        assert seen.running is None


async def test_an_order_made_after_the_call_is_refused() -> None:
    async with trading_house() as house:
        await call(house)
        await ended(house)
        with pytest.raises(AssertionError, match="trading_paused"):
            await order(house, MARKET_BUY)
        with pytest.raises(AssertionError, match="trading_paused"):
            await order(house, RESTING)
