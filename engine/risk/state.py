"""What the risk desk knows: a fold of events, nothing else."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from engine.model.event import Event
from engine.model.ids import OrderKey
from engine.model.order import Fill
from engine.model.risk import (
    BreakerTrip,
    Equity,
    EquityMark,
    Guard,
    LedgerPlace,
    Lock,
    RiskLimits,
    Trip,
)
from engine.model.risk_event import (
    EquityKnown,
    EquityMarked,
    EquityUnknown,
    GuardReset,
    GuardTripped,
    LimitChanged,
    SymbolLocked,
    SymbolUnlocked,
    TradingBreakerReset,
    TradingBreakerTripped,
    WindowClosed,
    WindowOpened,
    WindowsChanged,
)
from engine.model.symbol import Symbol
from engine.model.windows import TradingWindows
from engine.risk.closings import Closings
from engine.risk.counters import TradeCounter
from engine.risk.limits import with_words

EPOCH = datetime.fromtimestamp(0, UTC)
MOST_MISHAPS = 1_000
MOST_WANTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPolicy:
    """The policy as the settings have it; people's words go over it. `currency` is what equity
    is counted in, `paused` whether every start begins with trading paused."""

    limits: RiskLimits = field(default_factory=RiskLimits)
    windows: TradingWindows = field(default_factory=TradingWindows)
    currency: str = "USD"
    paused: bool = False


@dataclass(slots=True)
class RiskState:
    """The policy in force and everything that stands against opening a trade.

    `words` are the limits people have set, `resets` when each guard began to count anew,
    `equity` what the account is worth now, as far as is known (not journalled).
    `trades` counts opened trades by day. `losses` is how many closed trades in a row lost,
    `mishaps` what the breaker has counted within its window. `volatility` is the average true
    range a day, in percent of the price; `worth` what each holding is worth, whichever way it
    goes, in the currency of equity, None where that is not known: a balance held in the exchange
    wallet is under the symbol that trades it for that currency.
    `anew` are guards that were reset and for which equity was not marked since.
    `closings` are closed trades, `failures` when something went wrong, and what kind of event
    told so. `unlocked` is when each symbol's last lock was lifted. `peak` is the highest equity
    seen, which the next mark keeps, and `steady` what equity was over the last looks, None while
    it is not known, or not whether money was moved; `ledger` is how far the ledger has been read
    for that; `equity_since` is when its being known, or not, began, `unvalued` what was told
    of that last, `hours` what of trading windows. `wanted` are symbols whose volatility somebody
    has asked for.
    `revision` grows with whatever may trip something.
    """

    policy: RiskPolicy = field(default_factory=RiskPolicy)
    words: dict[str, str] = field(default_factory=dict)
    limits: RiskLimits = field(init=False)
    windows: TradingWindows = field(init=False)
    trips: dict[Guard, Trip] = field(default_factory=dict)
    resets: dict[Guard, datetime] = field(default_factory=dict)
    anew: set[Guard] = field(default_factory=set)
    locks: dict[Symbol, Lock] = field(default_factory=dict)
    breaker: BreakerTrip | None = None
    breaker_reset: datetime = EPOCH
    mark: EquityMark | None = None
    equity: Equity = field(init=False)
    trades: TradeCounter = field(init=False)
    losses: int = 0
    mishaps: int = 0
    volatility: dict[Symbol, float] = field(default_factory=dict)
    worth: dict[Symbol, Decimal | None] = field(default_factory=dict)
    closings: Closings = field(default_factory=Closings)
    failures: deque[tuple[datetime, str]] = field(
        default_factory=lambda: deque(maxlen=MOST_MISHAPS)
    )
    unlocked: dict[Symbol, datetime] = field(default_factory=dict)
    peak: Decimal | None = None
    steady: Decimal | None = None
    ledger: LedgerPlace | None = None
    equity_since: datetime | None = None
    wanted: dict[Symbol, None] = field(default_factory=dict)
    unvalued: EquityUnknown | None = None
    hours: WindowOpened | WindowClosed | None = None
    revision: int = 0

    def __post_init__(self) -> None:
        self.limits = self.policy.limits
        self.windows = self.policy.windows
        self.trades = TradeCounter(self.windows.zone)
        self.equity = Equity(
            at=EPOCH, currency=self.policy.currency, value=None, unknown="nothing is heard yet"
        )

    def apply(self, event: Event) -> None:
        """Become what the event says."""
        self.revision += 1
        match event:
            case LimitChanged():
                self._set_limit(event)
            case WindowsChanged():
                self.windows = event.windows
                self.trades.move(event.windows.zone)
            case GuardTripped():
                self.trips[event.trip.guard] = event.trip
            case GuardReset():
                self.trips.pop(event.guard, None)
                self.resets[event.guard] = event.at
                self.anew.add(event.guard)
                self._count_losses()
            case SymbolLocked():
                self.locks[event.lock.symbol] = event.lock
            case SymbolUnlocked():
                self.locks.pop(event.symbol, None)
                self.unlocked[event.symbol] = event.at
            case TradingBreakerTripped():
                self.breaker = event.trip
            case TradingBreakerReset():
                self.breaker = None
                self.breaker_reset = event.at
            case EquityMarked():
                self.remember_mark(event.mark)
            case EquityUnknown():
                self.unvalued = event
            case EquityKnown():
                self.unvalued = None
            case WindowOpened() | WindowClosed():
                self.hours = event
            case _:
                pass

    def trade(self, key: OrderKey, fill: Fill, *, over: bool, fresh: bool = True) -> None:
        """A trade opened or closed something, or its fee became known; `fresh` is whether it is
        told for the first time, `over` whether its order is."""
        if fill.opening and fresh:
            self.trades.record(fill.symbol, fill.at)
        if fill.profit is not None:
            self.closings.trade(key, fill, over=over)
            self._count_losses()

    def end(self, key: OrderKey) -> None:
        """An order is over."""
        if self.closings.end(key):
            self._count_losses()

    def fail(self, event: Event) -> None:
        """Something went wrong that should not happen often."""
        self.failures.append((event.at, type(event).__name__))
        self.revision += 1

    def remember_mark(self, mark: EquityMark | None) -> None:
        """Equity as it was kept last."""
        self.mark = mark
        self.peak = None if mark is None else mark.peak
        self.ledger = (mark.ledger if mark is not None else None) or self.ledger
        at = (mark.at if mark is not None else None) or EPOCH
        self.anew = {guard for guard in self.anew if self.resets[guard] > at}

    def want(self, symbol: Symbol) -> None:
        """Somebody asks how much a symbol moves."""
        self.wanted.pop(symbol, None)
        self.wanted[symbol] = None
        if len(self.wanted) > MOST_WANTED:
            del self.wanted[next(iter(self.wanted))]

    def look_on(self, before: "RiskState") -> None:
        """What is seen rather than journalled stays as it was seen."""
        self.equity, self.steady = before.equity, before.steady
        self.worth, self.volatility = before.worth, before.volatility
        self.equity_since, self.wanted = before.equity_since, before.wanted
        if self.mark == before.mark:
            self.peak = before.peak

    def _count_losses(self) -> None:
        since = self.resets.get(Guard.CONSECUTIVE_LOSSES, EPOCH)
        self.losses = self.closings.losses_in_a_row(since)
        self.revision += 1

    def _set_limit(self, event: LimitChanged) -> None:
        if event.value is None:
            self.words.pop(event.limit, None)
        else:
            self.words[event.limit] = event.value
        self.limits = with_words(self.policy.limits, self.words)
