"""Bitfinex's public side as far as it is asked and not followed (facts sheet 2)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from engine.bitfinex import listings, market_rows, pairs, public_rows, wire
from engine.bitfinex.pages import SURELY_LAST, Record, newest
from engine.bitfinex.rest import Params, PublicRest
from engine.bitfinex.rows import readable
from engine.bitfinex.symbols import checked
from engine.bitfinex.timeframes import CANDLES_AT_MOST, checked_timeframe
from engine.bitfinex.wire import Row, Unreadable, row_of
from engine.model.errors import ExchangeRefused, InvalidInput
from engine.model.market import Candle, OrderBook, Pair, Ticker
from engine.model.market_records import DerivativeStatus, MarketTrade, PairInfo, RawBook
from engine.model.records import EVERYTHING_RECENT, Span
from engine.model.symbol import Symbol
from engine.ports import Clock

T = TypeVar("T")

PRECISIONS = ("P0", "P1", "P2", "P3", "P4")
LENGTHS = (1, 25, 100, 250)
SYMBOLS_PER_CALL = 100


class PublicReads:
    """Everything public over REST; an answer nobody can read is `ExchangeRefused`."""

    def __init__(self, rest: PublicRest, clock: Clock) -> None:
        self._rest = rest
        self._clock = clock

    async def operative(self) -> bool:
        """Whether the exchange trades: not while it is in maintenance."""
        answer = await self._rows("platform/status")
        return wire.truth(answer, 0)

    async def pairs(self) -> Mapping[Symbol, Pair]:
        """All tradable pairs with their sizes; keep them, this is five long lists."""
        body = await self._rest.body(pairs.PATH)
        return _read(lambda: pairs.pairs_of(wire.anything(body)))

    async def ticker(self, symbol: Symbol) -> Ticker:
        """The ticker now."""
        body = await self._rest.body(f"ticker/{checked(symbol)}")
        return _read(lambda: market_rows.ticker(symbol, body, self._clock.now()))

    async def tickers(self, symbols: Sequence[Symbol] = ()) -> Mapping[Symbol, Ticker]:
        """The tickers of these symbols that the exchange knows; of all, when none is named."""
        found: dict[Symbol, Ticker] = {}
        for start in range(0, max(1, len(symbols)), SYMBOLS_PER_CALL):
            chunk = [checked(symbol) for symbol in symbols[start : start + SYMBOLS_PER_CALL]]
            rows = await self._rows("tickers", {"symbols": ",".join(chunk) or "ALL"})
            read = partial(public_rows.ticker, at=self._clock.now())
            found |= {told.symbol: told for told in readable(_trading(rows), read)}
        return found

    async def book(self, symbol: Symbol, precision: str = "P0", length: int = 25) -> OrderBook:
        """The best levels of each side now: P0 to P4 is 5 to 1 significant digits."""
        if precision not in PRECISIONS:
            raise InvalidInput(f"There is no {precision} book. Choose {', '.join(PRECISIONS)}.")
        path, params = f"book/{checked(symbol)}/{precision}", {"len": _length(length)}
        body = await self._rest.body(path, params)
        return _read(lambda: market_rows.book(symbol, body, self._clock.now()))

    async def raw_book(self, symbol: Symbol, length: int = 25) -> RawBook:
        """The best orders of each side now (R0)."""
        rows = await self._rows(f"book/{checked(symbol)}/R0", {"len": _length(length)})
        return _read(lambda: public_rows.raw_book(symbol, rows, self._clock.now()))

    async def market_trades(
        self, symbol: Symbol, span: Span = EVERYTHING_RECENT
    ) -> tuple[MarketTrade, ...]:
        """Everybody's trades, newest first."""
        record = Record(
            read=partial(public_rows.trade, checked(symbol)),
            name=lambda trade: trade.trade_id,
            at=lambda trade: trade.at,
            page=10_000,
        )
        return await newest(self._asked, f"trades/{symbol}/hist", record, span)

    async def candles(self, symbol: Symbol, timeframe: str, limit: int) -> Sequence[Candle]:
        """The newest `limit` candles (at most 10,000), oldest first; empty minutes are absent."""
        wanted = max(1, min(limit, CANDLES_AT_MOST))
        path = f"candles/trade:{checked_timeframe(timeframe)}:{checked(symbol)}/hist"
        return (await self._candles(path, {"limit": wanted}))[-wanted:]

    async def candle_history(
        self, symbol: Symbol, timeframe: str, span: Span, *, forward: bool = False
    ) -> tuple[Candle, ...]:
        """The newest `span.limit` candles of the span, oldest first, as many pages as it takes.

        With `forward` the oldest of it, which needs a start: without one the exchange would
        begin at the beginning of all history.
        """
        if span.limit < 1:
            raise InvalidInput("A list has at least one row: ask for more than none.")
        path = f"candles/trade:{checked_timeframe(timeframe)}:{checked(symbol)}/hist"
        walk = self._forward if forward else self._back
        found = await walk(path, span)
        bars = sorted(found.values(), key=lambda bar: bar.at)
        return tuple(bars[: span.limit] if forward else bars[-span.limit :])

    async def last_candle(self, symbol: Symbol, timeframe: str) -> Candle | None:
        """The candle that is still open; None where nothing was ever traded."""
        path = f"candles/trade:{checked_timeframe(timeframe)}:{checked(symbol)}/last"
        body = await self._rest.body(path)
        return _read(lambda: market_rows.last_candle(body))

    async def derivative_status(
        self, symbols: Sequence[Symbol] = ()
    ) -> Mapping[Symbol, DerivativeStatus]:
        """Where these perpetuals stand; all of them, when none is named."""
        keys = ",".join(checked(symbol) for symbol in symbols) or "ALL"
        rows = await self._rows("status/deriv", {"keys": keys})
        return {told.symbol: told for told in readable(rows, public_rows.derivative)}

    async def derivative_history(
        self, symbol: Symbol, span: Span = EVERYTHING_RECENT
    ) -> tuple[DerivativeStatus, ...]:
        """Where a perpetual stood, newest first."""
        record = Record(
            read=lambda row: public_rows.derivative([symbol, *row]),
            name=lambda status: status.at,
            at=lambda status: status.at,
            page=5_000,
        )
        return await newest(self._asked, f"status/deriv/{checked(symbol)}/hist", record, span)

    async def get_configs_symbols(self) -> tuple[str, ...]:
        """Every pair of the exchange wallet as the lists name it: `BTCUSD`, `AAVE:USD`."""
        (names,) = await self._lists(listings.EXCHANGE_PAIRS)
        return listings.names_of(names)

    async def get_currency_symbol_map(self) -> Mapping[str, str]:
        """What the API calls a currency, and what people call it: `UST` is `USDt`."""
        (rows,) = await self._lists(listings.CURRENCY_SYMBOLS)
        return listings.map_of(rows)

    async def margin_pairs(self) -> tuple[str, ...]:
        """Every pair that trades on margin."""
        (names,) = await self._lists(listings.MARGIN_PAIRS)
        return listings.names_of(names)

    async def futures_pairs(self) -> tuple[str, ...]:
        """Every perpetual."""
        (names,) = await self._lists(listings.FUTURES_PAIRS)
        return listings.names_of(names)

    async def pair_infos(self) -> Mapping[Symbol, PairInfo]:
        """Sizes and margins of every pair and perpetual."""
        return listings.infos_of(*await self._lists(listings.PAIR_INFOS, listings.FUTURES_INFOS))

    async def _back(self, path: str, span: Span) -> dict[datetime, Candle]:
        found: dict[datetime, Candle] = {}
        end = None if span.end is None else wire.millis(span.end)
        while len(found) < span.limit:
            params = (
                _limited(span, len(found)) | _start(span) | ({} if end is None else {"end": end})
            )
            page = await self._candles(path, params)
            found |= {bar.at: bar for bar in page}
            if len(page) < SURELY_LAST:
                break
            end = wire.millis(page[0].at) - 1
        return found

    async def _forward(self, path: str, span: Span) -> dict[datetime, Candle]:
        if span.start is None:
            raise InvalidInput("Candles from the oldest on need a start.")
        found: dict[datetime, Candle] = {}
        start = wire.millis(span.start)
        until = {} if span.end is None else {"end": wire.millis(span.end)}
        while len(found) < span.limit:
            params = _limited(span, len(found)) | until | {"start": start, "sort": 1}
            page = await self._candles(path, params)
            found |= {bar.at: bar for bar in page}
            if len(page) < SURELY_LAST:
                break
            start = wire.millis(page[-1].at) + 1
        return found

    async def _candles(self, path: str, params: Params) -> list[Candle]:
        body = await self._rest.body(path, params)
        return _read(lambda: market_rows.candles(body))

    async def _rows(self, path: str, params: Params | None = None) -> Row:
        body = await self._rest.body(path, params)
        return _read(lambda: row_of(wire.anything(body)))

    async def _asked(self, path: str, fields: Mapping[str, object]) -> object:
        return await self._rows(path, {name: str(value) for name, value in fields.items()})

    async def _lists(self, *keys: str) -> tuple[Row, ...]:
        rows = await self._rows(f"conf/{','.join(keys)}")
        return _read(lambda: listings.lists_of(rows, len(keys)))


def _limited(span: Span, known: int) -> dict[str, str | int]:
    return {"limit": min(CANDLES_AT_MOST, max(SURELY_LAST, span.limit - known))}


def _start(span: Span) -> dict[str, str | int]:
    return {} if span.start is None else {"start": wire.millis(span.start)}


def _length(length: int) -> int:
    if length not in LENGTHS:
        raise InvalidInput(f"A book has {', '.join(map(str, LENGTHS))} levels a side.")
    return length


def _trading(rows: Row) -> Row:
    """Without the tickers of funding currencies, which `ALL` brings too."""
    return [row for row in rows if not str(next(iter(row_of(row)), "")).startswith("f")]


def _read(read: Callable[[], T]) -> T:
    try:
        return read()
    except Unreadable as error:
        raise ExchangeRefused("The exchange's answer could not be read.") from error
