"""A panic while the database is neither quite away nor quite back."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.memory_journal import MemoryJournal
from engine.model.entry import Entry
from engine.model.errors import JournalUnavailable, LinkDown
from engine.model.event import Event
from engine.model.ids import CommandId
from engine.model.panic_event import PanicCalled
from engine.model.report import AccountPicture
from engine.ports import Memory
from tests.eventually import eventually
from tests.integration.brackets.house import guarded_desk
from tests.integration.panic.test_blind import Deaf
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
