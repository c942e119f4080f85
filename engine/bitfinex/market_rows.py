"""Public rows (facts sheet 2, 6.4): floats, and only what is used."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeVar

import msgspec

from engine.bitfinex.wire import NOT_READABLE, Unreadable
from engine.model.market import Candle, Level, OrderBook, Ticker
from engine.model.report import MarketReport
from engine.model.symbol import Symbol

T = TypeVar("T")
BookRow = tuple[float, int, float]
Read = Callable[[bytes], None]

Millis = Annotated[float, msgspec.Meta(ge=0, le=253_402_300_799_999)]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TickerRow(msgspec.Struct, array_like=True, gc=False):
    """A trading ticker; newer fields at the end are left alone."""

    bid: float
    bid_size: float
    ask: float
    ask_size: float
    change: float
    change_relative: float
    last: float
    volume: float
    high: float
    low: float


class CandleRow(msgspec.Struct, array_like=True, gc=False):
    """Open, close, high, low: in this order."""

    mts: Millis
    open: float
    close: float
    high: float
    low: float
    volume: float


class _TickerFrame(msgspec.Struct, array_like=True, gc=False):
    channel: int
    row: TickerRow


class _WordFrame(msgspec.Struct, array_like=True, gc=False):
    channel: int
    word: str


_word_frame = msgspec.json.Decoder(_WordFrame).decode
_ticker_frame = msgspec.json.Decoder(_TickerFrame).decode
_ticker_row = msgspec.json.Decoder(TickerRow).decode
_book_rows = msgspec.json.Decoder(list[BookRow]).decode
_candle_row = msgspec.json.Decoder(CandleRow).decode
_candle_rows = msgspec.json.Decoder(list[CandleRow]).decode


def beginning(channel: int) -> bytes:
    """What every frame of a channel begins with."""
    return b"[%d" % channel


def beginning_of(raw: bytes) -> bytes:
    """What a frame begins with: where it comes from, and quicker to get than a number."""
    return raw[: raw.find(b",", 1, 24)]


def channel_of(raw: bytes) -> int:
    """The number of a frame's channel; raises `Unreadable`."""
    try:
        return int(beginning_of(raw)[1:])
    except ValueError:
        raise Unreadable(f"no channel number: {raw[:40]!r}") from None


def is_heartbeat(raw: bytes) -> bool:
    """Whether a frame only says that its channel lives."""
    try:
        return _word_frame(raw).word == "hb"
    except NOT_READABLE:
        return False


def ticker_feed(
    symbol: Symbol, now: Callable[[], datetime], tell: Callable[[MarketReport], None]
) -> Read:
    """Reads the frames of one ticker channel; heartbeats tell nothing."""

    def read(raw: bytes) -> None:
        try:
            row = _ticker_frame(raw).row
        except NOT_READABLE as error:
            _expect_words(raw, error)
            return
        tell(_ticker(symbol, row, now()))

    return read


def ticker(symbol: Symbol, body: bytes, at: datetime) -> Ticker:
    """The answer of `ticker/{symbol}`."""
    return _ticker(symbol, _decoded(_ticker_row, body), at)


def book(symbol: Symbol, body: bytes, at: datetime) -> OrderBook:
    """The answer of `book/{symbol}/P0`."""
    rows = _decoded(_book_rows, body)
    bids = sorted((row for row in rows if row[2] > 0), reverse=True)
    asks = sorted(row for row in rows if row[2] < 0)
    return OrderBook(
        symbol=symbol,
        bids=tuple(Level(price, amount, count) for price, count, amount in bids),
        asks=tuple(Level(price, -amount, count) for price, count, amount in asks),
        at=at,
    )


def candles(body: bytes) -> list[Candle]:
    """The answer of `candles/{key}/hist`, oldest first."""
    rows = sorted(_decoded(_candle_rows, body), key=lambda row: row.mts)
    return [_candle(row) for row in rows]


def last_candle(body: bytes) -> Candle | None:
    """The answer of `candles/{key}/last`: one row, not nested; empty where there is none."""
    return None if body.strip() == b"[]" else _candle(_decoded(_candle_row, body))


def _ticker(symbol: Symbol, row: TickerRow, at: datetime) -> Ticker:
    # by position: by name it takes half as long again
    return Ticker(
        symbol,
        row.bid,
        row.bid_size,
        row.ask,
        row.ask_size,
        row.last,
        row.change_relative,
        row.volume,
        row.high,
        row.low,
        at,
    )


def _candle(row: CandleRow) -> Candle:
    return Candle(
        at=_EPOCH + timedelta(milliseconds=row.mts),
        open=row.open,
        close=row.close,
        high=row.high,
        low=row.low,
        volume=row.volume,
    )


def _expect_words(raw: bytes, error: Exception) -> None:
    """Heartbeats carry a word where the row would be; anything else is strange."""
    if not raw[raw.index(b",") + 1 :].lstrip().startswith(b'"'):
        raise Unreadable(f"{error}: {raw[:120]!r}")


def _decoded(decode: Callable[[bytes], T], body: bytes) -> T:
    try:
        return decode(body)
    except NOT_READABLE as error:
        raise Unreadable(str(error)) from None
