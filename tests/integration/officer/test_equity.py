"""What the account is worth, when nobody can say, and the hours of trading."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from engine.clock import ManualClock
from engine.model.account import Balance, Wallet
from engine.model.market import Candle
from engine.model.order import Side
from engine.model.report import BalancesReport, LinkLost, LinkUp, PositionsReport
from engine.model.risk_command import ChangeLimit
from engine.model.risk_event import (
    EquityKnown,
    EquityMarked,
    EquityUnknown,
    GuardTripped,
    WindowClosed,
    WindowOpened,
)
from engine.model.windows import TradingWindows, Window
from engine.ports import Journal
from engine.risk.state import RiskPolicy
from tests.eventually import eventually
from tests.integration.desk.scripted import BTC
from tests.integration.officer.house import (
    CALM,
    START,
    PricedMarket,
    order_terms,
    position,
    watched,
)

GUARDED = RiskPolicy(limits=replace(CALM, max_drawdown_percent=Decimal(10)))
HOURS = RiskPolicy(limits=CALM, windows=TradingWindows(days=((Window(time(8), time(17)),),) * 7))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


async def test_equity_is_all_wallets_and_what_positions_have_won(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock) as shown:
        shown.exchange.say(PositionsReport(positions=(position("-2", "11000"),)))
        shown.exchange.positions = (position("-2", "11000"),)
        await shown.worth(10_000, "2002000")
        assert shown.risk.worth == {BTC: Decimal(1_020_000)}
        await shown.later(3600)
        marks = await shown.told(EquityMarked, 2)
        assert [mark.mark.value for mark in marks][1] == 2_002_000
        assert marks[1].mark.day == date(2026, 3, 2)


async def test_an_account_with_a_currency_nobody_prices_is_unknown_and_never_nought(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock, GUARDED) as shown:
        await shown.worth(10_000, "2000000")
        odd = Balance(wallet=Wallet.FUNDING, currency="XYZ", total=Decimal(5))
        shown.exchange.say(BalancesReport(balances=(odd,)))
        await eventually(lambda: shown.risk.equity.value is None)
        assert shown.risk.equity.unknown == "XYZ has no price in USD at the exchange"
        assert "equity_unknown" in await shown.refused(order_terms(Side.BUY, "1", "10000"))
        await shown.later(299)
        await shown.none(EquityUnknown)
        await shown.later(1)
        (told,) = await shown.told(EquityUnknown)
        assert told.why == shown.risk.equity.unknown
    async with watched(journal, clock, GUARDED) as shown:
        shown.exchange.say(BalancesReport(balances=(odd,)))
        await eventually(lambda: shown.risk.equity.value is None)
        await shown.later(600)
        await shown.told(EquityUnknown)
        await shown.wish(ChangeLimit("equity_ignores", "XYZ"))
        await eventually(lambda: shown.risk.equity.value is not None)
        await shown.none(EquityKnown)
        await shown.later(60)
        await shown.told(EquityKnown)
        await shown.none(GuardTripped)


async def test_a_link_that_stays_down_makes_equity_unknown(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock, GUARDED) as shown:
        await shown.worth(10_000, "2000000")
        shown.exchange.say(LinkLost(reason="cut"))
        await eventually(lambda: shown.desk.floor.gate.link_since is None)
        await shown.looked()
        await shown.later(59)
        assert shown.risk.equity.unknown == ""
        await shown.later(1)
        assert shown.risk.equity.value is None
        assert "no link to the exchange since 10:05:00 UTC" in shown.risk.equity.unknown
        shown.exchange.say(LinkUp())
        await eventually(lambda: shown.risk.equity.value == 2_000_000)


async def test_a_price_that_is_too_old_is_none(journal: Journal, clock: ManualClock) -> None:
    async with watched(journal, clock, GUARDED) as shown:
        await shown.worth(10_000, "2000000")
        shown.market.prices = {}
        clock.advance(61)
        await eventually(lambda: shown.risk.equity.value is None)
        assert "no fresh price of tBTCUSD" in shown.risk.equity.unknown
        await shown.none(GuardTripped)


async def test_windows_are_told_as_they_open_and_close_also_while_nobody_was_there(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock, HOURS) as shown:
        await shown.none(WindowOpened)
        await shown.later(7 * 3600)
        (closed,) = await shown.told(WindowClosed)
        assert closed.until == datetime(2026, 3, 3, 8, tzinfo=UTC)
        assert await shown.refused(order_terms(Side.BUY, "1", "10000")) == ("window_closed",)
    async with watched(journal, clock, HOURS) as shown:
        await shown.told(WindowClosed)
    clock.advance(15 * 3600)
    async with watched(journal, clock, HOURS) as shown:
        (opened,) = await shown.told(WindowOpened)
        assert opened.until == datetime(2026, 3, 3, 17, tzinfo=UTC)
        await shown.told(WindowClosed)


WILD = RiskPolicy(limits=replace(CALM, max_volatility_percent=Decimal(5)))


def twenty_days() -> tuple[Candle, ...]:
    """Four percent each."""
    first = START.replace(hour=0, minute=0) - timedelta(days=20)
    return tuple(
        Candle(at=first + timedelta(days=day), open=100, close=100, high=103, low=99, volume=1)
        for day in range(21)
    )


async def test_how_much_a_symbol_moves_is_measured_where_a_limit_asks(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock, WILD, market=PricedMarket(days=twenty_days())) as shown:
        await shown.desk.floor.until(lambda: False, 0)
        await eventually(lambda: BTC in shown.risk.volatility)
        assert shown.risk.volatility[BTC] == pytest.approx(4)


async def test_how_much_a_symbol_moved_once_is_forgotten_where_nobody_renews_it(
    journal: Journal, clock: ManualClock
) -> None:
    market = PricedMarket(days=twenty_days())
    async with watched(journal, clock, WILD, market=market) as shown:
        await eventually(lambda: BTC in shown.risk.volatility)
        market.days = None
        await shown.later(3 * 3600 - 1)
        assert BTC in shown.risk.volatility
        await shown.later(1)
        assert BTC not in shown.risk.volatility
        assert await shown.refused(order_terms(Side.BUY, "1", "9000")) == ("volatility_unknown",)
        market.days = twenty_days()
        await shown.later(60)
        assert shown.risk.volatility[BTC] == pytest.approx(4)
