"""One public socket with its share of the watched symbols (facts sheet 6.3, 6.4)."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Protocol

import structlog

from engine.bitfinex.book_feed import BookFeed, BookMismatch
from engine.bitfinex.broken import Broken
from engine.bitfinex.channels import (
    RETRY_SECONDS,
    Asked,
    Channel,
    Kind,
    Refusal,
    channel_of,
    refusal_of,
)
from engine.bitfinex.encode import message
from engine.bitfinex.link import Link
from engine.bitfinex.market_rows import Feed, ticker_feed
from engine.bitfinex.market_rows import channel_of as number_of
from engine.bitfinex.outbox import Outbox
from engine.bitfinex.sequence import OB_CHECKSUM, SEQ_ALL, MarketSequence
from engine.bitfinex.together import together
from engine.bitfinex.wire import Unreadable
from engine.model.report import BookLost, MarketLinkLost, MarketReport, WatchRefused
from engine.ports import Clock

_CONF = message({"event": "conf", "flags": SEQ_ALL | OB_CHECKSUM})

_log = structlog.get_logger(__name__)


class Neighbours(Protocol):
    """The pool, as one of its sockets sees it."""

    def overflow(self, channel: Channel) -> None:
        """This socket takes no more; find the channel another place."""
        ...


class MarketListener:
    """Subscribes its channels in every session, and reads them into the outbox."""

    def __init__(
        self, outbox: Outbox[MarketReport], neighbours: Neighbours, *, clock: Clock, capacity: int
    ) -> None:
        self._outbox = outbox
        self._neighbours = neighbours
        self._clock = clock
        self._capacity = capacity
        self._channels: dict[Channel, None] = {}
        self._asked = Asked()
        self._due: dict[Channel, None] = {}
        self._stale: list[int] = []
        self._wake = asyncio.Event()
        self._feeds: dict[int, Feed] = {}
        self._mismatches: dict[Channel, int] = {}
        self._sequence = MarketSequence()
        self._told = False
        self.unreadable = 0
        self.mismatches = 0
        self.ready = False

    @property
    def room(self) -> int:
        """How many channels may yet be added."""
        return self._capacity - len(self._channels)

    def add(self, channel: Channel) -> None:
        """Subscribe now and in every later session."""
        self._channels[channel] = None
        self._due[channel] = None
        self._wake.set()

    def reset(self) -> None:
        """Forget the session that was."""
        self.ready = False
        self._feeds.clear()
        self._stale.clear()
        self._asked.clear()
        self._sequence.reset()
        self._due = dict.fromkeys(self._channels)

    async def attend(self, link: Link) -> None:
        """Subscribe what is due, and again what got no answer."""
        await link.greeted()
        await link.send(_CONF)
        self.ready = True
        self._wake.set()
        await together(self._subscribe(link), self._remind())

    def event(self, event: Mapping[str, object]) -> None:
        """Answers to subscriptions."""
        match event.get("event"):
            case "conf":
                self._sequence.hear(event)
            case "subscribed":
                self._hear_subscribed(event)
            case "error":
                self._hear_refused(event)

    def frame(self, raw: bytes) -> None:
        """A frame of one of our channels; late frames of channels we left are dropped."""
        if self._sequence.on:
            self._sequence.see_frame(raw)
        try:
            feed = self._feeds.get(number_of(raw))
            if feed is not None:
                feed(raw)
        except Unreadable as error:
            self._note(error)
        except BookMismatch:
            self._renew_book(number_of(raw))

    def _note(self, error: Unreadable) -> None:
        self.unreadable += 1
        if self.unreadable & (self.unreadable - 1) == 0:
            _log.warning("exchange.market_frame", error=str(error), count=self.unreadable)

    def maintenance(self, *, active: bool) -> None:
        """The private side tells it."""

    def broken(self, broken: Broken) -> None:
        """Tell a loss once, and be ready to subscribe anew."""
        if self.ready or not self._told:
            self._told = True
            symbols = frozenset(channel.symbol for channel in self._channels)
            self._outbox.put(MarketLinkLost(reason=broken.reason, symbols=symbols))
        self.reset()

    def _renew_book(self, number: int) -> None:
        """Ask for a book anew: at once, and if it never adds up, less and less often."""
        feed = self._feeds.pop(number)
        if not isinstance(feed, BookFeed):
            return
        channel = Channel(Kind.BOOK, feed.symbol)
        times = 0 if feed.verified else self._mismatches.get(channel, 0)
        self._mismatches[channel] = times + 1
        self.mismatches += 1
        self._stale.append(number)
        if times:
            self._asked.begin(channel, min(RETRY_SECONDS, 2**times))
        else:
            self._due[channel] = None
        self._wake.set()
        _log.warning("exchange.book_mismatch", symbol=feed.symbol, times=times + 1)
        self._outbox.put(BookLost(symbol=feed.symbol, reason="its check figure is another"))

    async def _subscribe(self, link: Link) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            stale, self._stale = self._stale, []
            due, self._due = self._due, {}
            for number in stale:
                await link.send(message({"event": "unsubscribe", "chanId": number}))
            for channel in due:
                self._asked.begin(channel)
                await link.send(message(channel.request()))

    async def _remind(self) -> None:
        while True:
            await self._clock.sleep(1)
            for channel in self._asked.second():
                _log.info("exchange.subscribe_again", channel=channel)
                self._due[channel] = None
                self._asked.end(channel)
                self._wake.set()

    def _hear_subscribed(self, event: Mapping[str, object]) -> None:
        channel, number = channel_of(event), event.get("chanId")
        if channel is None or channel not in self._channels or not isinstance(number, int):
            _log.warning("exchange.subscribed_unasked", answer=event)
            return
        self._asked.end(channel)
        self._feeds[number] = self._feed_of(channel)

    def _feed_of(self, channel: Channel) -> Feed:
        readers: Mapping[Kind, Callable[[], Feed]] = {
            Kind.TICKER: lambda: ticker_feed(channel.symbol, self._clock.now, self._outbox.put),
            Kind.BOOK: lambda: BookFeed(channel.symbol, self._outbox.put),
        }
        return readers[channel.kind]()

    def _hear_refused(self, event: Mapping[str, object]) -> None:
        channel, refusal = channel_of(event), refusal_of(event)
        _log.warning("exchange.subscribe_refused", refusal=refusal.value, answer=event)
        if channel is None or channel not in self._channels:
            return
        # refused even the first: another socket would fare no better
        hopeless_here = refusal is Refusal.FULL and len(self._channels) == 1
        if refusal is Refusal.LATER or hopeless_here:
            self._asked.begin(channel, RETRY_SECONDS)
            return
        self._asked.end(channel)
        if refusal is Refusal.ALREADY:
            self._hear_already(channel, event)
            return
        del self._channels[channel]
        if refusal is Refusal.FULL:
            self._capacity = len(self._channels)
            self._neighbours.overflow(channel)
        else:
            words = str(event.get("msg", "no reason given"))
            self._outbox.put(WatchRefused(symbol=channel.symbol, reason=words))

    def _hear_already(self, channel: Channel, event: Mapping[str, object]) -> None:
        number = event.get("chanId")
        if isinstance(number, int) and number not in self._feeds:
            self._feeds[number] = self._feed_of(channel)
