"""What became of a panic, past tense."""

from dataclasses import dataclass

from engine.model.event import Event
from engine.model.ids import CommandId
from engine.model.panic import Kept, PanicLeg
from engine.model.symbol import Symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class PanicCalled(Event):
    """Somebody wants everything cancelled and closed; while a panic runs, they join it."""

    actor_id: str
    name: str
    command_id: CommandId
    spot: bool
    orders: int = 0
    positions: tuple[Symbol, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PanicLegSettled(Event):
    """A leg is over: done, or left with the reason why."""

    actor_id: str
    panic_id: CommandId
    leg: PanicLeg


@dataclass(frozen=True, slots=True, kw_only=True)
class PanicHeldUp(Event):
    """Something is left and cannot be done now; it is tried again and again."""

    actor_id: str
    panic_id: CommandId
    reason: str
    legs: tuple[PanicLeg, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PanicEnded(Event):
    """Nothing more is tried; `spot` is whether holdings were sold too, `kept` what of each currency
    was not, because nobody asked."""

    actor_id: str
    panic_id: CommandId
    spot: bool
    legs: tuple[PanicLeg, ...]
    kept: tuple[Kept, ...] = ()
