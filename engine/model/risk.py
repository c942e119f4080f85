"""Words of the risk desk: limits, guards, locks, the breaker, and a verdict."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from engine.model.order import OrderTerms, Side
from engine.model.symbol import Symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskLimits:
    """Every figure of the policy; 0, or an empty list, is off.

    Percentages are of equity (5 is 5 %), `price_band_percent` of the live mid price,
    `max_volatility_percent` is the average true range a day. Notional is in quote currency.
    Cooldowns are counted from the newest opening trade. Fields are named as in `LIMITS`.
    """

    enabled: bool = True
    max_trades_per_day: int = 0
    max_trades_per_symbol_per_day: int = 0
    trade_cooldown_seconds: int = 0
    symbol_cooldown_seconds: int = 0
    max_open_orders: int = 0
    allowed_symbols: tuple[Symbol, ...] = ()
    denied_symbols: tuple[Symbol, ...] = ()
    price_band_percent: Decimal = Decimal(50)
    max_order_notional: Decimal = Decimal(0)
    market_stale_seconds: int = 60
    max_daily_loss_percent: Decimal = Decimal(0)
    max_drawdown_percent: Decimal = Decimal(0)
    max_consecutive_losses: int = 0
    guard_cooldown_minutes: int = 0
    max_open_positions: int = 0
    max_position_percent: Decimal = Decimal(0)
    max_exposure_percent: Decimal = Decimal(0)
    max_volatility_percent: Decimal = Decimal(0)
    stop_streak_trades: int = 0
    stop_streak_lookback_minutes: int = 1440
    stop_streak_lock_minutes: int = 240
    low_profit_trades: int = 0
    low_profit_percent: Decimal = Decimal(0)
    low_profit_lookback_minutes: int = 1440
    low_profit_lock_minutes: int = 240
    breaker_events: int = 5
    breaker_window_seconds: int = 60
    breaker_pause_minutes: int = 15
    equity_ignores: tuple[str, ...] = ()


class Guard(StrEnum):
    """What blocks entries once it has tripped, until it is reset."""

    DAILY_LOSS = "daily loss"
    DRAWDOWN = "drawdown"
    CONSECUTIVE_LOSSES = "consecutive losses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A guard that has tripped: what was seen, what was allowed, and until when it blocks by
    itself; None waits for an admin."""

    guard: Guard
    at: datetime
    seen: Decimal
    allowed: Decimal
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A symbol in which nothing is opened, `until` then; None waits for a person."""

    symbol: Symbol
    at: datetime
    reason: str
    until: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerTrip:
    """Why opening trades stands still: so many mishaps within the window."""

    at: datetime
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Equity:
    """What the account is worth in `currency`; `value` is None while it is not known, and
    `unknown` says why."""

    at: datetime
    currency: str
    value: Decimal | None
    unknown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPlace:
    """How far the ledger has been read: its newest entry then, by the exchange's time."""

    entry_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What came from outside in one currency, or left for there: then it is negative."""

    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityMark:
    """Equity as it was kept: `day` is the trading day, `day_start` its first figure, `peak` the
    highest since the drawdown was last reset, both as if money that came or left since had been
    there, or gone, all the time; `at` is when (None in old ones), `ledger` how far the ledger is
    known to tell of such money."""

    value: Decimal
    currency: str
    day: date
    day_start: Decimal
    peak: Decimal
    at: datetime | None = None
    ledger: LedgerPlace | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One rule's word on an order: `objection` is empty where it has none."""

    rule: str
    objection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A closed trade: what an order that reduced a holding won or lost, in quote currency, fees
    included; `percent` of what was paid for it."""

    symbol: Symbol
    at: datetime
    profit: Decimal
    percent: Decimal
    stopped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeWish:
    """How large may an order be: `risk_percent` of equity lost at the stop.

    Either `stop` (a price) or `atr_multiple` (of the daily average true range) sets the distance;
    `entry` is a price, None for the market's. `side` None buys, or is where the stop says.
    """

    symbol: str
    risk_percent: Decimal
    stop: Decimal | None = None
    atr_multiple: Decimal | None = None
    entry: Decimal | None = None
    side: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeAdvice:
    """The size, and how it came about; money in quote currency. `terms` is the order it makes."""

    terms: OrderTerms
    entry: Decimal
    stop: Decimal
    equity: Decimal
    at_risk: Decimal
    notional: Decimal
    notes: tuple[str, ...] = ()
