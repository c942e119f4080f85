"""The trading floor: the book, its journal, and the one way in for what the exchange says."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

import structlog

from engine.book import Book
from engine.digest import digest
from engine.funds import free
from engine.model.account import Wallet
from engine.model.actor import Role
from engine.model.entry import actor_of
from engine.model.errors import DuplicateCommand, GenesisError, JournalUnavailable
from engine.model.event import (
    AmendFailed,
    BracketEvent,
    CancelFailed,
    Event,
    FactSetAside,
    TradingPaused,
)
from engine.model.ids import CommandId, OrderKey
from engine.model.market import Fees
from engine.model.order import Order
from engine.model.panic_event import PanicCalled
from engine.model.report import BulkCancelRefused, LinkLost, LinkUp, Report
from engine.people.roster import Roster
from engine.ports import Clock, Journal, Memory
from engine.risk.state import RiskPolicy
from engine.via import stamped
from engine.waiting import Waiting

DEFAULT_FEES = Fees(maker=Decimal("0.001"), taker=Decimal("0.002"))
_OF_THE_LINK = (LinkUp, LinkLost, BulkCancelRefused)

log = structlog.get_logger()


@dataclass(slots=True)
class Gate:
    """Whether orders can be sent: a link, and a book that equals the exchange.

    `settled_link` is the link since whose beginning no order's fate is open any more that an
    earlier one left.
    """

    link_since: datetime | None = None
    link_lost: str = "the link to the exchange is not up yet"
    reconciled: bool = False
    settled_link: datetime | None = None
    journal_lost: bool = False

    def closed_because(self, maintenance: bool) -> str | None:
        """In words for a person; None when it stands open."""
        if self.journal_lost:
            return "the database does not answer"
        if self.link_since is None:
            return self.link_lost
        if maintenance:
            return "the exchange is in maintenance"
        return None if self.reconciled else "the book is being compared with the exchange"


@dataclass(slots=True)
class Floor:
    """State and its two writers: `record` for what we do, `absorb` for what we are told.

    `in_flight` are orders on their way to the wire and `expected` what those without a price will
    trade at; `unsent` certainly never got there. `astray` are those a link may have taken with it
    that is certainly gone, `untraceable` those of a link of which nobody can say so.
    `cancels_overdue` are orders the exchange was asked to cancel, and owes an answer for;
    `policy` and `founders` are the settings' risk figures and people;
    `owed` is what was done while the database was away, to be journalled when it is back;
    `let_go` are brackets nobody may act for any more, though their end is not journalled yet;
    `traced` the commands under way, and whether an event has told of their actor yet.
    """

    journal: Journal
    clock: Clock
    book: Book = field(default_factory=Book)
    gate: Gate = field(default_factory=Gate)
    fees: Fees = DEFAULT_FEES
    policy: RiskPolicy = field(default_factory=RiskPolicy)
    founders: Mapping[str, Role] = field(default_factory=dict)
    in_flight: dict[OrderKey, Order] = field(default_factory=dict)
    expected: dict[OrderKey, Decimal] = field(default_factory=dict)
    unsent: set[OrderKey] = field(default_factory=set)
    astray: frozenset[OrderKey] = frozenset()
    untraceable: set[OrderKey] = field(default_factory=set)
    cancel_refusals: dict[OrderKey, str] = field(default_factory=dict)
    cancels_overdue: set[OrderKey] = field(default_factory=set)
    bulk_refusal: str | None = None
    amend_refusals: dict[OrderKey, str] = field(default_factory=dict)
    owed: list[tuple[Sequence[Event], CommandId]] = field(default_factory=list)
    let_go: set[OrderKey] = field(default_factory=set)
    traced: dict[CommandId, bool] = field(default_factory=dict)
    set_aside: int = 0
    known_until: datetime | None = None
    _waiting: Waiting = field(default_factory=Waiting)
    _absorbing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _meanwhile: list[Event] | None = None
    _doubted: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.book.roster = Roster(self.founders)

    async def record(self, events: Sequence[Event], claim: CommandId | None = None) -> None:
        """Commit what we decided, then let the book become it."""
        events = stamped(events)
        await self._commit(events, claim)
        for event in events:
            self.book.apply(event)
        if self._meanwhile is not None:
            self._meanwhile.extend(events)
        self.wake()

    def hear(self, event: Event) -> None:
        """Let the book become what another hand has journalled."""
        self.book.apply(event)
        if self._meanwhile is not None:
            self._meanwhile.append(event)
        self.wake()

    async def absorb(self, reports: Sequence[Report]) -> None:
        """Make facts of what the exchange says and commit them, in the order they were told.

        `JournalUnavailable` leaves the book ahead of the journal: rebuild it before going on.
        """
        async with self._absorbing:
            events: list[Event] = []
            now = self.clock.now()
            for report in reports:
                if isinstance(report, _OF_THE_LINK):
                    self._note(report)
                for event in digest(self.book, report, now):
                    self._become(event)
                    events.append(event)
            if events:
                await self._keep(events)
        self.wake()

    async def decide(
        self, decision: Callable[[Book], Sequence[Event]], claim: CommandId | None = None
    ) -> bool:
        """Conclude something from the book as it stands, with no report coming in between.

        Whether there was anything to conclude: if not, nothing is claimed either.
        """
        async with self._absorbing:
            events = stamped(decision(self.book))
            if events:
                await self._commit(events, claim)
            for event in events:
                self._become(event)
        self.wake()
        return bool(events)

    def free(self, wallet: Wallet, currency: str) -> Decimal | None:
        """What a wallet can still spend, what is about to leave counted; None when unknown."""
        leaving = self.in_flight.values()
        return free(self.book, wallet, currency, leaving=leaving, expected=self.expected)

    async def rebuild(self) -> int:
        """Forget the book and remember it from the journal; the highest cid ever given."""
        async with self._absorbing:
            self._doubted.clear()
            memory = await self._remembered()
            await self._settle_debts()
        self.gate = Gate(link_lost=self.gate.link_lost)
        self.known_until = memory.last_at
        self.wake()
        return memory.last_key

    async def doubted(self) -> None:
        """Wait until an append fails, whoever asked for it; raises `JournalUnavailable` then."""
        await self._doubted.wait()
        raise JournalUnavailable

    def shut(self, why: str) -> None:
        """Nobody listens to the exchange any more."""
        self.gate.link_since = None
        self.gate.link_lost = why.rstrip(".")
        self.gate.reconciled = False

    def distrust(self) -> None:
        """Whatever has left and is not answered may still be on its way somewhere.

        But not what is astray: it left by an earlier link, and that one is certainly gone.
        """
        self.untraceable |= {order.key for order in self.book.pending()} - self.astray

    def closed_because(self) -> str | None:
        """Why no order can be sent now; None when one can."""
        return self.gate.closed_because(self.book.maintenance)

    def wake(self) -> None:
        """Let everybody who waits look again."""
        self._waiting.wake()

    async def until(self, condition: Callable[[], bool], patience: float) -> bool:
        """Whether `condition` came true within `patience` seconds."""
        return await self._waiting.until(condition, patience)

    async def _remembered(self) -> Memory:
        meanwhile: list[Event] = []
        self._meanwhile = meanwhile
        try:
            memory = await self.journal.remember()
        finally:
            self._meanwhile = None
        book = Book.of(memory, self.policy, self.founders)
        book.maintenance = self.book.maintenance
        book.risk.look_on(self.book.risk)
        book.breakers = self.book.breakers
        # what was recorded while the journal was read may be missing from what was read
        for event in (*meanwhile, *self._standing_still()):
            book.apply(event)
        self.book = book
        return memory

    def _standing_still(self) -> Iterator[Event]:
        """What holds before it can be journalled: a database that tells may take nothing yet."""
        for events, _ in self.owed:
            yield from (e for e in events if isinstance(e, PanicCalled | TradingPaused))

    def _become(self, event: Event) -> None:
        self.book.apply(event)
        if isinstance(event, CancelFailed):
            self.cancel_refusals[event.key] = event.reason
        elif isinstance(event, AmendFailed):
            self.amend_refusals[event.key] = event.reason

    async def _keep(self, events: Sequence[Event], claim: CommandId | None = None) -> None:
        """Commit facts; one that the journal will not hold must not keep out the others."""
        try:
            await self._commit(events, claim)
        except (JournalUnavailable, DuplicateCommand):
            raise
        except GenesisError as error:
            log.error("facts_refused", count=len(events), detail=error.sentence)
            for event in events:
                await self._keep_or_set_aside(event)

    async def _keep_or_set_aside(self, event: Event) -> None:
        try:
            await self._commit([event])
        except JournalUnavailable:
            raise
        except GenesisError as error:
            self.set_aside += 1
            kind = type(event).__name__
            log.error("fact_set_aside", kind=kind, fact=repr(event), detail=error.sentence)
            aside = FactSetAside(at=self.clock.now(), kind=kind, detail=ascii(event)[:1000])
            await self._commit([aside])

    async def _settle_debts(self) -> None:
        """What was done while the database was away is journalled late, but it is."""
        while self.owed:
            events, claim = self.owed[0]
            with suppress(DuplicateCommand):
                await self._keep(events, claim)
                for event in events:
                    self.book.apply(event)
            del self.owed[0]
            self.let_go -= {
                event.bracket.key for event in events if isinstance(event, BracketEvent)
            }

    async def _commit(self, events: Sequence[Event], claim: CommandId | None = None) -> None:
        if not events and claim is None:
            return
        try:
            await self.journal.append(events, claim=claim)
        except JournalUnavailable:
            # nothing is sent from here on, however long others take to let go of the old book
            self.gate.journal_lost = True
            self._doubted.set()
            raise
        if claim in self.traced and any(map(actor_of, events)):
            self.traced[claim] = True

    def _note(self, report: LinkUp | LinkLost | BulkCancelRefused) -> None:
        if isinstance(report, LinkUp):
            waiting = frozenset(o.key for o in self.book.pending())
            self.astray = waiting - self.in_flight.keys() - self.untraceable
            self.untraceable &= waiting
            self.gate.link_since = self.clock.now()
            self.gate.reconciled = False
        elif isinstance(report, LinkLost):
            if self.gate.reconciled:
                self.known_until = self.clock.now()
            # a link that never came up can have taken nothing with it
            if not report.hung_up and self.gate.link_since is not None:
                self.distrust()
            self.shut(report.reason)
        else:
            self.bulk_refusal = report.reason
