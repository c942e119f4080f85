"""Locking symbols, and the trading breaker."""

from bot.telegram import parse
from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.commands.rights import may, must
from bot.telegram.grammar.refusal import exemplified
from bot.telegram.onward import HOME
from bot.telegram.pages import page_of, turning
from bot.telegram.presses import panel
from bot.telegram.render import locks as render
from bot.telegram.render.orders import refusal
from bot.telegram.render.text import bold, code, lines
from bot.telegram.screen import Button, Look, Screen
from engine.model.actor import Role
from engine.model.errors import InvalidInput
from engine.model.query import ShowPrice, ShowStatus, ShowWatched
from engine.model.result import Refused
from engine.model.risk import Lock
from engine.model.risk_command import LockSymbol, ResetBreaker, UnlockSymbol
from engine.model.risk_query import ShowRisk
from engine.model.symbol import Symbol

ON_A_PAGE = 6
MOST_PICKED = 6
SPANS = (("1 h", "for 1h"), ("4 h", "for 4h"), ("1 day", "for 1d"), ("Open end", "open"))


async def locks(asked: Asked, room: Room) -> Screen:
    """Every locked symbol, each with a way to unlock it."""
    seen = await room.desk.ask(asked.actor, ShowRisk())
    page = page_of(seen.locks, asked.page, ON_A_PAGE)
    acts = may(asked, room, Role.ADMIN)
    unlocks = [Button(f"Unlock {o.symbol}", panel("unlock", o.symbol)) for o in page.items if acts]
    rows = tuple(tuple(unlocks[at : at + 2]) for at in range(0, len(unlocks), 2))
    add = (Button("Lock a symbol", panel("lock")),) if may(asked, room, Role.TRADER) else ()
    return Screen(render.listed(page, seen), rows=(*rows, *turning(page, "locks"), (*add, HOME)))


async def lock(asked: Asked, room: Room) -> Screen:
    """Nothing more is opened in a symbol, at once and without a card: stopping must be quick."""
    try:
        wish = parse.lock(asked.words, room.clock.now())
    except parse.MissingWord as missing:
        return await _picker(asked, room, missing)
    symbol = (await room.desk.ask(asked.actor, ShowPrice(wish.symbol))).ticker.symbol
    command = LockSymbol(symbol, wish.reason, wish.until)
    done = await room.desk.execute(asked.actor, command, asked.command_id)
    rows = ((Button("Locks", panel("locks")), HOME),)
    if isinstance(done, Refused):
        return Screen(refusal(done, "Nothing changed"), rows=rows)
    zone = (await room.desk.ask(asked.actor, ShowRisk())).windows.zone
    text = render.locked(symbol, wish.until, wish.reason, room.clock.now(), zone)
    return Screen(text, rows=rows)


async def _picker(asked: Asked, room: Room, missing: parse.MissingWord) -> Screen:
    example = f"Choose, or say it: {code(missing.examples[0])}"
    if missing.missing is parse.Missing.SYMBOL:
        watched = (await room.desk.ask(asked.actor, ShowWatched()))[:MOST_PICKED]
        symbols = [Button(each, panel("lock", f"{each} for")) for each in watched]
        rows = [tuple(symbols[at : at + 2]) for at in range(0, len(symbols), 2)]
        return Screen(f"Lock which symbol? {example}", rows=(*rows, (HOME,)))
    symbol = missing.given[0]
    spans = tuple(Button(text, panel("lock", f"{symbol} {words}")) for text, words in SPANS)
    question = f"{bold(f'Lock {symbol}')} for how long?"
    return Screen(
        lines([question, example]), rows=(spans[:2], spans[2:], (HOME,)), answers=f"lock {symbol}"
    )


async def unlock(asked: Asked, room: Room) -> Screen:
    """A card that lets a symbol be traded again."""
    seen = await room.desk.ask(asked.actor, ShowRisk())
    if not asked.words:
        return await locks(asked, room)
    found = _found(parse.symbol(asked.words, "/unlock tBTCUSD"), seen.locks)
    back = ((Button("Locks", panel("locks")), HOME),)
    if found is None:
        return Screen("That symbol is not locked.", rows=back)
    body = render.unlocking(found, seen.at, seen.windows.zone)
    confirm = Button(f"Unlock {found.symbol}", "", Look.DANGER)
    wish = UnlockSymbol(found.symbol)
    return await room.cards.lay(asked.actor, asked.chat_id, wish, body, confirm)


def _found(typed: str, locks_: tuple[Lock, ...]) -> Lock | None:
    """The lock on a symbol as people type it."""
    wanted = _bare(typed)
    return next((o for o in locks_ if wanted in {_bare(o.symbol), _bare(o.symbol)[1:]}), None)


def _bare(symbol: str | Symbol) -> str:
    return "".join(c for c in symbol.lower() if c.isalnum())


async def breaker(asked: Asked, room: Room) -> Screen:
    """How both kinds of breakers stand; `reset` asks for a card."""
    seen = await room.desk.ask(asked.actor, ShowRisk())
    desk = await room.desk.ask(asked.actor, ShowStatus())
    acts = may(asked, room, Role.ADMIN)
    if asked.words:
        if [word.lower() for word in asked.words] != ["reset"]:
            raise InvalidInput(exemplified("/breaker can only reset.", ("/breaker reset",)))
        must(asked, room, Role.ADMIN, "Resetting the breaker")
        if seen.breaker is not None:
            confirm = Button("Reset breaker", "", Look.DANGER)
            body = render.resetting(seen)
            return await room.cards.lay(asked.actor, asked.chat_id, ResetBreaker(), body, confirm)
    reset = ((Button("Reset", panel("breaker", "reset")),),) if seen.breaker and acts else ()
    last = (HOME, Button("Refresh", panel("breaker")))
    return Screen(render.breaker(seen, desk.breakers), rows=(*reset, last))


COMMANDS = (
    ChatCommand(
        name="locks",
        family="Risk",
        summary="Symbols in which nothing is opened",
        role=Role.VIEWER,
        handler=locks,
    ),
    ChatCommand(
        name="lock",
        family="Risk",
        summary="Open nothing in a symbol, at once",
        usage="SYMBOL [2h | until 18:00] [REASON]",
        example="/lock tBTCUSD 2h news",
        role=Role.TRADER,
        handler=lock,
        money=True,
    ),
    ChatCommand(
        name="unlock",
        family="Risk",
        summary="Let a symbol be traded again",
        usage="SYMBOL",
        example="/unlock tBTCUSD",
        role=Role.ADMIN,
        handler=unlock,
        money=True,
    ),
    ChatCommand(
        name="breaker",
        family="Risk",
        summary="Whether mishaps have stopped trading",
        usage="[reset]",
        example="/breaker reset",
        role=Role.VIEWER,
        handler=breaker,
    ),
)
