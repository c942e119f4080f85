"""The trading breaker and automatic locks: what trips them, and that they last."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.clock import ManualClock
from engine.model.command import PlaceOrder
from engine.model.errors import RateLimited
from engine.model.ids import CommandId
from engine.model.order import OrderType, Side
from engine.model.risk_command import ResetBreaker, UnlockSymbol
from engine.model.risk_event import (
    SymbolLocked,
    SymbolUnlocked,
    TradingBreakerReset,
    TradingBreakerTripped,
)
from engine.ports import Journal
from engine.risk.state import RiskPolicy
from tests.integration.desk.scripted import BTC
from tests.integration.officer.house import CALM, START, Watched, order_terms, watched
from tests.trading_house import OLIVIA

BREAKER = RiskPolicy(
    limits=replace(CALM, breaker_events=3, breaker_window_seconds=60, breaker_pause_minutes=15)
)
STREAK = RiskPolicy(limits=replace(CALM, stop_streak_trades=2, stop_streak_lock_minutes=60))
PROFIT = RiskPolicy(limits=replace(CALM, low_profit_trades=2, low_profit_percent=Decimal(1)))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


async def rejected(shown: Watched, count: int) -> None:
    """Orders that the exchange would not have."""
    shown.exchange.refusal = RateLimited("too many")
    known = len(shown.risk.failures)
    terms = order_terms(Side.BUY, "1", "9000")
    for number in range(count):
        name = CommandId(f"rejected:{known + number}:{shown.clock.now()}")
        await shown.desk.execute(OLIVIA, PlaceOrder(terms), name)
    shown.exchange.refusal = None


async def test_a_burst_of_rejections_trips_the_breaker_until_its_time_is_over(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock, BREAKER) as shown:
        await rejected(shown, 2)
        await shown.later(61)
        await rejected(shown, 2)
        await shown.none(TradingBreakerTripped)
    async with watched(journal, clock, BREAKER) as shown:
        assert shown.risk.mishaps == 2
        await rejected(shown, 1)
        (tripped,) = await shown.told(TradingBreakerTripped)
        assert tripped.trip.reason == "within 60 seconds 3 orders were rejected"
        assert "trading_breaker" in await shown.refused(order_terms(Side.BUY, "1", "9000"))
    async with watched(journal, clock, BREAKER) as shown:
        assert shown.risk.breaker == tripped.trip
        await shown.later(15 * 60)
        (reset,) = await shown.told(TradingBreakerReset)
        assert reset.actor_id == ""
        await shown.trade(Side.BUY, "1", "9000")
        await shown.told(TradingBreakerTripped)


async def test_an_admin_resets_the_breaker_and_it_counts_anew(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock, BREAKER) as shown:
        await rejected(shown, 3)
        await shown.told(TradingBreakerTripped)
        clock.advance(1)
        await shown.wish(ResetBreaker())
        assert shown.risk.breaker is None
        await shown.told(TradingBreakerTripped)


async def test_stop_losses_lock_a_symbol_until_the_lock_is_over(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock, STREAK) as shown:
        await shown.trade(Side.BUY, "3", "10000")
        await shown.trade(Side.SELL, "1", "9000", kind=OrderType.STOP)
        await shown.none(SymbolLocked)
        await shown.trade(Side.SELL, "1", "9000", kind=OrderType.STOP)
        (locked,) = await shown.told(SymbolLocked)
        assert (locked.lock.symbol, locked.actor_id) == (BTC, "")
        assert locked.lock.reason == "2 stop losses within 24 hours"
        assert await shown.refused(order_terms(Side.BUY, "1", "9000")) == ("symbol_locked",)
        await shown.trade(Side.SELL, "1", "9500")
    clock.advance(3600)
    async with watched(journal, clock, STREAK) as shown:
        await shown.told(SymbolUnlocked)
        await shown.told(SymbolLocked)
        assert not shown.risk.locks


async def test_too_little_profit_locks_a_symbol_and_an_admin_lifts_it(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock, PROFIT) as shown:
        await shown.trade(Side.BUY, "2", "10000")
        await shown.trade(Side.SELL, "1", "10040")
        await shown.trade(Side.SELL, "1", "10050")
        (locked,) = await shown.told(SymbolLocked)
        assert (
            locked.lock.reason == "2 closed trades within 24 hours made 0.9 %, and 1 % is the least"
        )
        clock.advance(1)
        await shown.wish(UnlockSymbol(BTC))
        await shown.told(SymbolLocked)
        assert not shown.risk.locks
