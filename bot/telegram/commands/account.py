"""What is held."""

from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.presses import ClosePress, panel
from bot.telegram.render import account as render
from bot.telegram.screen import Button, Look, Screen
from engine.model.actor import Role
from engine.model.query import ShowBalances, ShowPositions
from engine.model.symbol import Symbol, base_of


async def balance(asked: Asked, room: Room) -> Screen:
    """Every wallet and its worth."""
    purses = await room.desk.ask(asked.actor, ShowBalances())
    refresh = Button("Refresh", panel("balance"))
    return Screen(render.balances(purses), rows=((refresh,),))


async def positions(asked: Asked, room: Room) -> Screen:
    """Open margin positions, each with a way out."""
    held = await room.desk.ask(asked.actor, ShowPositions())
    rows = [_ways_out(holding.position.symbol) for holding in held.holdings]
    rows.append((Button("Refresh", panel("positions")),))
    return Screen(render.positions(held), rows=tuple(rows))


def _ways_out(symbol: Symbol) -> tuple[Button, ...]:
    base = base_of(symbol)
    return (
        Button(
            f"Close {base}", ClosePress(symbol=_packed(symbol), percent=100).pack(), Look.DANGER
        ),
        Button(f"Half of {base}", ClosePress(symbol=_packed(symbol), percent=50).pack()),
    )


def _packed(symbol: Symbol) -> str:
    return symbol.replace(":", "/")


COMMANDS = (
    ChatCommand(
        name="balance",
        family="Account",
        summary="What the wallets hold",
        role=Role.VIEWER,
        handler=balance,
    ),
    ChatCommand(
        name="positions",
        family="Account",
        summary="Open margin positions",
        role=Role.VIEWER,
        handler=positions,
    ),
)
