"""Bitfinex's public side: what is followed over sockets, the rest over REST (facts sheet 2)."""

import random
from types import TracebackType
from typing import Self

from engine.bitfinex.config import BitfinexConfig
from engine.bitfinex.http import Host
from engine.bitfinex.outbox import Outbox
from engine.bitfinex.pool import CONNECT_WINDOW_SECONDS, CONNECTS, Pool
from engine.bitfinex.public_reads import PublicReads
from engine.bitfinex.rest import PublicRest
from engine.bitfinex.symbols import checked
from engine.bitfinex.timeframes import checked_timeframe
from engine.bitfinex.together import together
from engine.bitfinex.traffic import Traffic
from engine.model.feed import FeedKind, MarketFeed
from engine.model.report import MarketReport
from engine.model.symbol import Symbol
from engine.ports import Clock, Hear


class BitfinexMarketData(PublicReads):
    """The `MarketData` and `MarketRecords` ports; close it, or use it as a context.

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
        self._host = Host(config.public_rest_url)
        super().__init__(PublicRest(self._host, traffic), clock)
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
        self._pool.watch(checked(symbol))

    async def follow_trades(self, symbol: Symbol) -> None:
        """Subscribe to everybody's trades; idempotent, kept over reconnects."""
        self._pool.follow(MarketFeed(FeedKind.TRADES, checked(symbol)))

    async def follow_candles(self, symbol: Symbol, timeframe: str) -> None:
        """Subscribe to candles of one length; idempotent, kept over reconnects.

        Raises `InvalidInput` where there are none of that length.
        """
        feed = MarketFeed(FeedKind.CANDLES, checked(symbol), checked_timeframe(timeframe))
        self._pool.follow(feed)

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
