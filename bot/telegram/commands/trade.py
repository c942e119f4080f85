"""Buying, selling, closing: a card first, always."""

from bot.telegram import parse
from bot.telegram.commands import bracket
from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.presses import panel
from bot.telegram.render import orders as render
from bot.telegram.render.text import code, esc
from bot.telegram.render.verdicts import close_to_limits
from bot.telegram.screen import Button, Look, Screen
from engine.model.actor import Role
from engine.model.command import PlaceOrder
from engine.model.draft import BracketDraft, OrderDraft
from engine.model.order import Side
from engine.model.query import PreviewClose, PreviewOrder, ShowWatched
from engine.model.result import OrderPreview, Refused
from engine.model.risk_query import ShowRisk

USAGE = (
    "SYMBOL AMOUNT [market | limit P | stop P | stoplimit P L | trail D | ioc P | fok P] "
    "[post] [reduce] [hidden] [sl P] [tp P] [oco P] [margin] [tif T]"
)


SIZES = (("$100", "$500", "$1000"), ("10%", "25%", "50%", "100%"))


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
    try:
        draft = parse.order(side, asked.words, room.clock.now())
    except parse.MissingWord as missing:
        return await _picker(asked, room, side, missing)
    return await card(asked, room, draft)


async def card(asked: Asked, room: Room, draft: OrderDraft | BracketDraft) -> Screen:
    """The card for an order, with its exits or without."""
    if isinstance(draft, BracketDraft):
        return await bracket.lay(asked, room, draft)
    return await lay(asked, room, await room.desk.ask(asked.actor, PreviewOrder(draft)))


async def _picker(asked: Asked, room: Room, side: Side, missing: parse.MissingWord) -> Screen:
    """Buttons for what is missing; each says the whole command."""
    if missing.missing is parse.Missing.SYMBOL:
        watched = await room.desk.ask(asked.actor, ShowWatched())
        rows = [tuple(_choice(side, s, s) for s in watched[i : i + 2]) for i in (0, 2, 4)]
        text = f"{side.value.capitalize()} what? Choose, or say it"
    elif missing.missing is parse.Missing.AMOUNT:
        symbol = missing.given[0]
        rows = [tuple(_choice(side, size, f"{symbol} {size}") for size in sizes) for sizes in SIZES]
        text = f"{side.value.capitalize()} how much {symbol}? Choose, or say it"
    else:
        raise missing
    example = missing.examples[0]
    return Screen(f"{esc(text)}: {code(example)}", rows=tuple(row for row in rows if row))


def _choice(side: Side, text: str, words: str) -> Button:
    return Button(text, panel(side.value, words))


async def lay(asked: Asked, room: Room, seen: OrderPreview | Refused) -> Screen:
    """The card for a preview, or why there is none."""
    if isinstance(seen, Refused):
        return Screen(render.refusal(seen))
    terms = seen.terms
    confirm = Button(
        f"Confirm {terms.side.value}", "", Look.GOOD if terms.side is Side.BUY else Look.DANGER
    )
    risk = await room.desk.ask(asked.actor, ShowRisk())
    body = render.preview(seen, close_to_limits(risk, terms, seen.cost))
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
        usage="SYMBOL AMOUNT [as for /buy]",
        example="/sell tBTCUSD 25% limit 31000 post",
        role=Role.TRADER,
        handler=sell,
        money=True,
    ),
    ChatCommand(
        name="close",
        family="Trade",
        summary="Close a position, or a part",
        usage="SYMBOL [PART]",
        example="/close tBTCUSD 50%",
        role=Role.TRADER,
        handler=close,
        money=True,
    ),
)
