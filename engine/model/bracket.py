"""An entry and the exits that guard what it has filled."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from engine.model.ids import OrderKey
from engine.model.order import OrderTerms
from engine.model.symbol import Symbol, base_of


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

    `held` is what its entry has filled and its exits have not, in base units, `guarded` how much
    of that working exits stand for: what it is closed with is left to the operator. `exits` are
    the keys of every exit order ever sent for it, newest last; `withdrawn` are those of its
    orders that we ourselves asked to have cancelled, `forgiven` exits of unknown fate that
    somebody has seen to be dead. It is `bounded` once somebody else has closed some of it: from
    then on exits reach no further than the position does.
    """

    key: OrderKey
    terms: BracketTerms
    status: BracketStatus
    opened_at: datetime
    updated_at: datetime
    held: Decimal = Decimal(0)
    guarded: Decimal = Decimal(0)
    exits: tuple[OrderKey, ...] = ()
    withdrawn: tuple[OrderKey, ...] = ()
    forgiven: tuple[OrderKey, ...] = ()
    reason: str = ""
    actor_id: str = ""
    bounded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An order's trades whose fee is known: `amount` in base units, and the `fee` taken in the
    base currency, signed as the exchange tells it (negative, nought where quote paid)."""

    amount: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)

    def with_trade(
        self, symbol: Symbol, amount: Decimal, fee: Decimal, fee_currency: str | None
    ) -> "Settled":
        """And another, or several of one currency of fees."""
        in_base = fee if fee_currency == base_of(symbol) else Decimal(0)
        return Settled(amount=self.amount + amount, fee=self.fee + in_base)
