"""Looking at the market."""

from bot.telegram import parse
from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.presses import panel
from bot.telegram.render import account as render
from bot.telegram.screen import Button, Screen
from engine.model.actor import Role
from engine.model.query import ShowPrice, ShowWatched


async def price(asked: Asked, room: Room) -> Screen:
    """A symbol's ticker; without a symbol, the watched ones to choose from."""
    typed = parse.optional_symbol(asked.words, "/price tBTCUSD")
    if typed is None:
        watched = await room.desk.ask(asked.actor, ShowWatched())
        rows = tuple((Button(s, _again(s)),) for s in watched)
        return Screen("Which symbol? Choose one, or say it: <code>/price tBTCUSD</code>", rows=rows)
    seen = await room.desk.ask(asked.actor, ShowPrice(typed))
    return Screen(render.price(seen), rows=((Button("Refresh", _again(seen.ticker.symbol)),),))


def _again(symbol: str) -> str:
    return panel("price", symbol)


COMMANDS = (
    ChatCommand(
        name="price",
        family="Market",
        summary="Price, spread, day's range",
        usage="[SYMBOL]",
        example="/price tBTCUSD",
        role=Role.VIEWER,
        handler=price,
    ),
)
