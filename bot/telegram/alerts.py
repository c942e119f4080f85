"""The journal's readers that wake people: a cursor moves only after Telegram has the message."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.telegram.digest import digested
from bot.telegram.names import Names
from bot.telegram.news import Lookup, news_of
from bot.telegram.people_news import to_admin, to_member
from bot.telegram.relief import Relief
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
PATIENCE_FOR_ONE = 30.0


class Alerts:
    """One reader, after a crash maybe twice, never not.

    With a `chat` it tells that chat everything, however long the chat cannot be reached, and whose
    order it is about where it is another's; while that is a group that is lost, its `relief` tells
    others in its place. Without one it tells those of the `staff` who are in
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
        relief: Relief,
        chat: int | None = None,
    ) -> None:
        self.reader = reader_of(chat)
        self._journal = journal
        self._sender = sender
        self._lookup = lookup
        self._names = names
        self._strays = strays
        self._staff = staff
        self._relief = relief
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
        if chat != self._relief.chat:
            await self._say(chat, news, insist=chat == self._chat)
            return
        while self._may_hear(chat):
            if self._relief.lost:
                if await self._tell_others(news):
                    return
                continue
            said = await self._say_while_there(chat, news)
            if said or (said is False and not self._relief.lost):
                return

    async def _say_while_there(self, chat: int, news: News) -> bool | None:
        """Whether it was said; None where the group is lost over it."""
        said: list[bool] = []
        async with self._relief.while_there():
            said.append(await self._say(chat, news, insist=True))
        return said[0] if said else None

    async def _tell_others(self, news: News) -> bool:
        """Tell those who hear in the group's place; whether anybody could be told."""
        people = self._staff.highest
        told = await asyncio.gather(*(self._say_soon(person, news) for person in people))
        if any(told):
            self._relief.note_told()
        else:
            await self._relief.rest()
        return any(told)

    async def _say_soon(self, person: int, news: News) -> bool:
        """Whether it was said in time: nobody's silent chat holds up the others' alerts."""
        try:
            async with asyncio.timeout(PATIENCE_FOR_ONE):
                return await self._say(person, news)
        except TimeoutError:
            return False

    async def _say(self, chat: int, news: News, *, insist: bool = False) -> bool:
        screen = Screen(with_owner(news.text, news.whose), silent=news.silent)
        if news.stray is not None:
            screen = replace(screen, rows=(await self._strays.lay(news.stray),))
        wanted = partial(self._may_hear, chat)
        message_id = await self._sender.send(chat, screen, insist=insist, wanted=wanted)
        if news.stray is not None and message_id is not None:
            told = Told(chat_id=chat, message_id=message_id, body=screen.text)
            await self._strays.shown(news.stray, told)
        return message_id is not None

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
                for person in sorted(self._staff.roles.keys() - self._hear_all())
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

    def _hear_all(self) -> set[int]:
        """Those who are told everything now, by another reader."""
        return {*self._staff.desk, *(self._staff.highest if self._relief.lost else ())}

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
