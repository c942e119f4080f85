"""One P0 book channel: snapshot, changes, and whether it all adds up (facts sheet 6.4, 6.5)."""

from collections.abc import Callable

import msgspec

from engine.bitfinex.checksum import checksum
from engine.bitfinex.wire import NOT_READABLE, Unreadable
from engine.model.report import BookChange, BookSnapshot, MarketReport
from engine.model.symbol import Symbol

BookRow = tuple[float, int, float]
Tell = Callable[[MarketReport], None]


class _ChangeFrame(msgspec.Struct, array_like=True, gc=False):
    channel: int
    row: BookRow


class _BookFrame(msgspec.Struct, array_like=True, gc=False):
    channel: int
    rows: list[BookRow]


class _WordFrame(msgspec.Struct, array_like=True, gc=False):
    channel: int
    word: str
    figure: int | None = None


_change_frame = msgspec.json.Decoder(_ChangeFrame).decode
_book_frame = msgspec.json.Decoder(_BookFrame).decode
_word_frame = msgspec.json.Decoder(_WordFrame).decode


class BookMismatch(Exception):
    """A book that was kept change by change is not the exchange's any more."""


class BookFeed:
    """Reads the frames of one channel and keeps its levels, for the exchange's check figures."""

    __slots__ = ("_asks", "_bids", "_tell", "_whole", "symbol", "verified")

    def __init__(self, symbol: Symbol, tell: Tell) -> None:
        self.symbol = symbol
        self._tell = tell
        self._bids: dict[float, float] = {}
        self._asks: dict[float, float] = {}
        self._whole = False
        self.verified = 0

    def __call__(self, raw: bytes) -> None:
        """Tell what a frame says.

        Raises `Unreadable`, and `BookMismatch` when a check figure is not ours.
        """
        try:
            row = _change_frame(raw).row
        except NOT_READABLE:
            self._hear_other(raw)
            return
        # before the snapshot there is nothing to change
        if self._whole:
            self._change(row)

    def _change(self, row: BookRow) -> None:
        price, count, amount = row
        side = self._bids if amount > 0 else self._asks
        if count:
            side[price] = amount
        else:
            side.pop(price, None)
        self._tell(BookChange(self.symbol, price, count, amount))

    def _hear_other(self, raw: bytes) -> None:
        try:
            rows = _book_frame(raw).rows
        except NOT_READABLE as error:
            self._hear_word(raw, error)
            return
        if self._whole:  # several changes in one frame, as with the flag BULK
            for row in rows:
                self._change(row)
        else:
            self._begin(rows)

    def _begin(self, rows: list[BookRow]) -> None:
        self._whole = True
        for price, _, amount in rows:
            side = self._bids if amount > 0 else self._asks
            side[price] = amount
        self._tell(BookSnapshot(symbol=self.symbol, rows=tuple(rows)))

    def _hear_word(self, raw: bytes, error: Exception) -> None:
        try:
            frame = _word_frame(raw)
        except NOT_READABLE:
            raise Unreadable(f"{error}: {raw[:120]!r}") from None
        if frame.word == "cs" and frame.figure is not None and self._whole:
            self._verify(frame.figure)
        elif frame.word not in ("cs", "hb"):
            raise Unreadable(f"an unknown word: {raw[:120]!r}")

    def _verify(self, figure: int) -> None:
        if checksum(self._bids, self._asks) != figure:
            raise BookMismatch
        self.verified += 1
