"""Looking at open orders and cancelling them."""

from collections.abc import Sequence

from bot.telegram import parse
from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.pages import page_of, turning
from bot.telegram.presses import OrderPress, said
from bot.telegram.render import account as panels
from bot.telegram.render import brackets as bracket_panels
from bot.telegram.render import life
from bot.telegram.render import orders as render
from bot.telegram.render.text import bold, lines
from bot.telegram.screen import Button, Look, Screen
from engine.model.actor import Role
from engine.model.bracket import Bracket
from engine.model.command import CancelAll, CancelOrders
from engine.model.order import Order
from engine.model.query import FindOrder, ShowBrackets, ShowLife, ShowOrders, ShowPrice
from engine.model.symbol import Symbol

ON_A_PAGE = 5
STEPS_ON_A_PAGE = 30
ON_A_CARD = 12
PAIRED = "<i>Only this one is cancelled: look at /orders for the other of the pair.</i>"


async def show(asked: Asked, room: Room) -> Screen:
    """The open orders, each with a way to cancel it."""
    symbol = parse.optional_symbol(asked.words, "/orders tBTCUSD")
    shown = await room.desk.ask(asked.actor, ShowOrders(symbol))
    page = page_of(shown.orders, asked.page, ON_A_PAGE)
    first = page.number * ON_A_PAGE + 1
    rows = tuple(_row(place, order) for place, order in enumerate(page.items, first))
    text = panels.orders(page, named(room, *shown.orders), first)
    return Screen(text, rows=rows + turning(page, "orders", symbol or ""))


async def one(asked: Asked, room: Room) -> Screen:
    """An order's whole life; the newest page of it first."""
    number = parse.order_number(asked.words)
    seen = await room.desk.ask(asked.actor, ShowLife(number))
    newest_first = tuple(reversed(seen.entries))
    page = page_of(newest_first, asked.page, STEPS_ON_A_PAGE)
    steps = tuple(reversed(page.items))
    text = life.life(seen.order, steps, room.names.of, named(room, seen.order), page.place)
    ways = (_ways(seen.order),) if seen.order.status.is_open else ()
    return Screen(text, rows=ways + turning(page, "order", str(number)))


async def cancel(asked: Asked, room: Room) -> Screen:
    """A card for cancelling one order, or all of a symbol."""
    target = parse.cancel_target(asked.words)
    if target.number is not None:
        order = await room.desk.ask(asked.actor, FindOrder(target.number))
        return await cancel_card(asked, room, order)
    return await _cancel_many(asked, room, target.symbol)


async def cancel_all(asked: Asked, room: Room) -> Screen:
    """A card for cancelling everything that is open, of one symbol if it is named."""
    typed = parse.optional_symbol(asked.words, "/cancelall tBTCUSD")
    return await _cancel_many(asked, room, typed)


async def cancel_card(asked: Asked, room: Room, order: Order) -> Screen:
    """A card for cancelling this order, or where it stands when it is closed."""
    if not order.status.is_open:
        head = render.headline(order.terms)
        return Screen(lines([head, f"Nothing to cancel. {render.standing(order)}"]))
    alone = [] if order.partner is None else ["", PAIRED]
    body = lines([bold("Cancel this order?"), render.line(order, named(room, order)), *alone])
    confirm = Button("Cancel order", "", Look.DANGER)
    wish = CancelOrders((order.key,))
    return await room.cards.lay(asked.actor, asked.chat_id, wish, body, confirm)


def named(room: Room, *orders: Order) -> render.Numbers:
    """The numbers of the orders these are tied to."""
    keys = {key for order in orders for key in (order.partner, order.bracket)}
    known = (room.desk.known(key) for key in keys if key is not None)
    return render.numbers(other for other in known if other is not None)


async def _cancel_many(asked: Asked, room: Room, typed: str | None) -> Screen:
    shown = await room.desk.ask(asked.actor, ShowOrders(typed))
    symbol = None
    if typed is not None:
        symbol = (await room.desk.ask(asked.actor, ShowPrice(typed))).ticker.symbol
    where = f" in {symbol}" if symbol else ""
    brackets = await _brackets(asked, room, symbol)
    if not shown.orders and not brackets:
        return Screen(f"No open orders{where}: there is nothing to cancel.")
    count = len(shown.orders)
    orders = f"order{'s' * (count != 1)}"
    head = bold(f"Cancel {count} open {orders}{where}?")
    numbers = named(room, *shown.orders)
    listed = [f"\n{render.line(order, numbers)}" for order in shown.orders[:ON_A_CARD]]
    more = [f"\nand {count - ON_A_CARD} more, which /orders lists"] if count > ON_A_CARD else []
    body = lines([head, *listed, *more, *bracket_panels.farewell(brackets)])
    confirm = Button(f"Cancel {count} {orders}", "", Look.DANGER)
    return await room.cards.lay(asked.actor, asked.chat_id, CancelAll(symbol), body, confirm)


async def _brackets(asked: Asked, room: Room, symbol: Symbol | None) -> Sequence[Bracket]:
    seen = await room.desk.ask(asked.actor, ShowBrackets())
    held = (bracket for bracket, _ in seen.brackets)
    return [b for b in held if symbol is None or b.terms.entry.symbol == symbol]


def _row(place: int, order: Order) -> tuple[Button, ...]:
    return _ways(order, f" {place}")


def _ways(order: Order, label: str = "") -> tuple[Button, ...]:
    return (
        Button(f"Cancel{label}", OrderPress(key=order.key).pack()),
        Button(f"Amend{label}", said("amend", str(render.number_of(order)))),
    )


COMMANDS = (
    ChatCommand(
        name="orders",
        family="Orders",
        summary="Open orders",
        usage="[SYMBOL]",
        example="/orders tBTCUSD",
        role=Role.VIEWER,
        handler=show,
    ),
    ChatCommand(
        name="order",
        family="Orders",
        summary="One order and its whole life",
        usage="ID",
        example="/order 123456789",
        role=Role.VIEWER,
        handler=one,
    ),
    ChatCommand(
        name="cancel",
        family="Orders",
        summary="Cancel an order or a symbol's",
        usage="ID | SYMBOL",
        example="/cancel tBTCUSD",
        role=Role.TRADER,
        handler=cancel,
        money=True,
    ),
    ChatCommand(
        name="cancelall",
        family="Orders",
        summary="Cancel every open order",
        usage="[SYMBOL]",
        role=Role.TRADER,
        handler=cancel_all,
        money=True,
    ),
)
