"""A trading window that opens or closes is told, also where it did so while we were away."""

from collections.abc import Sequence
from datetime import datetime

from engine.model.event import Event
from engine.model.risk_event import WindowClosed, WindowOpened
from engine.risk.state import RiskState
from engine.risk.windows import is_open, next_change


def hours(risk: RiskState, now: datetime) -> Sequence[Event]:
    """What is news; where nothing was ever told, trading was open."""
    open_now = is_open(risk.windows, now)
    if open_now is not isinstance(risk.hours, WindowClosed):
        return []
    until = next_change(risk.windows, now)
    return [WindowOpened(at=now, until=until) if open_now else WindowClosed(at=now, until=until)]
