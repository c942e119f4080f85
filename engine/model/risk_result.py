"""What comes back from the risk desk."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from engine.model.event import TradingPaused
from engine.model.risk import BreakerTrip, Equity, EquityMark, Lock, RiskLimits, Trip
from engine.model.symbol import Symbol
from engine.model.windows import TradingWindows


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPreview:
    """What a limit is and would be, in the words of settings; `own` is the settings' own word.

    `value` is what would be kept, None for the settings' own; `notes` what it would contradict.
    """

    limit: str
    value: str | None
    before: str
    after: str
    own: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsPreview:
    """The windows in force and others; whether these would be `open` now, and `until` when."""

    before: TradingWindows
    after: TradingWindows
    open: bool
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskStatus:
    """The risk desk at a glance.

    `open` is whether a trading window is open, `window_until` when that changes next; `day` the
    trading day and `trades` its opening trades by symbol; `losses` how many closed trades in a
    row lost; `mishaps` what the breaker has counted within its window; `exposure` what all
    positions are worth together, in the currency of `equity`, None while that is not known.
    `wild` are symbols that are known to move more than is allowed, in percent a day, wildest first.
    `contradictions` are sentences on limits that mean nothing together.
    """

    at: datetime
    limits: RiskLimits
    overridden: tuple[str, ...]
    paused: TradingPaused | None
    windows: TradingWindows
    open: bool
    window_until: datetime | None
    day: date
    trades: tuple[tuple[Symbol, int], ...]
    newest_trade: datetime | None
    equity: Equity
    mark: EquityMark | None
    losses: int
    trips: tuple[Trip, ...]
    locks: tuple[Lock, ...]
    breaker: BreakerTrip | None
    mishaps: int
    open_orders: int
    positions: int
    exposure: Decimal | None
    wild: tuple[tuple[Symbol, Decimal], ...] = ()
    contradictions: tuple[str, ...] = ()

    @property
    def trades_today(self) -> int:
        """Opening trades of the trading day, all symbols together."""
        return sum(count for _, count in self.trades)
