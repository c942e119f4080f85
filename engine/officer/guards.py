"""Guards that trip over what equity and closed trades have come to, and their reset by time."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

from engine.model.event import Event
from engine.model.money import plain, readable
from engine.model.risk import Guard, Trip
from engine.model.risk_event import GuardReset, GuardTripped
from engine.officer.marks import current
from engine.risk.state import RiskState
from engine.risk.windows import trading_day
from engine.risk.wording import times

_CENT = Decimal("0.01")


class Breach(NamedTuple):
    """What a guard sees, what it allows, and both in a sentence."""

    guard: Guard
    seen: Decimal
    allowed: Decimal
    reason: str


def resets(risk: RiskState, now: datetime) -> Sequence[Event]:
    """Guards whose time is over."""
    return [
        GuardReset(at=now, guard=trip.guard)
        for trip in risk.trips.values()
        if trip.until is not None and trip.until <= now
    ]


def trips(risk: RiskState, now: datetime) -> Sequence[Event]:
    """Guards that trip now, and have not yet."""
    if not risk.limits.enabled:
        return []
    minutes = risk.limits.guard_cooldown_minutes
    until = now + timedelta(minutes=minutes) if minutes else None
    return [
        GuardTripped(
            at=now,
            trip=Trip(
                guard=breach.guard,
                at=now,
                seen=breach.seen,
                allowed=breach.allowed,
                reason=breach.reason,
                until=until,
            ),
        )
        for breach in breaches(risk, now)
        if breach.guard not in risk.trips
    ]


def breaches(risk: RiskState, now: datetime) -> Iterator[Breach]:
    """What is beyond what is allowed, whether or not its guard has tripped over it."""
    for breach in (_daily_loss(risk, now), _drawdown(risk), _losses(risk)):
        if breach is not None:
            yield breach


def _daily_loss(risk: RiskState, now: datetime) -> Breach | None:
    allowed, mark, value = risk.limits.max_daily_loss_percent, current(risk), risk.steady
    if not allowed or mark is None or value is None:
        return None
    if mark.day != trading_day(risk.windows.zone, now):
        return None
    if Guard.DAILY_LOSS in risk.anew:
        return None
    since = "since the trading day began"
    return _fall(Guard.DAILY_LOSS, mark.day_start, value, allowed, mark.currency, since)


def _drawdown(risk: RiskState) -> Breach | None:
    allowed, mark, value = risk.limits.max_drawdown_percent, current(risk), risk.steady
    if not allowed or mark is None or value is None:
        return None
    if Guard.DRAWDOWN in risk.anew:
        return None
    peak = max(mark.peak, risk.peak or mark.peak)
    return _fall(Guard.DRAWDOWN, peak, value, allowed, mark.currency, "from its peak")


def _fall(
    guard: Guard, before: Decimal, value: Decimal, allowed: Decimal, currency: str, since: str
) -> Breach | None:
    if before <= 0 or (before - value) * 100 < allowed * before:
        return None
    lost = ((before - value) * 100 / before).quantize(_CENT, rounding=ROUND_HALF_EVEN)
    reason = (
        f"equity fell {since} by {plain(lost)} %, from {readable(before.quantize(_CENT))} to "
        f"{readable(value.quantize(_CENT))} {currency}; {plain(allowed)} % is the limit"
    )
    return Breach(guard, lost, allowed, reason)


def _losses(risk: RiskState) -> Breach | None:
    allowed = risk.limits.max_consecutive_losses
    if not allowed or risk.losses < allowed:
        return None
    in_a_row = f"{times(risk.losses, 'closed trade')} in a row"
    reason = f"{in_a_row} lost money; {allowed} is the limit"
    return Breach(Guard.CONSECUTIVE_LOSSES, Decimal(risk.losses), Decimal(allowed), reason)
