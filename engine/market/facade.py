"""The one door to the market: the live stream first, REST where it is silent, one cache."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from engine.market.book import LiveBook
from engine.model.errors import ExchangeError, UnknownSymbol
from engine.model.market import OrderBook, Pair, Ticker
from engine.model.report import (
    BookChange,
    BookLost,
    BookSnapshot,
    MarketLinkLost,
    MarketReport,
    WatchRefused,
)
from engine.model.symbol import Symbol, of_pair
from engine.ports import Clock, MarketData

PAIRS_FRESH_FOR = timedelta(hours=1)

log = structlog.get_logger()


class MarketDataFacade:
    """Prices for whoever asks; what is asked for once is followed live from then on."""

    def __init__(self, source: MarketData, clock: Clock, stale_after: float = 30.0) -> None:
        self._source = source
        self._clock = clock
        self._stale_after = timedelta(seconds=stale_after)
        self._pairs: Mapping[Symbol, Pair] = {}
        self._pairs_at: datetime | None = None
        self._tickers: dict[Symbol, Ticker] = {}
        self._books: dict[Symbol, LiveBook] = {}
        self._book_heard: dict[Symbol, datetime] = {}
        self._heard_at: datetime | None = None
        self._watched: dict[Symbol, None] = {}
        self.live_answers = 0
        self.asked_answers = 0

    async def run(self) -> None:
        """Keep listening; ends only by cancellation."""
        await self._source.run(self.hear)

    def hear(self, reports: Sequence[MarketReport]) -> None:
        """Take in what the stream says."""
        now = self._clock.now()
        self._heard_at = now
        for report in reports:
            match report:
                case Ticker():
                    self._tickers[report.symbol] = report
                case BookSnapshot():
                    self._live_book(report.symbol).reset(report)
                    self._book_heard[report.symbol] = now
                case BookChange():
                    self._live_book(report.symbol).change(report)
                    self._book_heard[report.symbol] = now
                case BookLost():
                    self._forget_book(report.symbol)
                case WatchRefused():
                    self._watched.pop(report.symbol, None)
                case MarketLinkLost():
                    self._forget(report.symbols)

    @property
    def hears(self) -> bool:
        """Whether the stream has said anything of late."""
        return self._heard_at is not None and self._fresh(self._heard_at)

    @property
    def watched(self) -> tuple[Symbol, ...]:
        """Symbols followed live, first followed first."""
        return tuple(self._watched)

    async def watch(self, symbol: Symbol) -> None:
        """Follow a symbol live."""
        if symbol not in self._watched:
            self._watched[symbol] = None
            await self._source.watch(symbol)

    async def ticker(self, symbol: Symbol) -> tuple[Ticker, bool]:
        """The newest ticker, and whether it came live."""
        known = self._tickers.get(symbol)
        if known is not None and self._fresh(known.at):
            self.live_answers += 1
            return known, True
        await self.watch(symbol)
        self.asked_answers += 1
        ticker = await self._source.ticker(symbol)
        self._tickers[symbol] = ticker
        return ticker, False

    async def book(self, symbol: Symbol) -> OrderBook:
        """The best levels of both sides."""
        heard = self._book_heard.get(symbol)
        if heard is not None and self._fresh(heard):
            self.live_answers += 1
            return self._books[symbol].picture(heard)
        await self.watch(symbol)
        self.asked_answers += 1
        return await self._source.book(symbol)

    def last_price(self, symbol: Symbol) -> float | None:
        """The newest mid that was heard, however old; None if none ever was."""
        ticker = self._tickers.get(symbol)
        return ticker.mid if ticker else None

    async def pairs(self) -> Mapping[Symbol, Pair]:
        """All pairs the exchange trades, asked for once an hour."""
        now = self._clock.now()
        if self._pairs_at is None or now - self._pairs_at > PAIRS_FRESH_FOR:
            try:
                self._pairs = await self._source.pairs()
                self._pairs_at = now
            except ExchangeError:
                if not self._pairs:
                    raise
                log.warning("pairs_not_renewed", since=self._pairs_at)
        return self._pairs

    async def pair(self, typed: str) -> Pair:
        """The pair a person means by `tBTCUSD`, `btcusd` or `BTC/USD`; else `UnknownSymbol`."""
        pairs = await self.pairs()
        if (exact := pairs.get(Symbol(typed))) is not None:
            return exact
        for symbol in _readings(typed):
            if symbol in pairs:
                return pairs[symbol]
        raise UnknownSymbol(_nearest(typed, pairs))

    def _forget(self, symbols: Iterable[Symbol]) -> None:
        for symbol in symbols:
            self._tickers.pop(symbol, None)
            self._forget_book(symbol)
        if not self._book_heard:
            self._heard_at = None

    def _forget_book(self, symbol: Symbol) -> None:
        self._books.pop(symbol, None)
        self._book_heard.pop(symbol, None)

    def _fresh(self, at: datetime) -> bool:
        return self._clock.now() - at < self._stale_after

    def _live_book(self, symbol: Symbol) -> LiveBook:
        return self._books.setdefault(symbol, LiveBook(symbol))


def _readings(typed: str) -> Sequence[Symbol]:
    name = typed.strip()
    bare = name[1:] if name.startswith("t") else name
    upper = [part.upper().replace("/", "").replace("-", "") for part in (bare, name)]
    colon = [part.upper().replace("/", ":").replace("-", ":") for part in (bare, name)]
    return [Symbol(name), *(of_pair(pair) for pair in (*upper, *colon))]


def _nearest(typed: str, pairs: Mapping[Symbol, Pair]) -> str:
    wanted = "t" + typed.strip().removeprefix("t").upper()
    near = difflib.get_close_matches(wanted[:40], list(pairs), n=3, cutoff=0.4)
    nearest = f" Nearest: {', '.join(near)}." if near else " Example: tBTCUSD."
    return f"The exchange lists no symbol “{typed[:40]}”.{nearest}"
