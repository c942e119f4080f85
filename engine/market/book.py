"""One symbol's live order book (facts sheet 6.5)."""

from collections.abc import Sequence
from datetime import datetime

from engine.model.market import Level, OrderBook
from engine.model.order import Side
from engine.model.report import BookChange, BookSnapshot
from engine.model.symbol import Symbol


class LiveBook:
    """Levels by price; sorted when looked at, which is far rarer than a change."""

    __slots__ = ("_asks", "_bids", "heard_at", "symbol")

    def __init__(self, symbol: Symbol) -> None:
        self.symbol = symbol
        self.heard_at: datetime | None = None
        self._bids: dict[float, tuple[float, int]] = {}
        self._asks: dict[float, tuple[float, int]] = {}

    def reset(self, snapshot: BookSnapshot) -> None:
        """Begin anew from a snapshot."""
        self._bids.clear()
        self._asks.clear()
        for price, count, amount in snapshot.rows:
            self.change(BookChange(self.symbol, price, count, amount))

    def change(self, change: BookChange) -> None:
        """Set or remove one level; removing an unknown one is no error."""
        amount = change.amount
        side = self._bids if amount > 0 else self._asks
        if change.count > 0:
            side[change.price] = (abs(amount), change.count)
        else:
            side.pop(change.price, None)

    def picture(self, at: datetime, depth: int = 25) -> OrderBook:
        """Both sides, best first."""
        bids, asks = sorted(self._bids.items(), reverse=True), sorted(self._asks.items())
        return OrderBook(
            symbol=self.symbol, bids=_levels(bids[:depth]), asks=_levels(asks[:depth]), at=at
        )


def _levels(rows: Sequence[tuple[float, tuple[float, int]]]) -> tuple[Level, ...]:
    return tuple(Level(price, amount, count) for price, (amount, count) in rows)


def walk(levels: Sequence[Level], amount: float) -> tuple[float, float]:
    """Take `amount` base units from the best level on: average price, and how much was there."""
    left, spent = amount, 0.0
    for level in levels:
        taken = min(left, level.amount)
        spent += taken * level.price
        left -= taken
        if left <= 0:
            break
    filled = amount - max(left, 0.0)
    return (spent / filled if filled else 0.0), filled


def facing(book: OrderBook, side: Side) -> Sequence[Level]:
    """The side an order of `side` would take from."""
    return book.asks if side is Side.BUY else book.bids
