"""The journal's readers that wake people: a cursor moves only after Telegram has the message."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.telegram.digest import digested
from bot.telegram.names import Names
from bot.telegram.news import Lookup, news_of
from bot.telegram.people_news import to_admin, to_member
from bot.telegram.render.alerts import placed_by, with_owner
from bot.telegram.screen import Screen
from bot.telegram.sender import Sender
from bot.telegram.staff import Staff, person_of
from bot.telegram.strays import Strays, Told
from bot.telegram.tidings import News
from engine.model.entry import Entry
from engine.model.event import (
    AmendFailed,
    AmendRequested,
    CancelFailed,
    Event,
    ExchangeReconciled,
)
from engine.model.ids import OrderKey
from engine.ports import Journal

READER = "telegram_alerts"
GATHER_SECONDS = 0.4


class Alerts:
    """One reader, after a crash maybe twice, never not.

    With a `chat` it tells that chat everything, however long the chat cannot be reached, and whose
    order it is about where it is another's. Without one it tells those of the `staff` who are in
    none of the desk's chats what became of their own orders and rights, and admins among them of
    others' rights. Who may hear is asked when it is told: who lost their rights hears nothing.
    """

    def __init__(
        self,
        *,
        journal: Journal,
        sender: Sender,
        lookup: Lookup,
        names: Names,
        strays: Strays,
        staff: Staff,
        chat: int | None = None,
    ) -> None:
        self.reader = reader_of(chat)
        self._journal = journal
        self._sender = sender
        self._lookup = lookup
        self._names = names
        self._strays = strays
        self._staff = staff
        self._chat = chat
        self._told = 0
        self._moved = asyncio.Event()

    async def begin(self, since: int | None = None) -> None:
        """A reader that never read tells what is journalled from now on, or after `since`, before
        which it tells nothing in any case."""
        if since is not None:
            await self._journal.advance(self.reader, since)
        elif await self._journal.cursor(self.reader) is None:
            await self._journal.advance(self.reader, await self._journal.last_seq())

    async def run(self) -> None:
        """Follow the journal for ever; ends only by cancellation."""
        after = self._told = await self._journal.cursor(self.reader) or 0
        async for batch in self._journal.follow(after):
            first = [entry for entry in batch if entry.seq > after]
            if not first:
                continue
            entries = await self._gathered(first)
            for chat, news in self._letters(entries, await self._orders_of(entries)):
                await self._tell(chat, news)
            after = entries[-1].seq
            await self._journal.advance(self.reader, after)
            self._told = after
            self._moved.set()

    async def caught_up(self) -> None:
        """Return when everything journalled so far has been told."""
        newest = await self._journal.last_seq()
        while self._told < newest:
            self._moved.clear()
            await self._moved.wait()

    async def _gathered(self, first: Sequence[Entry]) -> Sequence[Entry]:
        """What follows at once belongs together: a trade and its fee, fills in a burst."""
        await asyncio.sleep(GATHER_SECONDS)
        return [*first, *await self._journal.read(first[-1].seq)]

    async def _tell(self, chat: int, news: News) -> None:
        screen = Screen(with_owner(news.text, news.whose), silent=news.silent)
        if news.stray is not None:
            screen = replace(screen, rows=(await self._strays.lay(news.stray),))
        insist = chat == self._chat
        wanted = partial(self._may_hear, chat)
        message_id = await self._sender.send(chat, screen, insist=insist, wanted=wanted)
        if news.stray is not None and message_id is not None:
            told = Told(chat_id=chat, message_id=message_id, body=screen.text)
            await self._strays.shown(news.stray, told)

    async def _orders_of(self, entries: Sequence[Entry]) -> Lookup:
        """The book, and the journal for what that does not hold: it may not be rebuilt yet."""
        known = {
            key: self._lookup(key) or await self._journal.order(key)
            for entry in entries
            for key in _told_by_key(entry.event)
        }
        return lambda key: self._lookup(key) or known.get(key)

    def _letters(self, entries: Sequence[Entry], lookup: Lookup) -> Sequence[tuple[int, News]]:
        told = [one for one in news_of(entries, lookup) if not self._is_echo(one)]
        if self._chat is None:
            return [
                (person, news)
                for person in sorted(self._staff.roles.keys() - set(self._staff.desk))
                for news in digested(entries, self._of_person(person, entries, told))
            ]
        if not self._may_hear(self._chat):
            return []
        about_people = to_admin(entries, self._names.of, self._chat)
        whole = [*(self._attributed(news) for news in told), *about_people]
        return [(self._chat, news) for news in digested(entries, whole)]

    def _of_person(
        self, person: int, entries: Sequence[Entry], told: Sequence[News]
    ) -> Sequence[News]:
        """Their own orders and rights; to an admin those of others."""
        own = [news for news in told if _owner(news) == person]
        admin = person in self._staff.admins
        others = to_admin(entries, self._names.of, person) if admin else ()
        return [*own, *to_member(entries, person), *others]

    def _may_hear(self, chat: int) -> bool:
        if chat == self._chat:
            return chat in self._staff.desk
        return chat in self._staff.roles

    def _attributed(self, news: News) -> News:
        if not news.actor_id or _owner(news) == self._chat:
            return news
        name = self._names.of(news.actor_id)
        return replace(news, whose=placed_by(name, news.done, guard=news.guard))

    def _is_echo(self, news: News) -> bool:
        """Whether whoever would hear it did it themselves, and has seen it done."""
        return news.echo and (self._chat is None or _owner(news) == self._chat)


def reader_of(chat: int | None) -> str:
    """The name of the reader that tells this chat, or with None everybody's own news."""
    return f"{READER}:{'people' if chat is None else chat}"


def _told_by_key(event: Event) -> Sequence[OrderKey]:
    match event:
        case CancelFailed(key=key) | AmendRequested(key=key) | AmendFailed(key=key):
            return (key,)
        case ExchangeReconciled(settled=settled):
            return settled
        case _:
            return ()


def _owner(news: News) -> int | None:
    return person_of(news.actor_id)
