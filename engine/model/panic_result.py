"""What comes back about a panic, and about what stands still."""

from dataclasses import dataclass
from decimal import Decimal

from engine.model.bracket import Bracket
from engine.model.event import TradingPaused
from engine.model.panic import Panic, PanicLeg
from engine.model.result import Holding
from engine.model.risk import BreakerTrip, Lock, Trip
from engine.model.symbol import Symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class PanicReport:
    """How a panic stands; `closed_because` says what it waits for, if it waits for the exchange."""

    panic: Panic
    legs: tuple[PanicLeg, ...]
    closed_because: str | None = None
    notes: tuple[str, ...] = ()
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Saleable:
    """A currency of the exchange wallet that a panic could sell, in `symbol`; `words` say why it
    would be left where that is None. `worth` is in that pair's quote currency."""

    currency: str
    amount: Decimal
    symbol: Symbol | None
    worth: Decimal | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanicPreview:
    """What a panic would do now, as far as is known without asking anybody.

    `worth` is what the orders stand for, by quote currency; `unpriced` how many are not counted
    in it, `elsewhere` how many were made elsewhere, ignored ones among them. `spot` is None while
    the exchange's pairs are not known.
    """

    orders: int
    worth: tuple[tuple[str, Decimal], ...]
    unpriced: int
    elsewhere: int
    brackets: tuple[Bracket, ...]
    holdings: tuple[Holding, ...]
    spot: tuple[Saleable, ...] | None
    closed_because: str | None
    running: PanicReport | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standstill:
    """Everything for which nothing is opened now; `panic` is the newest since trading paused."""

    paused: TradingPaused | None
    panic: PanicReport | None
    trips: tuple[Trip, ...] = ()
    breaker: BreakerTrip | None = None
    locks: tuple[Lock, ...] = ()
