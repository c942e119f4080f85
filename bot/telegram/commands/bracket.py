"""Entries with their exits."""

from collections.abc import Sequence

from bot.telegram import parse
from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.pages import page_of, turning
from bot.telegram.presses import OrderPress
from bot.telegram.render import brackets as render
from bot.telegram.render.orders import refusal
from bot.telegram.render.text import bold, lines
from bot.telegram.screen import Button, Look, Screen
from engine.model.actor import Role
from engine.model.bracket import Bracket
from engine.model.command import PlaceBracket
from engine.model.draft import BracketDraft
from engine.model.order import Order, Side
from engine.model.query import PreviewBracket, ShowBrackets
from engine.model.result import Refused

ON_A_PAGE = 6


async def bracket(asked: Asked, room: Room) -> Screen:
    """A card for an entry with its exits."""
    return await lay(asked, room, parse.bracket(asked.words, room.clock.now()))


async def lay(asked: Asked, room: Room, draft: BracketDraft) -> Screen:
    """The card for a bracket, or why there is none."""
    seen = await room.desk.ask(asked.actor, PreviewBracket(draft))
    if isinstance(seen, Refused):
        return Screen(refusal(seen))
    side = seen.terms.entry.side
    look = Look.GOOD if side is Side.BUY else Look.DANGER
    confirm = Button(f"Confirm {side.value}", "", look)
    wish = PlaceBracket(seen.terms)
    return await room.cards.lay(asked.actor, asked.chat_id, wish, render.preview(seen), confirm)


async def brackets(asked: Asked, room: Room) -> Screen:
    """Every bracket that still has something to guard."""
    shown = await room.desk.ask(asked.actor, ShowBrackets())
    page = page_of(shown.brackets, asked.page, ON_A_PAGE)
    if not page.total:
        text = "No open brackets. Place one: <code>/bracket buy tBTCUSD 0.01 sl 29000</code>"
        return Screen(text, rows=turning(page, "brackets"))
    head = bold(f"{page.total} open bracket{'s' if page.total > 1 else ''}")
    first = page.number * ON_A_PAGE + 1
    listed = [
        f"\n{place}. {render.listed(one, orders)}"
        for place, (one, orders) in enumerate(page.items, first)
    ]
    entries = enumerate((_entry(one, orders) for one, orders in page.items), first)
    rows = tuple((_cancel(place, entry),) for place, entry in entries if entry is not None)
    return Screen(lines([f"{head}{page.place}", *listed]), rows=rows + turning(page, "brackets"))


def _entry(bracket: Bracket, orders: Sequence[Order]) -> Order | None:
    """Its entry, while that may still be cancelled."""
    return next((o for o in orders if o.key == bracket.key and o.status.is_open), None)


def _cancel(place: int, entry: Order) -> Button:
    return Button(f"Cancel entry {place}", OrderPress(key=entry.key).pack())


COMMANDS = (
    ChatCommand(
        name="bracket",
        family="Trade",
        summary="An entry with its stop loss and take profit",
        usage="buy | sell SYMBOL AMOUNT [limit P] sl P tp P [fallback close | hold]",
        example="/bracket buy tBTCUSD 0.01 limit 30000 sl 29000 tp 33000",
        role=Role.TRADER,
        handler=bracket,
        money=True,
    ),
    ChatCommand(
        name="brackets",
        family="Orders",
        summary="Entries and how they are guarded",
        role=Role.VIEWER,
        handler=brackets,
    ),
)
