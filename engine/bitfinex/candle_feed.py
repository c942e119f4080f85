"""One candles channel: a snapshot, then each candle whenever it changes (6.4)."""

from collections.abc import Callable

import msgspec

from engine.bitfinex.market_rows import CandleRow, is_heartbeat
from engine.bitfinex.wire import NOT_READABLE, Unreadable
from engine.model.feed import MarketFeed
from engine.model.report import Bar, CandleChange, CandlesSnapshot, MarketReport, NothingNew


class _CandleFrame(msgspec.Struct, array_like=True, gc=False):
    channel: int
    row: CandleRow


class _CandlesFrame(msgspec.Struct, array_like=True, gc=False):
    channel: int
    rows: list[CandleRow]


_candle_frame = msgspec.json.Decoder(_CandleFrame).decode
_candles_frame = msgspec.json.Decoder(_CandlesFrame).decode


class CandleFeed:
    """Reads the frames of one channel; raises `Unreadable`."""

    __slots__ = ("_feed", "_symbol", "_tell", "_timeframe", "_whole")

    def __init__(self, feed: MarketFeed, tell: Callable[[MarketReport], None]) -> None:
        self._feed = feed
        self._symbol, self._timeframe = feed.symbol, feed.timeframe
        self._tell = tell
        self._whole = False

    def __call__(self, raw: bytes) -> None:
        """Tell what a frame says."""
        try:
            row = _candle_frame(raw).row
        except NOT_READABLE:
            self._hear_other(raw)
            return
        self._tell(CandleChange(self._symbol, self._timeframe, _bar(row)))

    def _hear_other(self, raw: bytes) -> None:
        if is_heartbeat(raw):
            self._tell(NothingNew(feed=self._feed))
            return
        try:
            bars = [_bar(row) for row in _candles_frame(raw).rows]
        except NOT_READABLE as error:
            raise Unreadable(f"{error}: {raw[:120]!r}") from None
        if self._whole:
            for bar in bars:
                self._tell(CandleChange(self._symbol, self._timeframe, bar))
        else:
            self._whole = True
            self._tell(
                CandlesSnapshot(symbol=self._symbol, timeframe=self._timeframe, bars=tuple(bars))
            )


def _bar(row: CandleRow) -> Bar:
    return row.mts, row.open, row.close, row.high, row.low, row.volume
