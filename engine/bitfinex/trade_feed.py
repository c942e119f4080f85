"""One trades channel: a snapshot, then every trade as it happens and once confirmed (6.4)."""

from collections.abc import Callable
from typing import Literal

import msgspec

from engine.bitfinex.market_rows import Millis, is_heartbeat
from engine.bitfinex.wire import NOT_READABLE, Unreadable
from engine.model.feed import MarketFeed
from engine.model.report import MarketReport, NothingNew, TradesSnapshot, TradeTick


class _TradeRow(msgspec.Struct, array_like=True, gc=False):
    trade_id: int
    millis: Millis
    amount: float
    price: float


class _TradeFrame(msgspec.Struct, array_like=True, gc=False):
    channel: int
    word: Literal["te", "tu"]
    row: _TradeRow


class _TradesFrame(msgspec.Struct, array_like=True, gc=False):
    channel: int
    rows: list[_TradeRow]


_trade_frame = msgspec.json.Decoder(_TradeFrame).decode
_trades_frame = msgspec.json.Decoder(_TradesFrame).decode


class TradeFeed:
    """Reads the frames of one channel; raises `Unreadable`."""

    __slots__ = ("_feed", "_symbol", "_tell", "_whole")

    def __init__(self, feed: MarketFeed, tell: Callable[[MarketReport], None]) -> None:
        self._feed = feed
        self._symbol = feed.symbol
        self._tell = tell
        self._whole = False

    def __call__(self, raw: bytes) -> None:
        """Tell what a frame says."""
        try:
            row = _trade_frame(raw).row
        except NOT_READABLE:
            self._hear_other(raw)
            return
        self._tell(TradeTick(self._symbol, row.trade_id, row.millis, row.amount, row.price))

    def _hear_other(self, raw: bytes) -> None:
        if is_heartbeat(raw):
            self._tell(NothingNew(feed=self._feed))
            return
        try:
            rows = _trades_frame(raw).rows
        except NOT_READABLE as error:
            raise Unreadable(f"{error}: {raw[:120]!r}") from None
        ticks = [TradeTick(self._symbol, r.trade_id, r.millis, r.amount, r.price) for r in rows]
        if self._whole:
            for tick in ticks:
                self._tell(tick)
        else:
            self._whole = True
            self._tell(TradesSnapshot(symbol=self._symbol, trades=tuple(ticks)))
