"""Bitfinex's public side: tickers and books over sockets, the rest over REST (facts sheet 2)."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeVar

from engine.bitfinex import market_rows, wire
from engine.bitfinex.config import BitfinexConfig
from engine.bitfinex.http import Host
from engine.bitfinex.outbox import Outbox
from engine.bitfinex.pairs import PATH, pairs_of
from engine.bitfinex.pool import CONNECT_WINDOW_SECONDS, CONNECTS, Pool
from engine.bitfinex.rest import PublicRest
from engine.bitfinex.together import together
from engine.bitfinex.traffic import Traffic
from engine.bitfinex.wire import Unreadable
from engine.model.errors import ExchangeRefused, InvalidInput, UnknownSymbol
from engine.model.market import Candle, OrderBook, Pair, Ticker
from engine.model.report import MarketReport
from engine.model.symbol import Symbol
from engine.ports import Clock, Hear

T = TypeVar("T")

TIMEFRAMES = ("1m", "5m", "15m", "30m", "1h", "3h", "6h", "12h", "1D", "1W", "14D", "1M")
CANDLES_AT_MOST = 10_000
_SYMBOL = re.compile(r"t[A-Za-z0-9:]{2,40}")


class BitfinexMarketData:
    """The `MarketData` port; close it, or use it as a context, to let go of its connections.

    `traffic` is shared by all clients of a process.
    """

    def __init__(
        self,
        config: BitfinexConfig,
        *,
        clock: Clock,
        chance: random.Random,
        traffic: Traffic | None = None,
    ) -> None:
        url, traffic = config.ws_public_url, traffic or Traffic(clock)
        self._clock = clock
        self._host = Host(config.public_rest_url)
        self._rest = PublicRest(self._host, traffic)
        self._outbox: Outbox[MarketReport] = Outbox()
        connects = traffic.connects(url, CONNECTS, CONNECT_WINDOW_SECONDS)
        self._pool = Pool(url, self._outbox, connects, clock=clock, chance=chance)

    @property
    def reconnects(self) -> int:
        """How often a public socket was opened again."""
        return self._pool.reconnects

    @property
    def unreadable_frames(self) -> int:
        """How many frames of the market could not be read."""
        return self._pool.unreadable

    @property
    def book_mismatches(self) -> int:
        """How often a book did not add up and was asked for anew."""
        return self._pool.mismatches

    async def run(self, hear: Hear) -> None:
        """Keep the public sockets up for ever; what `hear` raises ends it."""
        self._outbox.clear()
        await together(self._pool.run(), self._deliver(hear))

    async def watch(self, symbol: Symbol) -> None:
        """Subscribe to ticker and book; idempotent, kept over reconnects."""
        self._pool.watch(_checked(symbol))

    async def pairs(self) -> Mapping[Symbol, Pair]:
        """All tradable pairs with their sizes; keep them, this is three long lists."""
        body = await self._rest.body(PATH)
        return _read(lambda: pairs_of(wire.anything(body)))

    async def ticker(self, symbol: Symbol) -> Ticker:
        """The ticker now."""
        body = await self._rest.body(f"ticker/{_checked(symbol)}")
        return _read(lambda: market_rows.ticker(symbol, body, self._clock.now()))

    async def book(self, symbol: Symbol) -> OrderBook:
        """The best 25 levels of each side now."""
        body = await self._rest.body(f"book/{_checked(symbol)}/P0", {"len": 25})
        return _read(lambda: market_rows.book(symbol, body, self._clock.now()))

    async def candles(self, symbol: Symbol, timeframe: str, limit: int) -> Sequence[Candle]:
        """The newest `limit` candles (at most 10,000), oldest first; empty minutes are absent."""
        if timeframe not in TIMEFRAMES:
            raise InvalidInput(f"There are no {timeframe} candles. Choose {', '.join(TIMEFRAMES)}.")
        wanted = max(1, min(limit, CANDLES_AT_MOST))
        path = f"candles/trade:{timeframe}:{_checked(symbol)}/hist"
        body = await self._rest.body(path, {"limit": wanted})
        return _read(lambda: market_rows.candles(body))[-wanted:]

    async def close(self) -> None:
        """Let go of the REST connections; the sockets end with `run`."""
        await self._host.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _deliver(self, hear: Hear) -> None:
        while True:
            hear(await self._outbox.take())


def _checked(symbol: Symbol) -> Symbol:
    if _SYMBOL.fullmatch(symbol):
        return symbol
    raise UnknownSymbol(f"{symbol[:40]!r} is not a trading symbol. One is tBTCUSD.")


def _read(read: Callable[[], T]) -> T:
    try:
        return read()
    except Unreadable as error:
        raise ExchangeRefused("The exchange's answer could not be read.") from error
