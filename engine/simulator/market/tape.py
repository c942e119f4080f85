"""The public trades of a symbol, newest kept."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from engine.simulator.wire.json import Row

KEPT = 5_000


class PublicTrade(NamedTuple):
    """One trade as everybody sees it; the sign of `amount` is the taker's side."""

    id: int
    mts: int
    amount: float
    price: float

    def row(self) -> Row:
        return [self.id, self.mts, self.amount, self.price]


class Tape:
    """Trades in the order they happened."""

    def __init__(self) -> None:
        self._trades: deque[PublicTrade] = deque(maxlen=KEPT)
        self.count = 0

    def add(self, trade: PublicTrade) -> None:
        self._trades.append(trade)
        self.count += 1

    def since(self, count: int) -> list[PublicTrade]:
        """What came after the first `count` trades, oldest first, as far as it is kept."""
        return list(reversed(self.newest(self.count - count)))

    def newest(self, limit: int) -> list[PublicTrade]:
        return [trade for _, trade in zip(range(limit), reversed(self._trades), strict=False)]

    def between(
        self, start: int | None, end: int | None, limit: int, *, oldest_first: bool
    ) -> list[PublicTrade]:
        """Trades with `start <= mts <= end`, newest first unless told otherwise."""
        wanted = self._trades if oldest_first else reversed(self._trades)
        inside = (
            trade
            for trade in wanted
            if (start is None or trade.mts >= start) and (end is None or trade.mts <= end)
        )
        return list(_first(inside, limit))


def _first(trades: Iterator[PublicTrade], limit: int) -> Iterator[PublicTrade]:
    for _, trade in zip(range(limit), trades, strict=False):
        yield trade
