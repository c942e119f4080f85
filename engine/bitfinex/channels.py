"""The channels of one public socket: asked for, confirmed, refused, asked again (6.3)."""

from collections.abc import Mapping
from enum import Enum

from engine.bitfinex.errors import (
    SUBSCRIBE_FAILED,
    SUBSCRIBE_LIMIT,
    SUBSCRIBE_TWICE,
    SUBSCRIBE_UNKNOWN,
)
from engine.model.feed import FeedKind, MarketFeed
from engine.model.symbol import Symbol

ACK_SECONDS = 10
RETRY_SECONDS = 60
_CANDLES = "trade"


def request(feed: MarketFeed) -> dict[str, str]:
    """The `subscribe` event; a book has P0, F0, 25 levels."""
    asked = {"event": "subscribe", "channel": feed.kind.value}
    match feed.kind:
        case FeedKind.CANDLES:
            return asked | {"key": f"{_CANDLES}:{feed.timeframe}:{feed.symbol}"}
        case FeedKind.BOOK:
            return asked | {"symbol": feed.symbol, "prec": "P0", "freq": "F0", "len": "25"}
    return asked | {"symbol": feed.symbol}


class Refusal(Enum):
    """What a refused subscription means for us."""

    HOPELESS = "hopeless"
    FULL = "full"
    LATER = "later"
    ALREADY = "already"


def feed_of(event: Mapping[str, object]) -> MarketFeed | None:
    """What an answer speaks of, by the fields it echoes."""
    try:
        kind = FeedKind(event.get("channel"))
    except ValueError:
        return None
    if kind is FeedKind.CANDLES:
        return _candles_of(event.get("key"))
    symbol = event.get("symbol")
    return MarketFeed(kind, Symbol(symbol)) if isinstance(symbol, str) else None


def refusal_of(event: Mapping[str, object]) -> Refusal:
    """What to make of an `error` event."""
    match event.get("code"):
        case x if x in (SUBSCRIBE_FAILED, SUBSCRIBE_UNKNOWN):
            return Refusal.HOPELESS
        case x if x == SUBSCRIBE_LIMIT:
            return Refusal.FULL
        case x if x == SUBSCRIBE_TWICE:
            return Refusal.ALREADY
    return Refusal.LATER


def _candles_of(key: object) -> MarketFeed | None:
    match key.split(":", 2) if isinstance(key, str) else ():
        case (str(source), str(timeframe), str(symbol)) if source == _CANDLES:
            return MarketFeed(FeedKind.CANDLES, Symbol(symbol), timeframe)
    return None


class Asked:
    """Which feeds wait for an answer, and for how many seconds yet."""

    def __init__(self) -> None:
        self._left: dict[MarketFeed, int] = {}

    def begin(self, feed: MarketFeed, seconds: int = ACK_SECONDS) -> None:
        """Wait this long before asking again."""
        self._left[feed] = seconds

    def end(self, feed: MarketFeed) -> None:
        """It was answered."""
        self._left.pop(feed, None)

    def clear(self) -> None:
        """Wait for nothing."""
        self._left.clear()

    def second(self) -> list[MarketFeed]:
        """A second has passed: the feeds that have waited long enough."""
        self._left = {feed: left - 1 for feed, left in self._left.items()}
        return [feed for feed, left in self._left.items() if left <= 0]
