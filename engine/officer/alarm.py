"""Equity that cannot be told for a while is news, once; so is that it can be told again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from engine.model.event import Event
from engine.model.risk import RiskLimits
from engine.model.risk_event import EquityKnown, EquityUnknown
from engine.risk.state import RiskState

UNKNOWN_FOR: Final = timedelta(minutes=5)
KNOWN_FOR: Final = timedelta(minutes=1)


def alarm(risk: RiskState, now: datetime) -> Sequence[Event]:
    """What is news, where a limit needs equity; long enough each way that it does not flap."""
    known, since = risk.equity.value is not None, risk.equity_since
    if since is None:
        return []
    if risk.unvalued is not None:
        return [EquityKnown(at=now)] if known and now - since >= KNOWN_FOR else []
    if known or not needs_equity(risk.limits) or now - since < UNKNOWN_FOR:
        return []
    return [EquityUnknown(at=now, why=risk.equity.unknown)]


def needs_equity(limits: RiskLimits) -> bool:
    """Whether anything is measured against it."""
    figures = (
        limits.max_daily_loss_percent,
        limits.max_drawdown_percent,
        limits.max_position_percent,
        limits.max_exposure_percent,
    )
    return limits.enabled and any(figures)
