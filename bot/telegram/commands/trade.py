"""Buying, selling, closing: a card first, always."""

from bot.telegram import parse
from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.render import orders as render
from bot.telegram.screen import Button, Look, Screen
from engine.model.actor import Role
from engine.model.command import PlaceOrder, PreviewClose, PreviewOrder
from engine.model.order import Side
from engine.model.result import OrderPreview, Refused

USAGE = (
    "SYMBOL AMOUNT [market | limit P | stop P | stoplimit P L] [post] [reduce] [hidden] [margin]"
)


async def buy(asked: Asked, room: Room) -> Screen:
    """A card for a buy order."""
    return await _card(asked, room, Side.BUY)


async def sell(asked: Asked, room: Room) -> Screen:
    """A card for a sell order."""
    return await _card(asked, room, Side.SELL)


async def close(asked: Asked, room: Room) -> Screen:
    """A card for closing a position or a part of it."""
    symbol, percent = parse.close(asked.words)
    seen = await room.desk.ask(asked.actor, PreviewClose(symbol, percent))
    return await lay(asked, room, seen)


async def _card(asked: Asked, room: Room, side: Side) -> Screen:
    draft = parse.order(side, asked.words)
    seen = await room.desk.ask(asked.actor, PreviewOrder(draft))
    return await lay(asked, room, seen)


async def lay(asked: Asked, room: Room, seen: OrderPreview | Refused) -> Screen:
    """The card for a preview, or why there is none."""
    if isinstance(seen, Refused):
        return Screen(render.refusal(seen))
    terms = seen.terms
    confirm = Button(
        f"Confirm {terms.side.value}", "", Look.GOOD if terms.side is Side.BUY else Look.DANGER
    )
    body = render.preview(seen)
    return await room.cards.lay(asked.actor, asked.chat_id, PlaceOrder(terms), body, confirm)


COMMANDS = (
    ChatCommand(
        name="buy",
        family="Trade",
        summary="Buy, after a card to confirm",
        usage=USAGE,
        example="/buy tBTCUSD 0.01 limit 30000",
        role=Role.TRADER,
        handler=buy,
        money=True,
    ),
    ChatCommand(
        name="sell",
        family="Trade",
        summary="Sell, after a card to confirm",
        usage=USAGE,
        example="/sell tBTCUSD 25% limit 31000 post",
        role=Role.TRADER,
        handler=sell,
        money=True,
    ),
    ChatCommand(
        name="close",
        family="Trade",
        summary="Close a margin position, or a part of it",
        usage="SYMBOL [PART]",
        example="/close tBTCUSD 50%",
        role=Role.TRADER,
        handler=close,
        money=True,
    ),
)
