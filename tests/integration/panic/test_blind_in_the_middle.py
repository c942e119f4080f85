"""A panic while the database is neither quite away nor quite back."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.memory_journal import MemoryJournal
from engine.model.approval import ApprovedOrder
from engine.model.entry import Entry
from engine.model.errors import JournalUnavailable, LinkDown
from engine.model.event import Event
from engine.model.ids import CommandId
from engine.model.panic_event import PanicCalled
from engine.model.report import AccountPicture
from engine.ports import Memory
from tests.eventually import eventually
from tests.integration.brackets.house import guarded_desk
from tests.integration.panic.test_blind import Deaf, _is_blind, emptying
from tests.integration.panic.test_trouble import call, long_position, over


class ReadOnly(MemoryJournal):
    """A database whose disk is full: it tells what it knows, and takes nothing."""

    full = False
    asked = 0

    async def remember(self) -> Memory:
        self.asked += 1
        return await super().remember()

    async def append(
        self, events: Sequence[Event], *, claim: CommandId | None = None
    ) -> Sequence[Entry]:
        if self.full:
            raise JournalUnavailable
        return await super().append(events, claim=claim)


async def test_a_database_that_only_tells_ends_no_panic() -> None:
    venue, journal = Deaf(), ReadOnly()
    async with guarded_desk(venue, journal) as house:
        await long_position(house)
        venue.trouble = LinkDown()
        journal.full = True
        await call(house)
        await eventually(lambda: venue.emptied > 1, 10.0)
        await eventually(lambda: journal.asked > 3, 10.0)
        venue.trouble = None
        await eventually(lambda: venue.position == 0, 20.0)
        assert house.desk.floor.book.paused is not None
        journal.full = False
        await over(house, 20.0)
        assert len([e for e in await house.events() if isinstance(e, PanicCalled)]) == 1


@dataclass
class Garbled(Deaf):
    """It answers something nobody can read, so many times."""

    garbled: int = 0

    async def account(self, *, urgent: bool = False) -> AccountPicture:
        if self.garbled:
            self.garbled -= 1
            raise ValueError("not a row: None")
        return await super().account(urgent=urgent)


async def test_an_answer_nobody_can_read_ends_no_panic() -> None:
    venue, journal = Garbled(), MemoryJournal()
    async with guarded_desk(venue, journal) as house:
        await long_position(house)
        venue.garbled = 2
        journal.available = False
        await call(house)
        await eventually(lambda: venue.position == 0, 20.0)
        journal.available = True
        await over(house, 20.0)


@dataclass
class Slow(Deaf):
    """An order that empties waits for a word."""

    word: asyncio.Event = field(default_factory=asyncio.Event)

    async def empty(self, order: ApprovedOrder) -> None:
        self.emptied += 1
        await self.word.wait()
        raise LinkDown


class Halting(MemoryJournal):
    """Waits over what was sent without it."""

    halts = False
    waits = 0

    def __init__(self) -> None:
        super().__init__()
        self.may = asyncio.Event()

    async def append(
        self, events: Sequence[Event], *, claim: CommandId | None = None
    ) -> Sequence[Entry]:
        if self.halts and claim is not None and ":blind:" in claim:
            self.waits += 1
            await self.may.wait()
        return await super().append(events, claim=claim)


async def test_a_debt_is_not_taken_back_while_it_is_written() -> None:
    venue, journal = Slow(), Halting()
    async with guarded_desk(venue, journal) as house:
        await long_position(house)
        journal.available = False
        await call(house)
        await eventually(lambda: venue.emptied == 1, 10.0)
        journal.halts = journal.available = True
        await eventually(lambda: not house.desk.floor.gate.journal_lost or journal.waits, 10.0)
        venue.word.set()
        await eventually(lambda: bool(house.desk.floor.gate.link_since) or journal.waits, 10.0)
        journal.may.set()
        await over(house, 20.0)
        assert venue.position == 0
        assert len(emptying(venue)) == 1
        assert not [o for o in house.desk.floor.book.orders.values() if _is_blind(o)]
