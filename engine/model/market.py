"""What the market shows: floats, for looking and estimating; money is made of it in `money`."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from engine.model.symbol import Symbol

TIMEFRAMES = ("1m", "5m", "15m", "30m", "1h", "3h", "6h", "12h", "1D", "1W", "14D", "1M")


class Ticker(NamedTuple):
    """The last word on a symbol; `change` is relative (0.01 = 1 %) over 24 hours.

    A tuple, because there are many: a frozen dataclass of this size takes four times as long.
    """

    symbol: Symbol
    bid: float
    bid_size: float
    ask: float
    ask_size: float
    last: float
    change: float
    volume: float
    high: float
    low: float
    at: datetime

    @property
    def mid(self) -> float:
        """Half way between the best bid and the best ask."""
        return (self.bid + self.ask) / 2


@dataclass(frozen=True, slots=True)
class Level:
    """One price of an order book: `amount` is positive on both sides."""

    price: float
    amount: float
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBook:
    """A picture of the book: both sides best first."""

    symbol: Symbol
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Candle:
    """One bar; `at` is its opening time."""

    at: datetime
    open: float
    close: float
    high: float
    low: float
    volume: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What the exchange says of a tradable pair; sizes in base units (facts sheet 2, conf)."""

    symbol: Symbol
    min_size: Decimal
    max_size: Decimal
    margin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """Rates of the account: 0.001 is 0.1 % (facts sheet 3, `auth/r/summary`)."""

    maker: Decimal
    taker: Decimal
