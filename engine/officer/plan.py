"""What follows from how the risk desk stands, and from the time: a pure function."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from engine.model.event import Event
from engine.officer.alarm import alarm
from engine.officer.breaker import breaker
from engine.officer.guards import resets, trips
from engine.officer.hours import hours
from engine.officer.locks import locks
from engine.officer.marks import marks
from engine.risk.state import RiskState

DUTIES: Final[Sequence[Callable[[RiskState, datetime], Sequence[Event]]]] = (
    marks,
    trips,
    locks,
    breaker,
    hours,
    alarm,
)


def plan(risk: RiskState, now: datetime) -> Sequence[Event]:
    """Everything that is due; nothing once it has been told.

    Guards are reset first, and alone: what is kept of equity depends on it.
    """
    return resets(risk, now) or [event for duty in DUTIES for event in duty(risk, now)]
