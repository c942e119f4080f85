"""What a panel lets a person do beside looking."""

from bot.telegram.commands.declare import Asked, Room
from engine.model.actor import Role
from engine.model.errors import NotAllowed


def may(asked: Asked, room: Room, role: Role) -> bool:
    """Whether this person may act here, in that role."""
    here = asked.private or asked.chat_id in room.money_groups
    return here and asked.actor.role >= role


def must(asked: Asked, room: Room, role: Role, doing: str) -> None:
    """`NotAllowed` where that person may not; `doing` goes on with `needs`."""
    if asked.actor.role < role:
        raise NotAllowed(
            f"{doing} needs the role {role.name.lower()}; you are "
            f"{asked.actor.role.name.lower()}. Ask an admin."
        )
    if not may(asked, room, role):
        raise NotAllowed(
            f"{doing} needs the private chat with me, where no crowd looks on. Write to me there."
        )
