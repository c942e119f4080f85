"""Orders and positions made elsewhere that nobody has decided about."""

from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.pages import page_of, turning
from bot.telegram.render import strays as render
from bot.telegram.render.text import bold, lines
from bot.telegram.screen import Screen
from engine.model.actor import Role
from engine.model.order import Order
from engine.model.position import Position
from engine.model.query import ShowStrays

ON_A_PAGE = 6


async def strays(asked: Asked, room: Room) -> Screen:
    """Each with its buttons, however long ago it was found."""
    seen = await room.desk.ask(asked.actor, ShowStrays())
    found: list[Order | Position] = [*seen.orders, *seen.positions]
    page = page_of(found, asked.page, ON_A_PAGE)
    turn = turning(page, "strays")
    if not page.total:
        return Screen("Nothing made elsewhere waits for a decision.", rows=turn)
    numbered = list(enumerate(page.items, page.number * ON_A_PAGE + 1))
    listed = [f"\n{place}. {render.listed(one)}" for place, one in numbered]
    rows = tuple([await room.strays.lay(one, f" {place}") for place, one in numbered])
    head = f"{bold('Made elsewhere')}, waiting for a decision{page.place}"
    return Screen(lines([head, *listed, "", f"<i>{render.ASKED}</i>"]), rows=rows + turn)


COMMANDS = (
    ChatCommand(
        name="strays",
        family="Orders",
        summary="What was made elsewhere: adopt, ignore, end",
        role=Role.VIEWER,
        handler=strays,
    ),
)
