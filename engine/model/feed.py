"""What can be followed of a market."""

from dataclasses import dataclass
from enum import Enum

from engine.model.symbol import Symbol


class FeedKind(Enum):
    """By the name the exchange has for it (facts sheet 6.3)."""

    TICKER = "ticker"
    BOOK = "book"
    TRADES = "trades"
    CANDLES = "candles"


@dataclass(frozen=True, slots=True)
class MarketFeed:
    """One thing to follow of a symbol; only candles have a `timeframe`."""

    kind: FeedKind
    symbol: Symbol
    timeframe: str = ""
