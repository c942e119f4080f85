"""The one door to the market: the live stream first, REST where it is silent, one cache."""

import difflib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from engine.market.live import LiveMarket
from engine.model.errors import ExchangeError, UnknownSymbol
from engine.model.feed import FeedKind, MarketFeed
from engine.model.market import Candle, OrderBook, Pair, Ticker
from engine.model.market_records import MarketTrade
from engine.model.records import Span
from engine.model.report import MarketReport
from engine.model.symbol import Symbol, of_pair
from engine.ports import Clock, MarketData

PAIRS_FRESH_FOR = timedelta(hours=1)
TRADES_SHOWN = 25
FOLLOWED_AT_MOST = 200

log = structlog.get_logger()


class MarketDataFacade:
    """Prices for whoever asks; what is asked for once is followed live from then on."""

    def __init__(self, source: MarketData, clock: Clock, stale_after: float = 30.0) -> None:
        self._source = source
        self._clock = clock
        self._stale_after = timedelta(seconds=stale_after)
        self._pairs: Mapping[Symbol, Pair] = {}
        self._pairs_at: datetime | None = None
        self._live = LiveMarket()
        self._watched: dict[Symbol, None] = {}
        self._followed: set[MarketFeed] = set()
        self.live_answers = 0
        self.asked_answers = 0

    async def run(self) -> None:
        """Keep listening; ends only by cancellation."""
        await self._source.run(self.hear)

    def hear(self, reports: Sequence[MarketReport]) -> None:
        """Take in what the stream says."""
        self._live.hear(reports, self._clock.now())
        while self._live.refused:
            self._watched.pop(self._live.refused.pop(), None)

    @property
    def hears(self) -> bool:
        """Whether the stream has said anything of late."""
        return self._fresh(self._live.heard_at)

    @property
    def watched(self) -> tuple[Symbol, ...]:
        """Symbols followed live, first followed first."""
        return tuple(self._watched)

    async def watch(self, symbol: Symbol) -> None:
        """Follow a symbol's ticker and book live."""
        if symbol not in self._watched:
            self._watched[symbol] = None
            await self._source.watch(symbol)

    async def follow_trades(self, symbol: Symbol) -> None:
        """Follow everybody's trades live, unless too much is followed already."""
        feed = MarketFeed(FeedKind.TRADES, symbol)
        if self._may_follow(feed):
            await self._source.follow_trades(symbol)
            self._followed.add(feed)

    async def follow_candles(self, symbol: Symbol, timeframe: str) -> None:
        """Follow candles of one length live, unless too much is followed already."""
        feed = MarketFeed(FeedKind.CANDLES, symbol, timeframe)
        if self._may_follow(feed):
            await self._source.follow_candles(symbol, timeframe)
            self._followed.add(feed)

    async def ticker(self, symbol: Symbol) -> tuple[Ticker, bool]:
        """The newest ticker, and whether it came live."""
        known = self._live.tickers.get(symbol)
        if known is not None and self._fresh(known.at):
            self.live_answers += 1
            return known, True
        return await self.newest_ticker(symbol), False

    async def newest_ticker(self, symbol: Symbol) -> Ticker:
        """The ticker as it is now, asked for whatever was heard."""
        await self.watch(symbol)
        self.asked_answers += 1
        ticker = await self._source.ticker(symbol)
        self._live.tickers[symbol] = ticker
        return ticker

    def at_hand(self, symbol: Symbol, within: float = 0) -> tuple[Pair, Ticker] | None:
        """What `pair` and `ticker` say where nobody has to be asked; None where somebody has.

        With `within`, a ticker that is more seconds old is to be asked for.
        """
        now, known = self._clock.now(), self._live.tickers.get(symbol)
        pair = self._pairs.get(symbol)
        if pair is None or known is None or self._pairs_at is None:
            return None
        if now - self._pairs_at > PAIRS_FRESH_FOR or now - known.at >= self._stale_after:
            return None
        if within and (now - known.at).total_seconds() > within:
            return None
        self.live_answers += 1
        return pair, known

    async def book(self, symbol: Symbol) -> OrderBook:
        """The best levels of both sides."""
        live = self._live.books.get(symbol)
        if live is not None and live.heard_at and self._fresh(live.heard_at):
            self.live_answers += 1
            return live.picture(live.heard_at)
        await self.watch(symbol)
        self.asked_answers += 1
        return await self._source.book(symbol)

    def heard_ticker(self, symbol: Symbol) -> Ticker | None:
        """The newest ticker as it was heard live; None where it was not of late."""
        known = self._live.tickers.get(symbol)
        return known if known is not None and self._fresh(known.at) else None

    def heard_book(self, symbol: Symbol) -> OrderBook | None:
        """The best levels as they were heard live; None where they were not of late."""
        live = self._live.books.get(symbol)
        if live is None or live.heard_at is None or not self._fresh(live.heard_at):
            return None
        return live.picture(live.heard_at)

    async def trades(self, symbol: Symbol, limit: int = TRADES_SHOWN) -> Sequence[MarketTrade]:
        """Everybody's newest trades, newest first."""
        live = self._live.trades.get(symbol)
        fresh = live is not None and self._fresh(live.heard_at)
        if live is not None and fresh and len(live) >= limit:
            self.live_answers += 1
            return live.newest(limit)
        await self.follow_trades(symbol)
        self.asked_answers += 1
        asked = await self._source.market_trades(symbol, Span(limit=limit))
        if live is not None and fresh:
            live.fill(asked)
        return asked

    async def candles(self, symbol: Symbol, timeframe: str, limit: int) -> Sequence[Candle]:
        """The newest candles, oldest first, the open one at the end; empty ones are absent."""
        live = self._live.candles.get((symbol, timeframe))
        fresh = live is not None and self._fresh(live.heard_at)
        if live is not None and fresh and len(live) >= limit:
            self.live_answers += 1
            return live.newest(limit)
        await self.follow_candles(symbol, timeframe)
        self.asked_answers += 1
        asked = await self._source.candles(symbol, timeframe, limit)
        if live is not None and fresh:
            live.fill(asked)
        return asked

    def last_price(self, symbol: Symbol) -> float | None:
        """The newest mid that was heard, however old; None if none ever was."""
        ticker = self._live.tickers.get(symbol)
        return ticker.mid if ticker else None

    @property
    def known_pairs(self) -> Mapping[Symbol, Pair]:
        """What the exchange has said of pairs so far, without asking; empty before it has."""
        return self._pairs

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

    def _may_follow(self, feed: MarketFeed) -> bool:
        return feed not in self._followed and len(self._followed) < FOLLOWED_AT_MOST

    def _fresh(self, at: datetime | None) -> bool:
        return at is not None and self._clock.now() - at < self._stale_after


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
