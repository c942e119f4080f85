"""Where a symbol's minutes come from."""

from collections.abc import Iterator
from typing import Protocol

from engine.simulator.market.candles import Candle


class Source(Protocol):
    """A stream of one-minute candles in the feed's own time."""

    def history(self, minute: int, count: int) -> Iterator[Candle]:
        """The candles of the `count` minutes before `minute`, oldest first."""
        ...

    def candle(self, minute: int) -> Candle | None:
        """The candle of `minute` (minutes since the epoch); none where nothing was traded.

        Minutes are asked for in rising order.
        """
        ...
