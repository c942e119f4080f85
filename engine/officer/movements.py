"""Reads the ledger where something has changed, so that money moved is not taken for a loss."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import structlog

from engine.book import Book
from engine.floor import Floor
from engine.model.errors import GenesisError, JournalUnavailable
from engine.model.event import Event
from engine.model.records import LedgerEntry
from engine.model.risk import LedgerPlace, Moved
from engine.model.symbol import Symbol
from engine.officer.moved import moved, newest, sums_of, told_of
from engine.officer.quotes import Quotes
from engine.officer.routes import route
from engine.officer.steady import Steady
from engine.officer.unread import PATIENCE, SETTLES, Holdings, Unread, plus
from engine.officer.valuing import Account, Price, worth
from engine.ports import Exchange
from engine.risk.state import EPOCH, RiskState

ASK_AGAIN: Final = timedelta(seconds=5)
ASK_SELDOM: Final = timedelta(seconds=60)
"""Between two questions where no guard waits for the answer."""

LATE: Final = timedelta(minutes=1)
"""How far back the ledger is read once more, for entries that came late."""

_NOTHING = Decimal(0)

log = structlog.get_logger()


@dataclass(slots=True)
class _Answer:
    """What came or left and is not ruled on yet."""

    entries: tuple[LedgerEntry, ...]
    place: LedgerPlace
    at: datetime


@dataclass(slots=True)
class Movements:
    """Follows one risk state; a book remembered anew begins where its last mark was.

    What came and left is journalled once it is known what the account is worth after it.
    """

    floor: Floor
    exchange: Exchange
    quotes: Quotes
    steady: Steady
    _risk: RiskState | None = None
    _link: datetime | None = None
    _unread: Unread | None = None
    _later: Decimal | None = _NOTHING
    _stirred: bool = False
    _urgent: bool = False
    _holdings: Holdings = field(default_factory=Holdings)
    _asked: datetime | None = None
    _known: int | None = None
    _seen: frozenset[int] = frozenset()
    _place: LedgerPlace | None = None
    _answer: _Answer | None = None
    _withheld: datetime | None = None

    def see(self, account: Account, price: Price, value: Decimal | None) -> None:
        """Take in what is held now, and what it comes to."""
        risk, now = self.floor.book.risk, self.floor.clock.now()
        if risk is not self._risk:
            self._begin(risk, now)
        changed, by = self._holdings.change(account, price, self.quotes.newest)
        if changed:
            self._note(by, now, value)
        if self._unread is not None:
            self._unread.weigh(now, value, risk.mark, risk.peak)
        if value is None:
            self._withheld = None
        elif self._withheld is None:
            self._withheld = now
        self._link = self.floor.gate.link_since

    @property
    def holds(self) -> bool:
        """Whether it is not known yet, and may soon be, what of equity was moved."""
        unread, now = self._unread, self.floor.clock.now()
        return unread is not None and unread.holds(now) and not self._is_overdue(now)

    def raised(self, value: Decimal) -> None:
        """Equity is so high, as far as it is known: guards have been told."""
        self._withheld = None
        if self._unread is not None:
            self._unread.high = max(self._unread.high or value, value)

    def needed(self, account: Account) -> Iterator[Symbol]:
        """The symbols whose prices say what the money was worth."""
        for sum_ in self._sums():
            for leg in route(sum_.currency, account.currency, account.pairs) or ():
                yield leg.symbol

    def is_asked_for(self) -> bool:
        """Whether something in the ledger may be news."""
        return self.floor.book.risk is self._risk and self._wants(self.floor.clock.now())

    async def read(self) -> None:
        """Ask for the ledger, if it is asked for."""
        if not self.is_asked_for():
            return
        now, risk = self.floor.clock.now(), self.floor.book.risk
        before = self._later, self._stirred
        self._asked, self._later, self._stirred, self._urgent = now, _NOTHING, False, False
        since = None if self._place is None else max(self._place.at - LATE, EPOCH)
        try:
            entries = await self.exchange.ledger(since)
        except JournalUnavailable:
            raise
        except GenesisError as error:
            log.warning("ledger_unread", detail=error.sentence)
            self._later, self._stirred = plus(before[0], self._later), before[1] or self._stirred
            return
        if self.floor.book.risk is risk is self._risk:
            self._take(entries, now)

    async def rule(self, account: Account, price: Price, after: Decimal | None) -> None:
        """Journal what came and left, once equity stands still after it."""
        answer, risk = self._answer, self._risk
        if answer is None or risk is None or after is None:
            return
        now = self.floor.clock.now()
        priced = [
            (sum_, value)
            for sum_ in self._sums()
            if (value := worth(sum_.amount, sum_.currency, account, price)) is not None
        ]
        if len(priced) < len(self._sums()) and now - answer.at < PATIENCE:
            return
        told = told_of(priced, answer.entries, after, account.currency, now)
        unread = self._unread or self._opened(now)
        if unread.differs(told.worth, after, now, answer.at):
            return  # the wallets have not told of it yet, or the ledger not of all

        def ruled(book: Book) -> Sequence[Event]:
            return moved(risk, unread, told, after, answer.place) if book.risk is risk else []

        await self.floor.decide(ruled)
        if self._answer is answer and self.floor.book.risk is risk:
            self._answer, self._unread = None, self._opened(now)
            self._unread.notable_at = unread.notable_at
            self._close(answer.place)

    def _begin(self, risk: RiskState, now: datetime) -> None:
        """What happened while nobody looked is to be asked for, whatever is held now."""
        self._risk, self._place, self._answer, self._asked = risk, risk.ledger, None, None
        self._known = None if risk.ledger is None else risk.ledger.entry_id
        self._seen, self._holdings = frozenset(), Holdings()
        self._unread = self._opened(now, None)

    def _opened(self, now: datetime, worth: Decimal | None = _NOTHING) -> Unread:
        risk = self.floor.book.risk
        return Unread(since=now, mark=risk.mark, peak=risk.peak, worth=worth)

    def _note(self, by: Decimal | None, now: datetime, value: Decimal | None) -> None:
        if self._asked is None:
            return  # everything is asked for anyway
        self._stirred = True
        self._later = plus(self._later, by)
        if self._unread is None or self._unread.settled:
            self._unread = self._opened(now)
        if self._unread.add(by, now, value):
            self._urgent = True
            if not self._is_overdue(now):
                self.steady.forget()

    def _is_overdue(self, now: datetime) -> bool:
        """Whether guards have not been told what equity is for too long: one loss after the other
        is asked about too."""
        return self._withheld is not None and now - self._withheld >= PATIENCE

    def _wants(self, now: datetime) -> bool:
        link = self.floor.gate.link_since
        if link is None or link != self._link:
            return False
        unread, asked = self._unread, self._asked
        if asked is None or unread is None:
            return asked is None
        pending = self._answer is not None and now - self._answer.at < PATIENCE
        if pending or unread.holds(now):
            return self._urgent or now - asked >= ASK_AGAIN
        return now - asked >= ASK_SELDOM and now - unread.since >= SETTLES

    def _take(self, entries: Sequence[LedgerEntry], asked: datetime) -> None:
        known, self._place = self._known, newest(entries, self._place)
        if known is None:
            known = self._known = self._place.entry_id
        fresh = [e for e in entries if e.entry_id > known and e.entry_id not in self._seen]
        self._seen = frozenset(entry.entry_id for entry in entries)
        if self._answer is not None:
            self._answer.entries += tuple(fresh)
            self._answer.place = self._place
        elif sums_of(fresh, self._ignored()):
            self._answer = _Answer(tuple(fresh), self._place, asked)
            self.steady.forget()
        elif self._unread is None or asked - self._unread.notable_at >= SETTLES:
            self._close(self._place)

    def _close(self, place: LedgerPlace) -> None:
        """Everything up to the question is explained; what came after it is not."""
        self.floor.book.risk.ledger = place
        before = self._unread
        if self._stirred:
            self._unread = self._opened(self.floor.clock.now(), self._later)
            self._unread.notable_at = EPOCH if before is None else before.notable_at
        elif before is None or before.settled:
            self._unread = None
        else:
            before.settled, before.worth, before.notable_since = True, _NOTHING, None

    def _sums(self) -> Sequence[Moved]:
        answer = self._answer
        return () if answer is None else sums_of(answer.entries, self._ignored())

    def _ignored(self) -> Collection[str]:
        return self.floor.book.risk.limits.equity_ignores
