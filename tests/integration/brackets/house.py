"""A desk with a guardian in a hurry, before an exchange that answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from engine.desk import Desk
from engine.market.facade import MarketDataFacade
from engine.memory_journal import MemoryJournal
from engine.model.account import Wallet
from engine.model.bracket import Bracket, BracketStatus, BracketTerms, Fallback
from engine.model.command import PlaceBracket
from engine.model.event import BracketClosed, BracketEvent, BracketExposed, Event
from engine.model.ids import CommandId
from engine.model.order import Order, OrderTerms
from engine.model.result import BracketTicket
from tests.eventually import eventually, eventually_asked
from tests.integration.brackets.venue import Venue
from tests.integration.desk.scripted import TERMS, QuickClock, QuietMarket
from tests.trading_house import OLIVIA

STOP, TAKE = Decimal(29000), Decimal(31000)
MARGIN = replace(TERMS, wallet=Wallet.MARGIN)


@dataclass
class Guarded:
    """Desk, exchange and journal, and what can be seen of the one bracket."""

    desk: Desk
    venue: Venue
    market: QuietMarket
    journal: MemoryJournal
    clock: QuickClock

    async def open_bracket(
        self,
        entry: OrderTerms = TERMS,
        *,
        stop_loss: Decimal | None = STOP,
        take_profit: Decimal | None = TAKE,
        fallback: Fallback = Fallback.HOLD,
        wish: str = "card:1",
    ) -> BracketTicket:
        terms = BracketTerms(
            entry=entry, stop_loss=stop_loss, take_profit=take_profit, fallback=fallback
        )
        ticket = await self.desk.execute(OLIVIA, PlaceBracket(terms), CommandId(wish))
        assert isinstance(ticket, BracketTicket), ticket
        return ticket

    @property
    def bracket(self) -> Bracket | None:
        """The open bracket."""
        return next(iter(self.desk.floor.book.brackets.values()), None)

    def fill(self, amount: str) -> None:
        """A part of the entry trades."""
        self.venue.fill(self.venue.entry, Decimal(amount))

    async def guarded(self, amount: str, patience: float = 10.0) -> Bracket:
        """Once exactly this much is guarded, at the exchange and in the journal."""
        wanted = Decimal(amount)

        def is_guarded() -> Bracket | None:
            bracket = self.bracket
            sizes = {row.remaining for row in self.venue.alive()}
            stands = bracket is not None and bracket.status is BracketStatus.GUARDED
            exact = bracket is not None and bracket.guarded == wanted == bracket.held
            return bracket if stands and exact and sizes == {wanted} else None

        bracket = await eventually(is_guarded, patience)
        assert bracket is not None
        return bracket

    async def status(self, wanted: BracketStatus) -> Bracket:
        """Once the bracket stands so."""

        async def stands() -> Bracket | None:
            told = [e.bracket for e in await self.events() if isinstance(e, BracketEvent)]
            return told[-1] if told and told[-1].status is wanted else None

        bracket = await eventually_asked(stands)
        assert bracket is not None
        return bracket

    async def over(self) -> str:
        """Why it is over, once it is."""
        return (await self.status(BracketStatus.DONE)).reason

    async def alarms(self) -> list[str]:
        """What was rung about."""
        return [e.bracket.reason for e in await self.events() if isinstance(e, BracketExposed)]

    async def ends(self) -> int:
        """How often it was told that it is over."""
        return sum(isinstance(e, BracketClosed) for e in await self.events())

    async def events(self) -> list[Event]:
        return [entry.event for entry in await self.journal.read(0, 10_000)]

    def exits(self) -> list[Order]:
        """Every exit ever sent."""
        orders = self.desk.floor.book.orders.values()
        return sorted((o for o in orders if o.bracket is not None), key=lambda o: o.key)

    def is_open(self) -> bool:
        return self.desk.floor.closed_because() is None


@asynccontextmanager
async def guarded_desk(
    venue: Venue | None = None,
    journal: MemoryJournal | None = None,
    *,
    dead_man: bool = False,
    pace: float = 0.02,
    reconciled: bool = True,
    market: QuietMarket | None = None,
) -> AsyncIterator[Guarded]:
    """A desk that has opened, with its tasks running until it is killed."""
    clock, market = QuickClock(timedelta()), market or QuietMarket()
    venue, journal = venue or Venue(), journal or MemoryJournal()
    desk = Desk(
        journal=journal,
        exchange=venue,
        market=MarketDataFacade(market, clock),
        clock=clock,
        dead_man=dead_man,
        guard_pace=pace,
    )
    await desk.open("test")
    guarded = Guarded(desk, venue, market, journal, clock)
    running = asyncio.create_task(desk.run())
    try:
        if reconciled:
            await eventually(guarded.is_open)
        yield guarded
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
