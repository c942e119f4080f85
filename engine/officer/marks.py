"""Equity as it is kept: every hour, at each trading day's start, where a guard begins anew, and
where it has come to a new peak: a crash forgets no more of that than these allow."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from engine.model.event import Event
from engine.model.risk import EquityMark, Guard
from engine.model.risk_event import EquityMarked
from engine.risk.state import RiskState
from engine.risk.windows import trading_day

NEW_PEAK: Final = Decimal("1.001")
"""So many times the peak that was kept last."""

PEAK_PAUSE: Final = timedelta(minutes=1)
"""Between two marks of one hour."""


def marks(risk: RiskState, now: datetime) -> Sequence[Event]:
    """A mark, where one is due."""
    value, mark = risk.steady, current(risk)
    if value is None or (mark is not None and not _is_due(risk, mark, now)):
        return []
    day = trading_day(risk.windows.zone, now)
    kept = EquityMark(
        at=now,
        value=value,
        currency=risk.policy.currency,
        day=day,
        day_start=_day_start(risk, mark, value, now),
        peak=_peak(risk, mark, value),
        ledger=risk.ledger,
    )
    return [EquityMarked(at=now, mark=kept)]


def current(risk: RiskState) -> EquityMark | None:
    """The newest mark, if it is in the currency equity is counted in."""
    mark = risk.mark
    return mark if mark is not None and mark.currency == risk.policy.currency else None


def _is_due(risk: RiskState, mark: EquityMark, now: datetime) -> bool:
    if risk.anew & {Guard.DAILY_LOSS, Guard.DRAWDOWN}:
        return True
    if mark.at is None or _hour(mark.at) != _hour(now) or _is_new_day(risk, mark, now):
        return True
    return now - mark.at >= PEAK_PAUSE and (risk.peak or mark.peak) > mark.peak * NEW_PEAK


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _is_new_day(risk: RiskState, mark: EquityMark, now: datetime) -> bool:
    return mark.day != trading_day(risk.windows.zone, now)


def _day_start(risk: RiskState, mark: EquityMark | None, value: Decimal, now: datetime) -> Decimal:
    if mark is None or _is_new_day(risk, mark, now):
        return value
    return value if Guard.DAILY_LOSS in risk.anew else mark.day_start


def _peak(risk: RiskState, mark: EquityMark | None, value: Decimal) -> Decimal:
    if mark is None or Guard.DRAWDOWN in risk.anew:
        return value
    return max(mark.peak, risk.peak or value, value)
