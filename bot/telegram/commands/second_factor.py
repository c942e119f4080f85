"""/2fa: setting up an authenticator, and taking it off."""

from bot.telegram import parse
from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.presses import said
from bot.telegram.render import second_factor as render
from bot.telegram.render.orders import refusal
from bot.telegram.screen import Button, Paper, Screen
from engine.model.actor import Role
from engine.model.errors import NotAllowed
from engine.model.factor_command import BeginFactor, DropFactor, ShowFactor
from engine.model.result import Refused


async def second_factor(asked: Asked, room: Room) -> Screen:
    """Begin, show how it stands, or take off."""
    if not asked.private:
        raise NotAllowed("/2fa works in the private chat with me only. Write to me there.")
    match asked.words:
        case ():
            return await _begin(asked, room)
        case ("off",):
            return await _off(asked, room, asked.actor.actor_id)
        case ("off", number) if number.isascii() and number.isdigit():
            return await _off(asked, room, f"tg:{number}")
        case _:
            word = asked.words[-1][:32]
            examples = ("/2fa", "/2fa off", "/2fa off 123456789")
            raise parse.WrongWord(
                f"/2fa does not know {word!r}. Examples: {', '.join(examples)}",
                word=word,
                examples=examples,
            )


async def _begin(asked: Asked, room: Room) -> Screen:
    status = await room.desk.ask(asked.actor, ShowFactor(asked.actor.actor_id))
    if status.enrolled:
        take_off = Button("Take it off", said("2fa", "off"))
        return Screen(render.standing(status), rows=((take_off,),))
    begun = await room.desk.execute(asked.actor, BeginFactor(), asked.command_id)
    if isinstance(begun, Refused):
        return Screen(refusal(begun, "Nothing changed"))
    return Screen(
        render.enrolling(begun),
        picture=Paper("authenticator.png", render.picture_of(begun)),
        gone_at=begun.good_until,
    )


async def _off(asked: Asked, room: Room, member_id: str) -> Screen:
    done = await room.desk.execute(asked.actor, DropFactor(member_id), asked.command_id)
    if isinstance(done, Refused):
        return Screen(refusal(done, "Nothing changed"))
    own = member_id == asked.actor.actor_id
    return Screen(render.off("" if own else room.names.of(member_id)))


COMMANDS = (
    ChatCommand(
        name="2fa",
        family="System",
        summary="Your authenticator: set it up, take it off",
        usage="[off [ID]]",
        example="/2fa",
        role=Role.VIEWER,
        handler=second_factor,
    ),
)
