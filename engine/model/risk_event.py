"""What the risk desk decided or was told, past tense."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.model.event import Event
from engine.model.risk import BreakerTrip, EquityMark, Guard, Lock, Moved, Trip
from engine.model.symbol import Symbol
from engine.model.windows import TradingWindows


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitChanged(Event):
    """Somebody set a limit; `value` is in the words of settings, None the settings' own again."""

    actor_id: str
    name: str
    limit: str
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsChanged(Event):
    """Somebody set when trading is open."""

    actor_id: str
    name: str
    windows: TradingWindows


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowOpened(Event):
    """A trading window has opened; it closes at `until`, None for no end in sight."""

    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowClosed(Event):
    """A trading window has closed; the next opens at `until`, None for none in sight."""

    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardTripped(Event):
    """A guard blocks entries from now on."""

    trip: Trip


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardReset(Event):
    """A guard blocks no longer; `actor_id` is empty where its time was over. It counts anew from
    here."""

    guard: Guard
    actor_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolLocked(Event):
    """Nothing is opened in a symbol from now on; `actor_id` is empty where a rule did it."""

    lock: Lock
    actor_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolUnlocked(Event):
    """A symbol may be traded again; `actor_id` is empty where its time was over."""

    symbol: Symbol
    actor_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingBreakerTripped(Event):
    """Too much went wrong in too short a time: nothing is opened until it is reset."""

    trip: BreakerTrip


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingBreakerReset(Event):
    """Opening trades is allowed again; `actor_id` is empty where its time was over."""

    actor_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityMarked(Event):
    """What the account was worth, every hour and at the start of each trading day."""

    mark: EquityMark


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsMoved(Event):
    """Money came from outside the account or left for there: nothing of it was won or lost.

    `worth` is all of it in the currency of equity, which was `before`; the mark that follows has
    the day's start and the peak moved with it. `entries` are the ledger's.
    """

    sums: tuple[Moved, ...]
    worth: Decimal
    before: Decimal
    currency: str
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityUnknown(Event):
    """For a while now nobody can say what the account is worth; `why` names what is missing."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityKnown(Event):
    """What the account is worth is known again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFailed(Event):
    """A rule broke over an order, which was refused for it."""

    symbol: Symbol
    detail: str
