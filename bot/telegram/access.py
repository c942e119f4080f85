"""Who may come in: every update passes here, by numeric user id; unknown means no."""

from collections.abc import Awaitable, Callable

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update, User

from bot.telegram.door import Door
from bot.telegram.names import Names
from bot.telegram.ports import Roll
from engine.model.actor import Actor
from engine.model.people import Member, MemberStanding


def actor_id_of(user: User) -> str:
    """How the desk calls somebody who writes from Telegram."""
    return f"tg:{user.id}"


def actor_of(user: User, member: Member | None) -> Actor | None:
    """The person at the desk with the role of this moment; None for who may do nothing."""
    if member is None or user.is_bot or member.standing is not MemberStanding.ACTIVE:
        return None
    return Actor(actor_id=member.actor_id, name=user.full_name[:64], role=member.role)


class Access(BaseMiddleware):
    """Lets members through with their `Actor`; whoever else comes stays at the door."""

    def __init__(self, roll: Roll, names: Names, door: Door) -> None:
        self._roll = roll
        self._names = names
        self._door = door

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, object]], Awaitable[object]],
        event: TelegramObject,
        data: dict[str, object],
    ) -> object:
        """Pass a member's update on; nothing else gets past."""
        inner = event.event if isinstance(event, Update) else event
        user = getattr(inner, "from_user", None)
        if not isinstance(user, User):
            return None
        member = self._roll.member(actor_id_of(user))
        actor = actor_of(user, member)
        if actor is None:
            self._door.turn_away(user, inner, member)
            return None
        await self._names.note(actor)
        data["actor"] = actor
        return await handler(event, data)
