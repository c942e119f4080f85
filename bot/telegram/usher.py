"""Shows people in and out: menus and alerts follow each ruling about somebody's rights."""

from collections.abc import Awaitable, Callable, Sequence

from bot.telegram.alerts import reader_of
from bot.telegram.staff import Staff, person_of
from engine.model.actor import Role
from engine.model.entry import Entry
from engine.model.event import Event
from engine.model.people_event import (
    MemberFrozen,
    MemberJoined,
    MemberRevoked,
    MemberRoleChanged,
    MemberThawed,
)
from engine.ports import Journal

READER = "telegram_people"
SELDOM = 500
"""Entries about other matters after which the cursor is moved too."""


class Usher:
    """A journal reader: `hire` begins to tell a chat the news, `show_menu` a person's commands.

    Whoever comes in hears what followed the ruling that let them in, however late they are hired:
    `hire` is given its seq, or None for who was there already. What Telegram did not take is tried
    again: the cursor moves only after it.
    """

    def __init__(
        self,
        *,
        journal: Journal,
        staff: Staff,
        hire: Callable[[int, int | None], Awaitable[None]],
        show_menu: Callable[[int], Awaitable[None]],
    ) -> None:
        self._journal = journal
        self._staff = staff
        self._hire = hire
        self._show_menu = show_menu

    async def run(self) -> None:
        """Follow the journal for ever; ends only by cancellation."""
        after = await self._journal.cursor(READER)
        if after is None:
            after = await self._journal.last_seq()
            await self._journal.advance(READER, after)
        await self._open(await self._missed(after))
        async for batch in self._journal.follow(after):
            rulings = _rulings(batch)
            for chat in self._staff.desk if rulings else ():
                await self._hire(chat, _let_in(rulings, chat) or rulings[0].seq)
            for person in dict.fromkeys(_concerned(ruling.event) for ruling in rulings):
                if person is not None:
                    await self._show_menu(person)
            if rulings or batch[-1].seq - after >= SELDOM:
                after = batch[-1].seq
                await self._journal.advance(READER, after)

    async def _missed(self, after: int) -> Sequence[Entry]:
        """Rulings that a run before was not there to act on any more."""
        missed: list[Entry] = []
        while page := await self._journal.read(after):
            missed += _rulings(page)
            after = page[-1].seq
        return missed

    async def _open(self, missed: Sequence[Entry]) -> None:
        """Who was told the news goes on where they were; who was not begins at their ruling."""
        for chat in self._staff.desk:
            since = _let_in(missed, chat)
            if since is None and missed and await self._journal.cursor(reader_of(chat)) is None:
                since = missed[0].seq
            await self._hire(chat, since)


def _rulings(entries: Sequence[Entry]) -> Sequence[Entry]:
    return [entry for entry in entries if _concerned(entry.event) is not None]


def _let_in(rulings: Sequence[Entry], person: int) -> int | None:
    """The first word on somebody's rights, where it gave them some: they had none before."""
    own = (ruling for ruling in rulings if _concerned(ruling.event) == person)
    first = next(own, None)
    if first is None or isinstance(first.event, MemberFrozen | MemberRevoked):
        return None
    lowered = isinstance(first.event, MemberRoleChanged) and first.event.role is not Role.ADMIN
    return None if lowered else first.seq


def _concerned(event: Event) -> int | None:
    """Whose rights became others."""
    match event:
        case MemberJoined():
            return person_of(event.actor_id)
        case MemberRoleChanged() | MemberFrozen() | MemberThawed() | MemberRevoked():
            return person_of(event.member_id)
        case _:
            return None
