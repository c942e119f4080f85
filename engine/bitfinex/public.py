"""One public socket with its share of the watched symbols (facts sheet 6.3, 6.4)."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

import structlog

from engine.bitfinex.batch_clock import BatchClock
from engine.bitfinex.book_feed import BookFeed, BookMismatch
from engine.bitfinex.broken import Broken
from engine.bitfinex.candle_feed import CandleFeed
from engine.bitfinex.channels import (
    RETRY_SECONDS,
    Asked,
    Refusal,
    feed_of,
    refusal_of,
    request,
)
from engine.bitfinex.encode import message
from engine.bitfinex.link import Link
from engine.bitfinex.market_rows import Read, beginning, beginning_of, channel_of, ticker_feed
from engine.bitfinex.outbox import Outbox
from engine.bitfinex.sequence import OB_CHECKSUM, SEQ_ALL, MarketSequence
from engine.bitfinex.together import together
from engine.bitfinex.trade_feed import TradeFeed
from engine.bitfinex.wire import Unreadable
from engine.model.feed import FeedKind, MarketFeed
from engine.model.report import BookLost, MarketLinkLost, MarketReport, WatchRefused
from engine.ports import Clock

_CONF = message({"event": "conf", "flags": SEQ_ALL | OB_CHECKSUM})

_log = structlog.get_logger(__name__)


class Neighbours(Protocol):
    """The pool, as one of its sockets sees it."""

    def overflow(self, feed: MarketFeed) -> None:
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
        self._batch_clock = BatchClock(clock, outbox)
        self._capacity = capacity
        self._feeds: dict[MarketFeed, None] = {}
        self._asked = Asked()
        self._due: dict[MarketFeed, None] = {}
        self._stale: list[int] = []
        self._wake = asyncio.Event()
        self._readers: dict[bytes, Read] = {}
        self._mismatches: dict[MarketFeed, int] = {}
        self._sequence = MarketSequence()
        self._told = False
        self.unreadable = 0
        self.mismatches = 0
        self.ready = False

    @property
    def room(self) -> int:
        """How many feeds may yet be added."""
        return self._capacity - len(self._feeds)

    def add(self, feed: MarketFeed) -> None:
        """Subscribe now and in every later session."""
        self._feeds[feed] = None
        self._due[feed] = None
        self._wake.set()

    def reset(self) -> None:
        """Forget the session that was."""
        self.ready = False
        self._readers.clear()
        self._stale.clear()
        self._asked.clear()
        self._sequence.reset()
        self._due = dict.fromkeys(self._feeds)

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
        read = self._readers.get(beginning_of(raw))
        try:
            if read is not None:
                read(raw)
            else:
                channel_of(raw)
        except Unreadable as error:
            self._note(error)
        except BookMismatch:
            self._renew_book(channel_of(raw))

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
            lost = frozenset(self._feeds)
            self._outbox.put(MarketLinkLost(reason=broken.reason, feeds=lost))
        self.reset()

    def _renew_book(self, number: int) -> None:
        """Ask for a book anew: at once, and if it never adds up, less and less often."""
        book = self._readers.pop(beginning(number))
        if not isinstance(book, BookFeed):
            return
        feed = MarketFeed(FeedKind.BOOK, book.symbol)
        times = 0 if book.verified else self._mismatches.get(feed, 0)
        self._mismatches[feed] = times + 1
        self.mismatches += 1
        self._stale.append(number)
        if times:
            self._asked.begin(feed, min(RETRY_SECONDS, 2**times))
        else:
            self._due[feed] = None
        self._wake.set()
        _log.warning("exchange.book_mismatch", symbol=book.symbol, times=times + 1)
        self._outbox.put(BookLost(symbol=book.symbol, reason="its check figure is another"))

    async def _subscribe(self, link: Link) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            stale, self._stale = self._stale, []
            due, self._due = self._due, {}
            for number in stale:
                await link.send(message({"event": "unsubscribe", "chanId": number}))
            for feed in due:
                self._asked.begin(feed)
                await link.send(message(request(feed)))

    async def _remind(self) -> None:
        while True:
            await self._clock.sleep(1)
            for feed in self._asked.second():
                _log.info("exchange.subscribe_again", feed=feed)
                self._due[feed] = None
                self._asked.end(feed)
                self._wake.set()

    def _hear_subscribed(self, event: Mapping[str, object]) -> None:
        feed, number = feed_of(event), event.get("chanId")
        if feed is None or feed not in self._feeds or not isinstance(number, int):
            _log.warning("exchange.subscribed_unasked", answer=event)
            return
        self._asked.end(feed)
        self._readers[beginning(number)] = self._reader_of(feed)

    def _reader_of(self, feed: MarketFeed) -> Read:
        tell = self._outbox.put
        match feed.kind:
            case FeedKind.TICKER:
                return ticker_feed(feed.symbol, self._batch_clock.now, tell)
            case FeedKind.BOOK:
                return BookFeed(feed.symbol, tell)
            case FeedKind.TRADES:
                return TradeFeed(feed, tell)
            case FeedKind.CANDLES:
                return CandleFeed(feed, tell)

    def _hear_refused(self, event: Mapping[str, object]) -> None:
        feed, refusal = feed_of(event), refusal_of(event)
        _log.warning("exchange.subscribe_refused", refusal=refusal.value, answer=event)
        if feed is None or feed not in self._feeds:
            return
        # refused even the first: another socket would fare no better
        hopeless_here = refusal is Refusal.FULL and len(self._feeds) == 1
        if refusal is Refusal.LATER or hopeless_here:
            self._asked.begin(feed, RETRY_SECONDS)
            return
        self._asked.end(feed)
        if refusal is Refusal.ALREADY:
            self._hear_already(feed, event)
            return
        del self._feeds[feed]
        if refusal is Refusal.FULL:
            self._capacity = len(self._feeds)
            self._neighbours.overflow(feed)
        else:
            words = str(event.get("msg", "no reason given"))
            self._outbox.put(WatchRefused(symbol=feed.symbol, reason=words))

    def _hear_already(self, feed: MarketFeed, event: Mapping[str, object]) -> None:
        number = event.get("chanId")
        if isinstance(number, int) and beginning(number) not in self._readers:
            self._readers[beginning(number)] = self._reader_of(feed)
