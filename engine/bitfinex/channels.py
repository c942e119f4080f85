"""The channels of one public socket: asked for, confirmed, refused, asked again (6.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from engine.bitfinex.errors import (
    SUBSCRIBE_FAILED,
    SUBSCRIBE_LIMIT,
    SUBSCRIBE_TWICE,
    SUBSCRIBE_UNKNOWN,
)
from engine.model.symbol import Symbol

ACK_SECONDS = 10
RETRY_SECONDS = 60


class Kind(Enum):
    """What a watched symbol is subscribed to."""

    TICKER = "ticker"
    BOOK = "book"


@dataclass(frozen=True, slots=True)
class Channel:
    """One subscription: `ticker`, or `book` with P0, F0, 25 levels."""

    kind: Kind
    symbol: Symbol

    def request(self) -> dict[str, str]:
        """The `subscribe` event."""
        asked = {"event": "subscribe", "channel": self.kind.value, "symbol": str(self.symbol)}
        if self.kind is Kind.BOOK:
            asked |= {"prec": "P0", "freq": "F0", "len": "25"}
        return asked


class Refusal(Enum):
    """What a refused subscription means for us."""

    HOPELESS = "hopeless"
    FULL = "full"
    LATER = "later"
    ALREADY = "already"


def channel_of(event: Mapping[str, object]) -> Channel | None:
    """The channel an answer speaks of, by the fields it echoes."""
    symbol = event.get("symbol")
    try:
        kind = Kind(event.get("channel"))
    except ValueError:
        return None
    return Channel(kind, Symbol(symbol)) if isinstance(symbol, str) else None


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


class Asked:
    """Which channels wait for an answer, and for how many seconds yet."""

    def __init__(self) -> None:
        self._left: dict[Channel, int] = {}

    def begin(self, channel: Channel, seconds: int = ACK_SECONDS) -> None:
        """Wait this long before asking again."""
        self._left[channel] = seconds

    def end(self, channel: Channel) -> None:
        """It was answered."""
        self._left.pop(channel, None)

    def clear(self) -> None:
        """Wait for nothing."""
        self._left.clear()

    def second(self) -> list[Channel]:
        """A second has passed: the channels that have waited long enough."""
        self._left = {channel: left - 1 for channel, left in self._left.items()}
        return [channel for channel, left in self._left.items() if left <= 0]
