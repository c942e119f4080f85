"""The group that was named for the alerts, and who hears them while it cannot be reached."""

import asyncio
import html
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.telegram.render import relief as render
from bot.telegram.screen import Screen
from bot.telegram.sender import Sender
from engine.ports import Clock

PATIENCE: Final = timedelta(minutes=2)
"""For how long a group may be silent before others are told in its place."""
LOOK_SECONDS: Final = 5.0
KNOCK_SECONDS: Final = 60.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Silence:
    """Since when a group takes nothing, and why; `all_silent` while nobody at all has answered."""

    since: datetime
    why: str
    all_silent: bool


class Relief:
    """Hears of every message to a chat how it went (`bot.telegram.sender.Watch`).

    A group that Telegram says is closed to us is lost at once, one that takes nothing for other
    reasons after `PATIENCE`, unless it is Telegram itself that is away. It is lost only where
    `stand_ins` can hear in its place: until it answers again.
    """

    def __init__(
        self, chat: int | None, stand_ins: Callable[[], Sequence[int]], clock: Clock
    ) -> None:
        self.chat = chat if chat is not None and chat < 0 else None
        self._stand_ins = stand_ins
        self._clock = clock
        self._silence: Silence | None = None
        self._lost = False
        self._knock_at = clock.now()
        self._told = 0
        self._changed = asyncio.Event()
        self._sending: set[asyncio.Timeout] = set()

    @property
    def lost(self) -> bool:
        """Whether alerts go to others now."""
        return self._lost and bool(self._stand_ins())

    @property
    def trouble(self) -> str | None:
        """What is wrong with the group, in words for a person; None when nothing is."""
        if not self.lost or self._silence is None:
            return None
        since = f"{self._silence.since:%Y-%m-%d %H:%M:%S} UTC"
        return (
            f"the alert group cannot be reached since {since} ({self._silence.why}); every admin "
            "gets the alerts privately"
        )

    def answered(self, chat_id: int) -> None:
        """A message came through there."""
        silence = self._silence
        if chat_id != self.chat:
            if silence is not None and silence.all_silent:
                self._silence = Silence(silence.since, silence.why, all_silent=False)
            return
        self._silence = None
        if self._lost:
            log.info("alert_group_back")
            self._lost = False
            self._changed.set()

    def delayed(self, chat_id: int, why: str, seconds: float = 0.0, *, away: bool = False) -> None:
        """A message did not come through, and will be tried again; `away` where Telegram itself
        may be."""
        if chat_id != self.chat:
            return
        now = self._clock.now()
        self._knock_at = max(self._knock_at, now + timedelta(seconds=seconds))
        before = self._silence
        since = now if before is None else before.since
        all_silent = away and (before is None or before.all_silent)
        self._silence = Silence(since, why, all_silent=all_silent)
        self._changed.set()

    def refused(self, chat_id: int, why: str) -> None:
        """The chat is closed to us."""
        if chat_id == self.chat:
            self.delayed(chat_id, why)
            self._lose()

    @asynccontextmanager
    async def while_there(self) -> AsyncIterator[None]:
        """What is in here ends at once when the group is lost, which is no error."""
        limit = asyncio.timeout(None)
        try:
            async with limit:
                self._sending.add(limit)
                yield
        except TimeoutError:
            if not limit.expired():
                raise
        finally:
            self._sending.discard(limit)

    def note_told(self) -> None:
        """An alert went to others."""
        self._told += 1

    async def rest(self) -> None:
        """Return when it is time to try again."""
        await self._clock.sleep(LOOK_SECONDS)

    async def run(self, sender: Sender) -> None:
        """Watch the group for ever: tell others when it is lost, knock, tell when it is back."""
        if self.chat is None:
            return
        while True:
            if not self._lost and self._silence is None:
                self._changed.clear()
                await self._changed.wait()
            elif not self._lost:
                await self._clock.sleep(LOOK_SECONDS)
                self._judge()
            else:
                await self._stand_by(sender, self.chat)

    async def _stand_by(self, sender: Sender, chat: int) -> None:
        why = "" if self._silence is None else self._silence.why
        await self._tell_all(sender, render.lost(chat, why))
        while self._lost:
            await self._clock.sleep(LOOK_SECONDS)
            if self._clock.now() >= self._knock_at:
                self._knock_at = self._clock.now() + timedelta(seconds=KNOCK_SECONDS)
                await sender.whisper(chat, Screen(render.back(self._told)))
        self._told = 0
        await self._tell_all(sender, render.back_for_others())

    async def _tell_all(self, sender: Sender, text: str) -> None:
        people = self._stand_ins()
        await asyncio.gather(*(sender.send(person, Screen(text)) for person in people))

    def _judge(self) -> None:
        silence = self._silence
        if silence is None or silence.all_silent:
            return
        if self._clock.now() - silence.since >= PATIENCE:
            self._lose()

    def _lose(self) -> None:
        if self._lost or not self._stand_ins():
            return
        why = "" if self._silence is None else self._silence.why
        log.error("alert_group_lost", chat_id=self.chat, why=html.unescape(why))
        self._lost = True
        self._knock_at = max(self._knock_at, self._clock.now() + timedelta(seconds=KNOCK_SECONDS))
        self._changed.set()
        now = asyncio.get_running_loop().time()
        for limit in list(self._sending):
            limit.reschedule(now)
