"""What the risk desk knows: a fold of events, nothing else."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from engine.model.event import Event
from engine.model.risk import BreakerTrip, Equity, EquityMark, Guard, Lock, RiskLimits, Trip
from engine.model.risk_event import (
    EquityMarked,
    GuardReset,
    GuardTripped,
    LimitChanged,
    SymbolLocked,
    SymbolUnlocked,
    TradingBreakerReset,
    TradingBreakerTripped,
    WindowsChanged,
)
from engine.model.symbol import Symbol
from engine.model.windows import TradingWindows
from engine.risk.counters import TradeCounter
from engine.risk.limits import with_words

EPOCH = datetime.fromtimestamp(0, UTC)


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
    """

    policy: RiskPolicy = field(default_factory=RiskPolicy)
    words: dict[str, str] = field(default_factory=dict)
    limits: RiskLimits = field(init=False)
    windows: TradingWindows = field(init=False)
    trips: dict[Guard, Trip] = field(default_factory=dict)
    resets: dict[Guard, datetime] = field(default_factory=dict)
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

    def __post_init__(self) -> None:
        self.limits = self.policy.limits
        self.windows = self.policy.windows
        self.trades = TradeCounter(self.windows.zone)
        self.equity = Equity(
            at=EPOCH, currency=self.policy.currency, value=None, unknown="nothing is heard yet"
        )

    def apply(self, event: Event) -> None:
        """Become what the event says."""
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
            case SymbolLocked():
                self.locks[event.lock.symbol] = event.lock
            case SymbolUnlocked():
                self.locks.pop(event.symbol, None)
            case TradingBreakerTripped():
                self.breaker = event.trip
            case TradingBreakerReset():
                self.breaker = None
                self.breaker_reset = event.at
            case EquityMarked():
                self.mark = event.mark
            case _:
                pass

    def _set_limit(self, event: LimitChanged) -> None:
        if event.value is None:
            self.words.pop(event.limit, None)
        else:
            self.words[event.limit] = event.value
        self.limits = with_words(self.policy.limits, self.words)
