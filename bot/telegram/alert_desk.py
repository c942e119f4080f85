"""Every reader of the journal that tells people the news; their number grows as people come in."""

import asyncio
from collections.abc import Sequence

from bot.nursery import Nursery
from bot.telegram.alerts import Alerts
from bot.telegram.names import Names
from bot.telegram.news import Lookup
from bot.telegram.relief import Relief
from bot.telegram.sender import Sender
from bot.telegram.staff import Staff
from bot.telegram.strays import Strays
from engine.ports import Journal


class AlertDesk:
    """One reader for each chat that hears everything, and one for everybody else's own news."""

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
        nursery: Nursery,
    ) -> None:
        self._journal = journal
        self._sender = sender
        self._lookup = lookup
        self._names = names
        self._strays = strays
        self._staff = staff
        self._relief = relief
        self._nursery = nursery
        self._alerts: dict[int | None, Alerts] = {None: self._of(None)}
        self._readers = [self._alerts[None].reader]

    @property
    def readers(self) -> Sequence[str]:
        """The readers' names, as they are at each moment."""
        return self._readers

    async def introduce(self) -> None:
        """Whoever was never told anything is told what happens from now on."""
        for chat in (*self._staff.desk, None):
            await self._of(chat).begin()

    def start(self) -> None:
        """Tell people what is theirs; chats that hear everything are hired one by one."""
        self._nursery.start("alert group", lambda: self._relief.run(self._sender))
        self._nursery.start(self._readers[0], self._alerts[None].run)

    async def hire(self, chat: int, since: int | None) -> None:
        """Tell this chat the news, if it is not told already; only what came after `since`."""
        if chat in self._alerts:
            return
        alerts = self._of(chat)
        await alerts.begin(since)
        self._alerts[chat] = alerts
        self._readers.append(alerts.reader)
        self._nursery.start(alerts.reader, alerts.run)

    async def caught_up(self) -> None:
        """Return when everything journalled so far has been told."""
        await asyncio.gather(*(alerts.caught_up() for alerts in self._alerts.values()))

    def _of(self, chat: int | None) -> Alerts:
        return Alerts(
            journal=self._journal,
            sender=self._sender,
            lookup=self._lookup,
            names=self._names,
            strays=self._strays,
            staff=self._staff,
            relief=self._relief,
            chat=chat,
        )
