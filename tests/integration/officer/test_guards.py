"""Guards on what the account is worth and on losses: they trip once, last, and are reset."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from engine.clock import ManualClock
from engine.model.order import Side
from engine.model.risk import Guard
from engine.model.risk_command import ChangeLimit, ResetGuard
from engine.model.risk_event import EquityMarked, GuardReset, GuardTripped
from engine.ports import Journal
from engine.risk.state import RiskPolicy
from tests.integration.officer.house import CALM, START, order_terms, watched


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


DAILY = RiskPolicy(
    limits=replace(CALM, max_daily_loss_percent=Decimal(5), guard_cooldown_minutes=60)
)
DRAWDOWN = RiskPolicy(limits=replace(CALM, max_drawdown_percent=Decimal(10)))
LOSSES = RiskPolicy(limits=replace(CALM, max_consecutive_losses=2, guard_cooldown_minutes=30))


async def test_a_daily_loss_trips_once_lasts_over_a_restart_and_resets_by_time(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock, DAILY) as shown:
        await shown.worth(10_000, "2000000")
        await shown.told(EquityMarked)
        await shown.worth(9_100, "1910000")
        await shown.none(GuardTripped)
        await shown.worth(8_950, "1895000")
        (tripped,) = await shown.told(GuardTripped)
        trip = tripped.trip
        assert (trip.guard, trip.seen) == (Guard.DAILY_LOSS, Decimal("5.25"))
        assert "2,000,000 to 1,895,000 USD" in trip.reason
        assert trip.until == clock.now() + timedelta(hours=1)
        assert "guard_daily_loss" in await shown.refused(order_terms(Side.BUY, "1", "8900"))
    async with watched(journal, clock, DAILY) as shown:
        await shown.worth(8_950, "1895000")
        assert shown.risk.trips == {Guard.DAILY_LOSS: trip}
        await shown.told(GuardTripped)
        await shown.later(3600)
        (reset,) = await shown.told(GuardReset)
        assert (reset.guard, reset.actor_id) == (Guard.DAILY_LOSS, "")
        await shown.told(GuardTripped)
        assert shown.risk.mark is not None
        assert shown.risk.mark.day_start == 1_895_000
        await shown.worth(7_900, "1790000")
        await shown.told(GuardTripped, 2)


async def test_a_guard_resets_by_time_though_nobody_was_there(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock, DAILY) as shown:
        await shown.worth(10_000, "2000000")
        await shown.worth(8_000, "1800000")
        await shown.told(GuardTripped)
    clock.advance(7200)
    async with watched(journal, clock, DAILY) as shown:
        await shown.told(GuardReset)
        await shown.told(GuardTripped)
        assert not shown.risk.trips


async def test_a_new_trading_day_begins_with_what_there_is(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock, DAILY) as shown:
        await shown.worth(10_000, "2000000")
        await shown.worth(9_100, "1910000")
        await shown.later(14 * 3600)
        await shown.worth(8_700, "1870000")
        await shown.none(GuardTripped)
        mark = shown.risk.mark
        assert mark is not None
        assert mark.day.day == 3
        assert mark.day_start == 1_910_000
        assert mark.peak == 2_000_000


async def test_a_drawdown_is_from_the_highest_and_waits_for_an_admin(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock, DRAWDOWN) as shown:
        await shown.worth(10_000, "2000000")
        await shown.worth(12_000, "2200000")
        await shown.later(3600)
    async with watched(journal, clock, DRAWDOWN) as shown:
        await shown.worth(9_800, "1980000")
        (tripped,) = await shown.told(GuardTripped)
        assert tripped.trip.guard is Guard.DRAWDOWN
        assert tripped.trip.seen == 10
        assert tripped.trip.until is None
        await shown.later(86_400)
        await shown.none(GuardReset)
        await shown.wish(ResetGuard(Guard.DRAWDOWN))
        await shown.told(GuardTripped)
        assert shown.risk.peak == 1_980_000


async def test_losses_in_a_row_are_counted_over_a_restart_and_anew_after_a_reset(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock, LOSSES) as shown:
        await shown.trade(Side.BUY, "2", "10000")
        clock.advance(1)
        await shown.trade(Side.SELL, "0.5", "10100")
        await shown.trade(Side.SELL, "0.5", "9900", fee="-1")
        assert shown.risk.losses == 1
        await shown.none(GuardTripped)
    clock.advance(60)
    async with watched(journal, clock, LOSSES) as shown:
        assert shown.risk.losses == 1
        assert [c.profit for c in shown.risk.closings.over] == [50, -51]
        await shown.trade(Side.SELL, "0.5", "9900")
        (tripped,) = await shown.told(GuardTripped)
        assert tripped.trip.guard is Guard.CONSECUTIVE_LOSSES
        assert tripped.trip.seen == 2
        await shown.later(1800)
        await shown.told(GuardReset)
        clock.advance(1)
        await shown.trade(Side.SELL, "0.5", "9900")
        assert shown.risk.losses == 1
        await shown.told(GuardTripped)
    async with watched(journal, clock, LOSSES) as shown:
        assert shown.risk.losses == 1
        assert not shown.risk.trips


async def test_limits_that_mean_nothing_together_are_told_once(
    journal: Journal, clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = replace(CALM, max_trades_per_day=2, max_trades_per_symbol_per_day=3)
    async with watched(journal, clock, RiskPolicy(limits=limits)) as shown:
        await shown.looked()
        await shown.wish(ChangeLimit("max_trades_per_day", "3"))
        await shown.looked()
        assert capsys.readouterr().out.count("limits_contradict") == 1
        await shown.wish(ChangeLimit("max_trades_per_day", "1"))
        await shown.looked()
        assert "but only 1 in all" in capsys.readouterr().out
