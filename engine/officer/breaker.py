"""The trading breaker: too much that goes wrong in too short a time, and its reset by time."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.model.event import (
    Event,
    FactSetAside,
    OrderClosed,
    OrderRejected,
    PositionFound,
)
from engine.model.risk import BreakerTrip
from engine.model.risk_event import RiskFailed, TradingBreakerReset, TradingBreakerTripped
from engine.risk.state import RiskState

_WORDS = {
    OrderRejected.__name__: ("order was rejected", "orders were rejected"),
    OrderClosed.__name__: ("order was lost", "orders were lost"),
    RiskFailed.__name__: ("rule of the risk desk broke", "rules of the risk desk broke"),
    PositionFound.__name__: ("position nobody explains", "positions nobody explains"),
    FactSetAside.__name__: ("fact was not understood", "facts were not understood"),
}


def breaker(risk: RiskState, now: datetime) -> Sequence[Event]:
    """Trip, or pass again when the time is over."""
    trip, limits = risk.breaker, risk.limits
    if trip is not None:
        over = trip.until is not None and trip.until <= now
        return [TradingBreakerReset(at=now)] if over else []
    kinds = mishaps(risk, now)
    if not limits.enabled or not limits.breaker_events or len(kinds) < limits.breaker_events:
        return []
    pause = limits.breaker_pause_minutes
    tripped = BreakerTrip(
        at=now,
        reason=f"within {limits.breaker_window_seconds} seconds {_told(kinds)}",
        until=now + timedelta(minutes=pause) if pause else None,
    )
    return [TradingBreakerTripped(at=now, trip=tripped)]


def mishaps(risk: RiskState, now: datetime) -> Sequence[str]:
    """What went wrong within the window, and since the breaker was last reset."""
    window = timedelta(seconds=risk.limits.breaker_window_seconds)
    since = max(now - window, risk.breaker_reset)
    return [kind for at, kind in risk.failures if at > since]


def _told(kinds: Sequence[str]) -> str:
    counted = Counter(kinds).most_common()
    return ", ".join(f"{count} {_WORDS[kind][count > 1]}" for kind, count in counted)
