"""What is said to those who are not let in: little, slowly, and in no operator's way."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from aiogram.types import CallbackQuery, Message, TelegramObject, User

from bot.telegram.names import Names
from bot.telegram.pace import Pace
from bot.telegram.ports import Porch
from bot.telegram.render import people as render
from bot.telegram.screen import Screen
from bot.telegram.sender import Sender
from engine.model.actor import Actor
from engine.model.errors import JournalUnavailable
from engine.model.people import Member
from engine.people.allowance import Allowance
from engine.people.authority import STOPPED
from engine.people.codes import is_code
from engine.ports import Clock

HOUR = timedelta(hours=1)
MOST_WAITING = 32
MOST_TRIES = 10
MOST_TRIES_OF_MEMBERS = 20
PATIENCE_FOR_TELEGRAM = 5.0
PRIVATE_DESK = "This is a private trading desk."

_START = re.compile(r"/start(?:@[A-Za-z0-9_]{1,32})?\s")
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """What somebody outside is told, and what is written down of it: `tried` for a member."""

    user_id: int
    words: str
    query_id: str = ""
    private: bool = True
    tried: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A code that a stranger shows."""

    user_id: int
    name: str
    code: str = field(repr=False)


class Door:
    """Answers a stranger once an hour; tells a member without rights so, now and then.

    `turn_away` never waits; whoever comes while many wait already is counted and not answered.
    Codes are looked at apart, so that no flood stands in their way.
    """

    def __init__(
        self,
        porch: Porch,
        names: Names,
        sender: Sender,
        clock: Clock,
        count: Callable[[], None],
    ) -> None:
        self._names = names
        self._porch = porch
        self._sender = sender
        self._clock = clock
        self._count = count
        self._strangers = Allowance(1, HOUR)
        self._tries = Allowance(MOST_TRIES, HOUR)
        self._stopped = Allowance(MOST_TRIES_OF_MEMBERS, HOUR)
        self._visits: asyncio.Queue[_Visit] = asyncio.Queue(MOST_WAITING)
        self._codes: asyncio.Queue[_Shown] = asyncio.Queue(MOST_WAITING)
        self._pace = Pace(per_second=2.0, burst=20)

    def turn_away(self, user: User, event: TelegramObject, member: Member | None) -> None:
        """Somebody is not let in; what is to be said is said later."""
        self._count()
        if user.is_bot:
            return
        if member is None and (code := _code_in(event)):
            self._take(_Shown(user_id=user.id, name=user.full_name[:64], code=code))
            return
        if self._visits.full():
            return
        visit = _of_a_stranger(user, event) if member is None else _of_a_member(event, member, user)
        if visit is not None and self._may(visit, known=member is not None):
            self._visits.put_nowait(visit)

    async def run(self) -> None:
        """Answer for ever, slowly; ends only by cancellation."""
        while True:
            visit = await self._visits.get()
            await self._pace.turn()
            await self._answer(visit)

    async def look_at_codes(self) -> None:
        """Let in whoever shows a good code, for ever; ends only by cancellation."""
        while True:
            shown = await self._codes.get()
            try:
                answer = await self._porch.admit(f"tg:{shown.user_id}", shown.name, shown.code)
            except JournalUnavailable as error:
                words = error.sentence
            else:
                words = render.answered(answer)
                if isinstance(answer, Member):
                    await self._names.note(
                        Actor(actor_id=answer.actor_id, name=answer.name, role=answer.role)
                    )
            await self._whisper(shown.user_id, words)

    def _take(self, shown: _Shown) -> None:
        if not self._codes.full() and self._tries.use(shown.user_id, self._clock.now()):
            self._codes.put_nowait(shown)

    def _may(self, visit: _Visit, *, known: bool) -> bool:
        now = self._clock.now()
        if known:
            return self._stopped.use(visit.user_id, now)
        first = self._strangers.use((visit.user_id, bool(visit.query_id)), now)
        if first:
            log.warning("stranger", user_id=visit.user_id, press=bool(visit.query_id))
        return first

    async def _answer(self, visit: _Visit) -> None:
        if visit.query_id:
            alarm = bool(visit.tried)
            await self._patiently(self._sender.notice(visit.query_id, visit.words, alarm=alarm))
        elif visit.private:
            await self._whisper(visit.user_id, visit.words)
        actor_id = f"tg:{visit.user_id}"
        if visit.tried:
            await self._porch.refused(actor_id, visit.tried, (visit.words,))
        else:
            await self._porch.turned_away(actor_id)

    async def _whisper(self, user_id: int, words: str) -> None:
        await self._patiently(self._sender.whisper(user_id, Screen(words)))

    async def _patiently(self, call: Awaitable[object]) -> None:
        try:
            async with asyncio.timeout(PATIENCE_FOR_TELEGRAM):
                await call
        except TimeoutError:
            log.info("not_answered_at_the_door")


def _code_in(event: TelegramObject) -> str:
    """The code of `/start CODE`, or a bare one; none outside a private chat."""
    if not isinstance(event, Message) or event.chat.type != "private":
        return ""
    text = (event.text or "")[:100].strip()
    started = _START.match(text)
    if started is not None:
        return text[started.end() :].strip()
    return text if is_code(text) else ""


def _of_a_stranger(user: User, event: TelegramObject) -> _Visit | None:
    if isinstance(event, CallbackQuery):
        return _Visit(user_id=user.id, words=PRIVATE_DESK, query_id=event.id)
    if isinstance(event, Message) and event.chat.type == "private":
        return _Visit(user_id=user.id, words=render.stranger(user.id))
    return None


def _of_a_member(event: TelegramObject, member: Member, user: User) -> _Visit | None:
    """Whoever is stopped learns that what they tried was not done."""
    words = STOPPED[member.standing]
    if isinstance(event, CallbackQuery):
        return _Visit(user_id=user.id, words=words, query_id=event.id, tried="press")
    if not isinstance(event, Message):
        return None
    named = _COMMAND.match(event.text or event.caption or "")
    private = event.chat.type == "private"
    if named is None and not private:
        return None
    tried = named.group().lower() if named is not None else "message"
    return _Visit(user_id=user.id, words=words, private=private, tried=tried)
