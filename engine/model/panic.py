"""Words of a panic: everything cancelled, everything closed, and how far that has come."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from engine.model.ids import CommandId
from engine.model.symbol import Symbol

PANIC = "panic"
"""Why trading is paused, in one word; orders of a panic are named `panic:...`."""

CANCELLING = "panic-cancel:"
"""How the names of its wishes to cancel begin."""


def called_by(name: str) -> str:
    """Why a bracket is over, in words."""
    return f"{PANIC}, called by {name}"


class LegKind(StrEnum):
    """What a leg empties."""

    ORDERS = "orders"
    POSITION = "position"
    HOLDING = "holding"


class LegState(StrEnum):
    """How far a leg has come."""

    WAITING = "waiting"
    AT_WORK = "at work"
    HELD_UP = "held up"
    DONE = "done"
    LEFT = "left"

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is tried."""
        return self in (LegState.DONE, LegState.LEFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class PanicLeg:
    """All open orders together, one position or one currency of the exchange wallet.

    `name` is a symbol or a currency, empty for the orders. `done` is what was traded in base
    units, or how many orders were open; `left` what is still there, negative for a short
    position; `average` the price it went at in quote currency; `words` say why not, where not,
    and `by_hand` what a person has to do of what is left.
    """

    kind: LegKind
    name: str = ""
    state: LegState
    done: Decimal = Decimal(0)
    left: Decimal = Decimal(0)
    average: Decimal | None = None
    symbol: Symbol | None = None
    words: str = ""
    by_hand: str = ""

    @property
    def is_left_over(self) -> bool:
        """Whether it was given up; what could never be sold was not tried."""
        tried = self.kind is not LegKind.HOLDING or bool(self.by_hand)
        return self.state is LegState.LEFT and tried

    @property
    def title(self) -> tuple[LegKind, str]:
        """Which leg it is."""
        return self.kind, self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What of a currency was not sold, because nobody asked for it."""

    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Panic:
    """One panic; `wishes` are the commands that called it, those that joined it included.

    `orders` were open and `positions` held when it was called; `settled` are legs that are over,
    `kept` what of each currency the exchange wallet still held at the end, unasked for.
    """

    wishes: tuple[CommandId, ...]
    at: datetime
    actor_id: str
    name: str
    spot: bool
    orders: int = 0
    positions: tuple[Symbol, ...] = ()
    settled: tuple[PanicLeg, ...] = ()
    ended_at: datetime | None = None
    kept: tuple[Kept, ...] = ()

    @property
    def panic_id(self) -> CommandId:
        """The wish that began it."""
        return self.wishes[0]

    @property
    def prefix(self) -> str:
        """How the names of its orders' commands begin."""
        return f"{PANIC}:{self.panic_id}:"

    def leg(self, kind: LegKind, name: str) -> PanicLeg | None:
        """A leg that is over."""
        return next((leg for leg in self.settled if leg.title == (kind, name)), None)
