"""An entry and the exits that guard what it has filled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from engine.model.ids import OrderKey
from engine.model.order import OrderTerms


class Fallback(StrEnum):
    """What is done with a holding whose exits cannot be placed."""

    HOLD = "hold"
    CLOSE = "close"


class BracketStatus(StrEnum):
    """Where a bracket is in its life."""

    WAITING = "waiting"
    GUARDED = "guarded"
    EXPOSED = "exposed"
    CLOSING = "closing"
    DONE = "done"

    @property
    def is_open(self) -> bool:
        """Whether there may still be something to guard."""
        return self is not BracketStatus.DONE


BRACKET_TRANSITIONS: Mapping[BracketStatus, frozenset[BracketStatus]] = {
    BracketStatus.WAITING: frozenset(BracketStatus) - {BracketStatus.WAITING},
    BracketStatus.GUARDED: frozenset(BracketStatus) - {BracketStatus.WAITING},
    BracketStatus.EXPOSED: frozenset(BracketStatus) - {BracketStatus.WAITING},
    BracketStatus.CLOSING: frozenset({BracketStatus.EXPOSED, BracketStatus.DONE}),
    BracketStatus.DONE: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BracketTerms:
    """What is wanted: prices in quote currency; at least one of the two exits."""

    entry: OrderTerms
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    fallback: Fallback = Fallback.HOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class Bracket:
    """One bracket and all we know of it, named by its entry's key.

    `guarded` is how much of what is held, in base units, working exits stand for; `exits` are
    the keys of every exit order ever sent for it, newest last.
    """

    key: OrderKey
    terms: BracketTerms
    status: BracketStatus
    opened_at: datetime
    updated_at: datetime
    guarded: Decimal = Decimal(0)
    exits: tuple[OrderKey, ...] = ()
    reason: str = ""
    actor_id: str = ""
