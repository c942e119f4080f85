"""Shows people in and out: menus and alerts follow each ruling about somebody's rights."""

from collections.abc import Awaitable, Callable

from bot.telegram.staff import Staff, person_of
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

    What Telegram did not take is tried again: the cursor moves only after it.
    """

    def __init__(
        self,
        *,
        journal: Journal,
        staff: Staff,
        hire: Callable[[int, bool], Awaitable[None]],
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
        for chat in self._staff.desk:
            await self._hire(chat, False)
        async for batch in self._journal.follow(after):
            concerned = dict.fromkeys(_concerned(entry.event) for entry in batch)
            if people := [person for person in concerned if person is not None]:
                for chat in self._staff.desk:
                    await self._hire(chat, True)
                for person in people:
                    await self._show_menu(person)
            if people or batch[-1].seq - after >= SELDOM:
                after = batch[-1].seq
                await self._journal.advance(READER, after)


def _concerned(event: Event) -> int | None:
    """Whose rights became others."""
    match event:
        case MemberJoined():
            return person_of(event.actor_id)
        case MemberRoleChanged() | MemberFrozen() | MemberThawed() | MemberRevoked():
            return person_of(event.member_id)
        case _:
            return None
