"""Changing an order where it stands."""

from decimal import Decimal

from bot.telegram import parse
from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.commands.orders import named
from bot.telegram.presses import panel
from bot.telegram.render import changes as render
from bot.telegram.render.orders import headline, number_of, refusal, standing
from bot.telegram.render.text import lines, number
from bot.telegram.screen import Button, Look, Screen
from engine.model.actor import Role
from engine.model.command import AmendOrder
from engine.model.money import of_market, plain, round_price
from engine.model.order import Order, OrderType, Side
from engine.model.query import FindOrder, PreviewAmend, ShowOrders, ShowPrice
from engine.model.result import Refused

MOST_CHOICES = 8
STEPS = (
    (("-1 %", "0.99"), ("+1 %", "1.01")),
    (("-0.2 %", "0.998"), ("+0.2 %", "1.002")),
)
TRAIL_STEPS = (
    (("-25 %", "0.75"), ("+25 %", "1.25")),
    (("-10 %", "0.9"), ("+10 %", "1.1")),
)


async def amend(asked: Asked, room: Room) -> Screen:
    """A card for the change; what to change, or which order, is asked for where it lacks."""
    try:
        said = parse.amend(asked.words)
    except parse.MissingWord as missing:
        if missing.missing is not parse.Missing.ORDER:
            raise
        return await _which(asked, room, missing)
    if said.change is None:
        order = await room.desk.ask(asked.actor, FindOrder(said.number))
        return await _what(asked, room, order)
    seen = await room.desk.ask(asked.actor, PreviewAmend(said.number, said.change))
    if isinstance(seen, Refused):
        return Screen(refusal(seen, "Not changed"))
    wish = AmendOrder(seen.order.key, seen.change)
    confirm = Button("Confirm change", "", Look.GOOD)
    body = render.preview(seen, named(room, seen.order))
    return await room.cards.lay(asked.actor, asked.chat_id, wish, body, confirm)


async def _which(asked: Asked, room: Room, missing: parse.MissingWord) -> Screen:
    shown = await room.desk.ask(asked.actor, ShowOrders(None))
    if not shown.orders:
        raise missing
    rows = tuple((_chosen(order),) for order in shown.orders[:MOST_CHOICES])
    return Screen("Which order is to change? /orders lists all with their numbers.", rows=rows)


def _chosen(order: Order) -> Button:
    terms = order.terms
    price = terms.price if terms.price is not None else terms.trigger
    at = f" at {number(price)}" if price is not None else ""
    text = f"{terms.side.value.capitalize()} {number(terms.amount)} {terms.symbol}{at}"
    return Button(text, panel("amend", str(number_of(order))))


async def _what(asked: Asked, room: Room, order: Order) -> Screen:
    if not order.status.is_open:
        return Screen(lines([headline(order.terms), f"Nothing to change. {standing(order)}"]))
    name, figure = _movable(order)
    ticker = (await room.desk.ask(asked.actor, ShowPrice(order.terms.symbol))).ticker
    rows = _steps(order, name, figure) if figure is not None else ()
    if order.terms.type is OrderType.LIMIT:
        buying = order.terms.side is Side.BUY
        text, best = ("Best bid", ticker.bid) if buying else ("Best ask", ticker.ask)
        rows += ((_choice(order, name, text, of_market(best)),),)
    return Screen(
        render.choice(order, name, of_market(ticker.last), named(room, order)),
        rows=rows,
        answers=f"amend {number_of(order)} {name}",
    )


def _movable(order: Order) -> tuple[str, Decimal | None]:
    """What of it is moved most, as a word of /amend, and where it is."""
    terms = order.terms
    match terms.type:
        case OrderType.STOP:
            return "stop", terms.trigger
        case OrderType.TRAILING_STOP:
            return "trail", terms.trail
        case _:
            return "price", terms.price


def _steps(order: Order, name: str, figure: Decimal) -> tuple[tuple[Button, ...], ...]:
    steps = TRAIL_STEPS if name == "trail" else STEPS
    return tuple(
        tuple(_choice(order, name, text, figure * Decimal(factor)) for text, factor in row)
        for row in steps
    )


def _choice(order: Order, name: str, text: str, figure: Decimal) -> Button:
    exact = round_price(figure)
    words = f"{number_of(order)} {name} {plain(exact)}"
    return Button(f"{text}: {number(exact)}", panel("amend", words))


COMMANDS = (
    ChatCommand(
        name="amend",
        family="Orders",
        summary="Change an open order where it stands",
        usage="ID [price P] [amount A] [stop P] [trail D]",
        example="/amend 123456789 price 30000",
        role=Role.TRADER,
        handler=amend,
        money=True,
    ),
)
