"""Who may come in: every update passes here, by numeric user id; unknown means no."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog
from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, Message, TelegramObject, Update, User

from bot.telegram.names import Names
from bot.telegram.render import system as render
from bot.telegram.screen import Screen
from bot.telegram.sender import Sender
from engine.model.actor import Actor, Role
from engine.ports import Clock

QUIET = timedelta(hours=1)
MOST_STRANGERS = 1000

log = structlog.get_logger()


def actor_of(user: User, roles: Mapping[int, Role]) -> Actor | None:
    """The person at the desk, or None for a stranger."""
    role = roles.get(user.id)
    if role is None or user.is_bot:
        return None
    return Actor(actor_id=f"tg:{user.id}", name=user.full_name[:64], role=role)


class Access(BaseMiddleware):
    """Lets operators through with their `Actor`; answers a stranger once an hour at most."""

    def __init__(
        self,
        roles: Mapping[int, Role],
        names: Names,
        sender: Sender,
        clock: Clock,
        count_stranger: Callable[[], None],
    ) -> None:
        self._roles = roles
        self._names = names
        self._sender = sender
        self._clock = clock
        self._count_stranger = count_stranger
        self._answered: dict[tuple[int, str], datetime] = {}

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, object]], Awaitable[object]],
        event: TelegramObject,
        data: dict[str, object],
    ) -> object:
        """Pass an operator's update on; nothing else gets past."""
        inner = event.event if isinstance(event, Update) else event
        user = getattr(inner, "from_user", None)
        if not isinstance(user, User):
            return None
        actor = actor_of(user, self._roles)
        if actor is None:
            await self._turn_away(user, inner)
            return None
        await self._names.note(actor)
        data["actor"] = actor
        return await handler(event, data)

    async def _turn_away(self, user: User, event: TelegramObject) -> None:
        self._count_stranger()
        if isinstance(event, CallbackQuery):
            if self._may_answer(user.id, "press"):
                await self._sender.notice(event.id, "This is a private trading desk.")
            return
        private = isinstance(event, Message) and event.chat.type == "private"
        if private and self._may_answer(user.id, "message"):
            await self._sender.send(user.id, Screen(render.stranger(user.id)))

    def _may_answer(self, user_id: int, kind: str) -> bool:
        now = self._clock.now()
        last = self._answered.get((user_id, kind))
        if last is not None and now - last < QUIET:
            return False
        if len(self._answered) >= MOST_STRANGERS:
            self._answered.clear()
        self._answered[user_id, kind] = now
        log.warning("stranger", user_id=user_id, kind=kind)
        return True
