"""What is held."""

from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.pages import page_of, turning
from bot.telegram.presses import ClosePress
from bot.telegram.render import account as render
from bot.telegram.screen import Button, Screen
from engine.model.actor import Role
from engine.model.query import ShowBalances, ShowPositions
from engine.model.symbol import Symbol, base_of

PURSES_ON_A_PAGE = 20
POSITIONS_ON_A_PAGE = 5


async def balance(asked: Asked, room: Room) -> Screen:
    """Every wallet and its worth."""
    purses = await room.desk.ask(asked.actor, ShowBalances())
    by_wallet = sorted(purses.purses, key=render.by_wallet)
    page = page_of(by_wallet, asked.page, PURSES_ON_A_PAGE)
    return Screen(render.balances(page, purses), rows=turning(page, "balance"))


async def positions(asked: Asked, room: Room) -> Screen:
    """Open margin positions, each with a way out."""
    held = await room.desk.ask(asked.actor, ShowPositions())
    page = page_of(held.holdings, asked.page, POSITIONS_ON_A_PAGE)
    rows = tuple(_ways_out(holding.position.symbol) for holding in page.items)
    return Screen(render.positions(page), rows=rows + turning(page, "positions"))


def _ways_out(symbol: Symbol) -> tuple[Button, ...]:
    base = base_of(symbol)
    return (
        Button(f"Close {base}", ClosePress(symbol=_packed(symbol), percent=100).pack()),
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
