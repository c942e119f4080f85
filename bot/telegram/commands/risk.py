"""Stopping."""

from bot.telegram import parse
from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.render.orders import refusal
from bot.telegram.render.system import paused
from bot.telegram.screen import Screen
from engine.model.actor import Role
from engine.model.command import PauseTrading
from engine.model.result import Refused


async def pause(asked: Asked, room: Room) -> Screen:
    """No new exposure, at once and without a card: stopping must be quick."""
    wish = PauseTrading(parse.reason(asked.rest))
    state = await room.desk.execute(asked.actor, wish, asked.command_id)
    return Screen(
        refusal(state, "Nothing changed") if isinstance(state, Refused) else paused(state)
    )


COMMANDS = (
    ChatCommand(
        name="pause",
        family="Risk",
        summary="Stop opening new exposure, at once",
        usage="[REASON]",
        example="/pause news at noon",
        role=Role.TRADER,
        handler=pause,
        money=True,
    ),
)
