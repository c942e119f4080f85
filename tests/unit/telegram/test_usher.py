"""Whoever comes to hear the news hears all that followed, though the service fell in between."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.nursery import Nursery
from bot.telegram.alert_desk import AlertDesk
from bot.telegram.memory import MemoryShelf
from bot.telegram.names import Names
from bot.telegram.relief import Relief
from bot.telegram.sender import Sender
from bot.telegram.staff import Staff
from bot.telegram.strays import Strays
from bot.telegram.usher import Usher
from engine.clock import SystemClock
from engine.memory_journal import MemoryJournal
from engine.model.actor import Role
from engine.model.event import Event, OrderRejected
from engine.model.order import OrderStatus
from engine.model.people import Member
from engine.model.people_event import MemberJoined, MemberRevoked, MemberRoleChanged
from engine.people.roster import Roster
from tests.eventually import eventually, eventually_asked
from tests.integration.desk.scripted import pending
from tests.unit.telegram.refusing import RefusingTelegram

NOW = datetime.now(UTC)
OLD, NEW = 1, 5
FOUNDERS = {f"tg:{OLD}": Role.ADMIN}
JOINED = MemberJoined(at=NOW, actor_id=f"tg:{NEW}", name="Anna", role=Role.ADMIN)


def trouble(word: str) -> OrderRejected:
    order = replace(pending(7), status=OrderStatus.REJECTED, reason=word, actor_id="tg:9")
    return OrderRejected(at=NOW, order=order)


def role(role: Role) -> MemberRoleChanged:
    return MemberRoleChanged(at=NOW, actor_id=f"tg:{OLD}", member_id=f"tg:{NEW}", role=role)


@dataclass
class House:
    """Everybody who tells the news, and what each chat was told."""

    journal: MemoryJournal
    telegram: RefusingTelegram = field(default_factory=RefusingTelegram)
    roster: Roster = field(default_factory=lambda: Roster(FOUNDERS))

    async def happens(self, *events: Event) -> None:
        for event in events:
            self.roster.apply(event)
        await self.journal.append(events)

    def heard(self, chat: int, word: str) -> int:
        return sum(where == chat and word in text for where, text in self.telegram.sent)

    def members(self) -> Sequence[Member]:
        return tuple(self.roster.members.values())


@asynccontextmanager
async def telling(journal: MemoryJournal, hears: int = OLD) -> AsyncIterator[House]:
    """As the service begins: who came in later is known once the journal is read."""
    house = House(journal)
    nursery = Nursery(clock=SystemClock(), random=random.Random(1))
    staff = Staff(house.members, None)
    desk = AlertDesk(
        journal=journal,
        sender=Sender(house.telegram.bot(), lambda outcome: None),
        lookup=lambda key: None,
        names=Names(MemoryShelf()),
        strays=Strays(MemoryShelf()),
        staff=staff,
        relief=Relief(None, lambda: staff.highest, SystemClock()),
        nursery=nursery,
    )

    async def show_menu(person: int) -> None:
        return

    await desk.introduce()
    for entry in await journal.read(0):
        house.roster.apply(entry.event)
    desk.start()
    usher = Usher(journal=journal, staff=staff, hire=desk.hire, show_menu=show_menu)
    nursery.start("usher", usher.run)
    try:
        await eventually(lambda: f"telegram_alerts:{hears}" in desk.readers)
        yield house
        await desk.caught_up()
    finally:
        await nursery.stop()


async def test_what_follows_at_once_is_heard() -> None:
    async with telling(MemoryJournal()) as house:
        await house.happens(trouble("before"), JOINED, trouble("at once"))
        await eventually(lambda: house.heard(NEW, "at once"))
        await eventually(lambda: house.heard(OLD, "at once"))
        assert not house.heard(NEW, "before")


async def test_what_followed_before_a_crash_is_heard_after_it_and_once() -> None:
    journal = MemoryJournal()
    async with telling(journal) as house:
        await house.happens(trouble("calm"))
        await eventually(lambda: house.heard(OLD, "calm"))
    await journal.append([trouble("before"), JOINED, trouble("in between")])
    async with telling(journal) as house:
        await eventually(lambda: house.heard(NEW, "in between"))
        await eventually(lambda: house.heard(OLD, "before"))
        assert not house.heard(NEW, "before")

        async def is_noted() -> bool:
            return await journal.cursor("telegram_people") == await journal.last_seq()

        await eventually_asked(is_noted)
    await journal.append([trouble("later")])
    async with telling(journal) as house:
        await eventually(lambda: house.heard(NEW, "later"))
        assert not house.heard(NEW, "in between")


async def test_what_happened_while_somebody_was_no_admin_is_not_for_them() -> None:
    journal = MemoryJournal()
    async with telling(journal) as house:
        await house.happens(JOINED, trouble("first"))
        await eventually(lambda: house.heard(NEW, "first"))
    await journal.append([role(Role.VIEWER)])
    async with telling(journal) as house:
        await house.happens(trouble("secret"))
        await eventually(lambda: house.heard(OLD, "secret"))
    await journal.append([role(Role.ADMIN), trouble("second")])
    async with telling(journal) as house:
        await eventually(lambda: house.heard(NEW, "second"))
        assert not house.heard(NEW, "secret")


async def test_who_takes_the_place_of_the_last_admin_hears_what_followed() -> None:
    trader = replace(JOINED, role=Role.TRADER)
    journal = MemoryJournal()
    async with telling(journal) as house:
        await house.happens(trader, trouble("not theirs"))
        await eventually(lambda: house.heard(OLD, "not theirs"))
    gone = MemberRevoked(at=NOW, actor_id="", member_id=f"tg:{OLD}")
    await journal.append([gone, trouble("theirs now")])
    async with telling(journal, hears=NEW) as house:
        await eventually(lambda: house.heard(NEW, "theirs now"))
        assert not house.heard(NEW, "not theirs")
