"""The journal's reader that wakes people: its cursor moves only after Telegram has the message."""

import asyncio
from collections.abc import Sequence

from bot.telegram.news import Lookup, News, news_of
from bot.telegram.screen import Screen
from bot.telegram.sender import Sender
from engine.model.event import Entry
from engine.ports import Journal

READER = "telegram_alerts"
GATHER_SECONDS = 0.4


class Alerts:
    """Tells the alert chats, and whose order it was; after a crash maybe twice, never not."""

    def __init__(
        self, *, journal: Journal, sender: Sender, chats: Sequence[int], lookup: Lookup
    ) -> None:
        self._journal = journal
        self._sender = sender
        self._chats = chats
        self._lookup = lookup
        self._told = 0
        self._moved = asyncio.Event()

    async def run(self) -> None:
        """Follow the journal for ever; ends only by cancellation."""
        after = await self._journal.cursor(READER)
        if after is None:
            after = 0
            await self._journal.advance(READER, after)
        async for batch in self._journal.follow(after):
            first = [entry for entry in batch if entry.seq > after]
            if not first:
                continue
            entries = await self._gathered(first)
            for news in news_of(entries, self._lookup):
                await self._tell(news)
            after = entries[-1].seq
            await self._journal.advance(READER, after)
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

    async def _tell(self, news: News) -> None:
        screen = Screen(news.text, silent=news.silent)
        for chat in self._audience(news):
            await self._sender.send(chat, screen, insist=True)

    def _audience(self, news: News) -> Sequence[int]:
        kind, _, number = news.actor_id.partition(":")
        own = [int(number)] if kind == "tg" and number.isdigit() else []
        return list(dict.fromkeys([*self._chats, *own]))
