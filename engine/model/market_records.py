"""What the market did and how it is laid out: floats, for looking (facts sheet 2)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.model.order import Side
from engine.model.symbol import Symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketTrade:
    """A trade of anybody's; `side` is who took, `amount` in base units and positive."""

    trade_id: int
    symbol: Symbol
    at: datetime
    side: Side
    amount: float
    price: float


@dataclass(frozen=True, slots=True)
class RestingOrder:
    """One order of the raw book (R0): `amount` is positive on both sides."""

    order_id: int
    price: float
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBook:
    """A picture of the book order by order: both sides best first."""

    symbol: Symbol
    bids: tuple[RestingOrder, ...]
    asks: tuple[RestingOrder, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PairInfo:
    """Sizes in base units, and the share of a margin order that must be there; None if none."""

    symbol: Symbol
    min_size: Decimal | None
    max_size: Decimal | None
    initial_margin: Decimal | None
    least_margin: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivativeStatus:
    """Where a perpetual stands; rates are relative, what the exchange leaves out is None."""

    symbol: Symbol
    at: datetime
    price: float | None
    spot_price: float | None
    mark_price: float | None
    insurance_fund: float | None
    next_funding_at: datetime | None
    next_funding: float | None
    next_funding_step: int | None
    funding: float | None
    open_interest: float | None
    clamp_min: float | None
    clamp_max: float | None
