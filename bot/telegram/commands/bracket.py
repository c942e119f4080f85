"""Entries with their exits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.telegram import parse
from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.pages import page_of, turning
from bot.telegram.presses import OrderPress, said
from bot.telegram.render import brackets as render
from bot.telegram.render.orders import line, number_of, refusal
from bot.telegram.render.text import bold, lines
from bot.telegram.render.verdicts import close_to_limits
from bot.telegram.screen import Button, Look, Screen
from engine.model.actor import Role
from engine.model.bracket import Bracket, BracketStatus
from engine.model.command import PlaceBracket, ReleaseBracket, RenewBracket
from engine.model.draft import BracketDraft
from engine.model.ids import OrderKey
from engine.model.order import Order, Side
from engine.model.query import FindOrder, PreviewBracket, ShowBrackets
from engine.model.result import Refused
from engine.model.risk_query import ShowRisk

ON_A_PAGE = 6


@dataclass(frozen=True, slots=True)
class End:
    """What a person can decide about a bracket that Genesis cannot guard by itself."""

    question: str
    meaning: str
    button: str
    wish: Callable[[OrderKey], ReleaseBracket | RenewBracket]


ENDS: Mapping[str, End] = {
    "renew": End(
        "Send new exits?",
        "Do this when you have seen at the exchange that the lost exits are not there: "
        "should one turn up later, there would be two.",
        "Send new exits",
        RenewBracket,
    ),
    "release": End(
        "Guard it no longer?",
        "What it holds and its orders stay as they are, and are yours to look after.",
        "Let go",
        ReleaseBracket,
    ),
}


async def bracket(asked: Asked, room: Room) -> Screen:
    """A card for an entry with its exits, or for one that stands."""
    if asked.words and (end := ENDS.get(asked.words[0].lower())) is not None:
        return await _ask(asked, room, end)
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
    risk = await room.desk.ask(asked.actor, ShowRisk())
    near = close_to_limits(risk, seen.terms.entry, seen.entry.cost)
    body = render.preview(seen, near)
    return await room.cards.lay(asked.actor, asked.chat_id, wish, body, confirm)


async def _ask(asked: Asked, room: Room, end: End) -> Screen:
    """A card for what cannot be left to a slip of the thumb."""
    number = parse.order_number(asked.words[1:], f"/bracket {asked.words[0].lower()}")
    entry = await room.desk.ask(asked.actor, FindOrder(number))
    body = lines([bold(end.question), line(entry), "", end.meaning])
    confirm = Button(end.button, "", Look.DANGER)
    return await room.cards.lay(asked.actor, asked.chat_id, end.wish(entry.key), body, confirm)


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
    rows = tuple(
        row
        for place, (one, orders) in enumerate(page.items, first)
        if (row := _ways(place, one, orders))
    )
    return Screen(lines([f"{head}{page.place}", *listed]), rows=rows + turning(page, "brackets"))


def _ways(place: int, bracket: Bracket, orders: Sequence[Order]) -> tuple[Button, ...]:
    entry = _entry(bracket, orders)
    if entry is not None:
        return (_cancel(place, entry),)
    if bracket.status is not BracketStatus.EXPOSED:
        return ()
    number = next((number_of(order) for order in orders if order.key == bracket.key), bracket.key)
    return tuple(
        Button(f"{end.button} {place}", said("bracket", f"{word} {number}"))
        for word, end in ENDS.items()
    )


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
