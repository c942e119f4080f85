"""A desk that trades on paper before a market that a test moves."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from engine.desk import Desk
from engine.market.facade import MarketDataFacade
from engine.memory_journal import MemoryJournal
from engine.model.errors import ExchangeUnreachable
from engine.model.feed import FeedKind, MarketFeed
from engine.model.market import Candle, OrderBook, Pair, Ticker
from engine.model.market_records import MarketTrade
from engine.model.records import Span
from engine.model.report import BookSnapshot, MarketLinkLost, MarketReport
from engine.model.symbol import Symbol
from engine.paper.config import PaperConfig
from engine.paper.exchange import PaperExchange
from engine.paper.overheard import Overheard
from engine.paper.store import MemoryPaperStore
from engine.ports import Hear
from tests.eventually import eventually
from tests.hurried import LoopClock
from tests.unit.paper.scripted import BTC, PAIR, PURSE, Row, a_book

TICKER, BOOK = MarketFeed(FeedKind.TICKER, BTC), MarketFeed(FeedKind.BOOK, BTC)


class ScriptedMarket:
    """One pair; `answers` is False while its REST side is away."""

    def __init__(self) -> None:
        self.answers = True
        self.asked = 0
        self._clock = LoopClock()
        self._book = a_book([(99, 1)], [(101, 1)])
        self._told: asyncio.Queue[Sequence[MarketReport]] = asyncio.Queue()

    def goes(self, bids: Sequence[Row], asks: Sequence[Row], *, aloud: bool = True) -> None:
        """The book becomes this; told by the stream when `aloud`."""
        self._book = a_book(bids, asks)
        rows = [(price, 1, size) for price, size in bids]
        rows += [(price, 1, -size) for price, size in asks]
        if aloud:
            self.tell(BookSnapshot(symbol=BTC, rows=tuple(rows)), self._ticker())

    def tell(self, *reports: MarketReport) -> None:
        self._told.put_nowait(reports)

    def lose(self) -> None:
        self.tell(MarketLinkLost(reason="the line was cut", feeds=frozenset({TICKER, BOOK})))

    async def run(self, hear: Hear) -> None:
        while True:
            hear(await self._told.get())

    async def watch(self, symbol: Symbol) -> None:
        """Followed anyway."""

    async def follow_trades(self, symbol: Symbol) -> None:
        """Nobody trades."""

    async def follow_candles(self, symbol: Symbol, timeframe: str) -> None:
        """Nobody trades."""

    async def market_trades(self, symbol: Symbol, span: Span) -> Sequence[MarketTrade]:
        return ()

    async def pairs(self) -> Mapping[Symbol, Pair]:
        self._answer()
        return {BTC: PAIR}

    async def ticker(self, symbol: Symbol) -> Ticker:
        self._answer()
        return self._ticker()

    async def book(self, symbol: Symbol) -> OrderBook:
        self._answer()
        return self._book

    async def candles(self, symbol: Symbol, timeframe: str, limit: int) -> Sequence[Candle]:
        return ()

    async def close(self) -> None:
        """Nothing is open."""

    def _ticker(self) -> Ticker:
        bid, ask = self._book.bids[0], self._book.asks[0]
        last = (bid.price + ask.price) / 2
        now = self._clock.now()
        return Ticker(
            BTC, bid.price, bid.amount, ask.price, ask.amount, last, 0.0, 1.0, last, last, now
        )

    def _answer(self) -> None:
        self.asked += 1
        if not self.answers:
            raise ExchangeUnreachable("The exchange does not answer.")


@dataclass
class Surroundings:
    """What outlives a desk."""

    market: ScriptedMarket = field(default_factory=ScriptedMarket)
    store: MemoryPaperStore = field(default_factory=MemoryPaperStore)
    journal: MemoryJournal = field(default_factory=MemoryJournal)


@dataclass
class Scene:
    """A desk, and its account on paper."""

    desk: Desk
    exchange: PaperExchange
    around: Surroundings
    facade: MarketDataFacade

    def open(self) -> bool:
        return self.desk.floor.closed_because() is None

    def total(self, currency: str) -> Decimal:
        book = self.desk.floor.book
        return next(b.total for (_, c), b in book.balances.items() if c == currency)


@asynccontextmanager
async def scene(around: Surroundings) -> AsyncIterator[Scene]:
    """A desk that is open for orders."""
    clock = LoopClock()
    overheard = Overheard(around.market)
    facade = MarketDataFacade(overheard, clock)
    exchange = PaperExchange(
        market=facade, store=around.store, config=PaperConfig(balances=PURSE), clock=clock
    )
    overheard.listen(exchange.hear)
    desk = Desk(journal=around.journal, exchange=exchange, market=facade, clock=clock)
    await desk.open("test")
    shown = Scene(desk, exchange, around, facade)
    tasks = [asyncio.create_task(desk.run()), asyncio.create_task(facade.run())]
    try:
        await eventually(shown.open)
        yield shown
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
