"""As many public sockets as the watched symbols need (facts sheet 1.4: 25 channels on each)."""

import asyncio
import random

from engine.bitfinex.link import Link
from engine.bitfinex.outbox import Outbox
from engine.bitfinex.pace import Connects, Pace
from engine.bitfinex.public import MarketListener
from engine.model.feed import FeedKind, MarketFeed
from engine.model.report import MarketReport
from engine.model.symbol import Symbol
from engine.ports import Clock

CHANNELS_PER_SOCKET = 25
CONNECTS = 20
CONNECT_WINDOW_SECONDS = 60.0


class Pool:
    """Opens the first socket with the first symbol, and another whenever the last is full."""

    def __init__(
        self,
        url: str,
        outbox: Outbox[MarketReport],
        connects: Connects,
        *,
        clock: Clock,
        chance: random.Random,
    ) -> None:
        self._url = url
        self._outbox = outbox
        self._clock = clock
        self._chance = chance
        self._connects = connects
        self._listeners: list[MarketListener] = []
        self._links: list[Link] = []
        self._followed: set[MarketFeed] = set()
        self._grown = asyncio.Event()

    @property
    def reconnects(self) -> int:
        """How often sockets were opened again."""
        return sum(link.reconnects for link in self._links)

    @property
    def unreadable(self) -> int:
        """How many frames could not be read."""
        return sum(listener.unreadable for listener in self._listeners)

    @property
    def mismatches(self) -> int:
        """How often a book did not add up."""
        return sum(listener.mismatches for listener in self._listeners)

    def watch(self, symbol: Symbol) -> None:
        """Ticker and book of a symbol; a second time changes nothing."""
        self.follow(MarketFeed(FeedKind.TICKER, symbol))
        self.follow(MarketFeed(FeedKind.BOOK, symbol))

    def follow(self, feed: MarketFeed) -> None:
        """One more channel; a second time changes nothing."""
        if feed not in self._followed:
            self._followed.add(feed)
            self._place(feed)

    async def run(self) -> None:
        """Keep all sockets up, those to come too; ends only by cancellation."""
        for listener in self._listeners:
            listener.reset()
        async with asyncio.TaskGroup() as tasks:
            running = 0
            while True:
                for link in self._links[running:]:
                    tasks.create_task(link.run())
                running = len(self._links)
                self._grown.clear()
                await self._grown.wait()

    def overflow(self, feed: MarketFeed) -> None:
        """A socket takes no more channels than it has; this one goes elsewhere."""
        self._place(feed)

    def _place(self, feed: MarketFeed) -> None:
        self._with_room().add(feed)

    def _with_room(self) -> MarketListener:
        for listener in self._listeners:
            if listener.room > 0:
                return listener
        listener = MarketListener(
            self._outbox, self, clock=self._clock, capacity=CHANNELS_PER_SOCKET
        )
        self._listeners.append(listener)
        pace = Pace(self._clock, self._chance, self._connects)
        self._links.append(Link(self._url, listener, self._outbox, clock=self._clock, pace=pace))
        self._grown.set()
        return listener
