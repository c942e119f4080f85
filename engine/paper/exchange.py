"""The `Exchange` port on paper: nothing of it can reach an exchange, it knows the market alone."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import structlog

from engine.market.facade import MarketDataFacade
from engine.model.approval import ApprovedChange, ApprovedOrder
from engine.model.errors import (
    ExchangeError,
    ExchangeRefused,
    JournalUnavailable,
    LinkDown,
)
from engine.model.market import Fees, Pair
from engine.model.order import Order
from engine.model.records import LedgerEntry
from engine.model.report import (
    AccountPicture,
    FillReport,
    LinkUp,
    MarketReport,
    OrderHistory,
    Report,
)
from engine.model.symbol import Symbol
from engine.paper.config import PaperConfig
from engine.paper.hearing import Hearing
from engine.paper.papers import Papers
from engine.paper.store import PaperStore
from engine.paper.venue import PaperVenue
from engine.ports import Absorb, Clock

PULSE_SECONDS: Final = 1.0
PULSES_PER_LOOK: Final = 5
"""Where the stream is silent, the market is asked for this seldom."""

MOMENTS: Final = 5
MOMENT_SECONDS: Final = 0.05

log = structlog.get_logger()


class PaperExchange:
    """One account on paper. What it does is saved before it is told, and comes back as it was."""

    def __init__(
        self, *, market: MarketDataFacade, store: PaperStore, config: PaperConfig, clock: Clock
    ) -> None:
        self._market = market
        self._store = store
        self._config = config
        self._clock = clock
        self._venue: PaperVenue | None = None
        self._hearing = Hearing(clock)
        self._ring = asyncio.Event()
        self._saving = asyncio.Lock()
        self._reports: list[Report] = []
        self._trouble: JournalUnavailable | None = None

    async def run(self, absorb: Absorb) -> None:
        """As the port says; ends also with `JournalUnavailable`, to begin from what was saved."""
        self._reports.clear()
        self._trouble = None
        venue = PaperVenue(await self._opened(), self._config.fees)
        self._venue = venue
        try:
            # whoever hears that the link is up may ask at once
            await absorb([*venue.snapshots(self._clock.now()), LinkUp()])
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pulse(venue))
                # Not as a task: a group whose body is over leaves its owner marked as cancelled
                # when a task fails (Python 3.11).
                await self._deliver(absorb)
        finally:
            self._venue = None

    def hear(self, reports: Sequence[MarketReport]) -> None:
        """What the public stream tells; orders react at once."""
        self._hearing.take(reports, self._venue)
        self._ring.set()

    async def submit(self, order: ApprovedOrder) -> None:
        """Fill against the book as it is now; errors as the port says."""
        self._up()
        symbol = order.terms.symbol
        pair = await self._pair(symbol)
        if pair is not None:
            await self._look(symbol, MOMENTS)
        self._up().submit(order, pair, self._clock.now())
        self._ring.set()

    async def cancel(self, orders: Sequence[Order]) -> None:
        """At once; errors as the port says."""
        self._up().cancel(orders, self._clock.now())
        self._ring.set()

    async def amend(self, change: ApprovedChange) -> None:
        """Against the book as it is now; errors as the port says."""
        self._up()
        symbol = change.order.terms.symbol
        pair = await self._pair(symbol)
        await self._look(symbol, MOMENTS)
        self._up().amend(change, pair, self._clock.now())
        self._ring.set()

    async def empty(self, order: ApprovedOrder) -> None:
        """As `submit`: paper has one way, and none without its store."""
        await self.submit(order)

    async def account(self, *, urgent: bool = False) -> AccountPicture:
        """As the port says; `LinkDown` while nothing runs, as for the two that follow."""
        return (await self._saved()).picture(self._clock.now())

    async def closed_orders(self, since: datetime) -> OrderHistory:
        """As the port says, of the newest that are kept."""
        return OrderHistory(orders=(await self._saved()).closed_orders(since))

    async def trades(self, since: datetime) -> Sequence[FillReport]:
        """As the port says, of the newest that are kept."""
        return (await self._saved()).trades(since)

    async def fees(self) -> Fees:
        """What the settings say."""
        return self._config.fees

    async def ledger(self, since: datetime | None) -> Sequence[LedgerEntry]:
        """Nothing comes to paper from outside."""
        return ()

    async def close(self) -> None:
        """Nothing is left open."""

    async def _opened(self) -> Papers:
        documents = await self._store.load()
        if documents:
            return Papers.read(documents)
        papers = Papers.opened(self._config.balances)
        await self._store.save(papers.harvest())
        return papers

    async def _deliver(self, absorb: Absorb) -> None:
        while True:
            await self._ring.wait()
            self._ring.clear()
            await self._keep()
            reports, self._reports = self._reports, []
            if reports:
                await absorb(reports)

    async def _keep(self) -> None:
        """Save what has changed; what cannot be saved never was."""
        async with self._saving:
            if self._trouble is not None:
                raise self._trouble
            venue = self._up()
            changes, reports = venue.harvest()
            try:
                if changes:
                    await self._store.save(changes)
            except JournalUnavailable as error:
                self._venue, self._trouble = None, error
                self._ring.set()
                raise
            self._reports.extend(reports)
            if reports:
                self._ring.set()

    async def _saved(self) -> PaperVenue:
        """The account, with nothing in it that a crash could undo."""
        await self._keep()
        while (venue := self._up()).unsaved:
            await self._keep()
        return venue

    async def _pulse(self, venue: PaperVenue) -> None:
        """Time passes, and a market whose stream is silent is asked."""
        while True:
            for symbol in venue.symbols:
                try:
                    await self._look(symbol)
                except ExchangeError as error:
                    log.warning("paper_market_silent", symbol=symbol, detail=error.sentence)
            for _ in range(PULSES_PER_LOOK):
                venue.expire(self._clock.now())
                self._ring.set()
                await self._clock.sleep(PULSE_SECONDS)

    async def _pair(self, symbol: Symbol) -> Pair | None:
        try:
            return (await self._market.pairs()).get(symbol)
        except ExchangeError as error:
            raise _unseen(symbol, error) from error

    async def _look(self, symbol: Symbol, moments: int = 1) -> None:
        """See the market as it is; in the midst of a move, again after each of some moments."""
        for left in reversed(range(moments)):
            try:
                book = await self._market.book(symbol)
                ticker, _ = await self._market.ticker(symbol)
            except ExchangeError as error:
                raise _unseen(symbol, error) from error
            venue = self._up()
            venue.look(symbol, self._clock.now(), book=book, last=ticker.last)
            self._ring.set()
            if venue.stands(symbol) or not left:
                return
            await self._clock.sleep(MOMENT_SECONDS)

    def _up(self) -> PaperVenue:
        if self._venue is None:
            raise LinkDown
        return self._venue


def _unseen(symbol: Symbol, error: ExchangeError) -> ExchangeRefused:
    return ExchangeRefused(f"There is no live market in {symbol} to fill against. {error.sentence}")
