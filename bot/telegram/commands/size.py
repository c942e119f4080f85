"""How large an order may be for what one is ready to lose."""

from dataclasses import replace

from bot.telegram import parse
from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.commands.rights import may
from bot.telegram.presses import panel, said
from bot.telegram.render import sizes as render
from bot.telegram.render.orders import refusal
from bot.telegram.render.text import bold, code, lines
from bot.telegram.screen import Button, Screen
from engine.model.account import Wallet
from engine.model.actor import Role
from engine.model.money import plain
from engine.model.order import Side
from engine.model.query import ShowWatched
from engine.model.result import Refused
from engine.model.risk import SizeAdvice, SizeWish
from engine.model.risk_query import AdviseSize

MOST_DATA = 64
MOST_PICKED = 6
SIDES = frozenset({"buy", "long", "sell", "short"})
RISKS = ("0.25%", "0.5%", "1%", "2%")
MULTIPLES = ("1", "1.5", "2", "3")


async def size(asked: Asked, room: Room) -> Screen:
    """The size with its way, and the order it makes; what is missing is asked for."""
    try:
        wish = parse.size(asked.words)
    except parse.MissingWord as missing:
        return await _picker(asked, room, missing)
    seen = await room.desk.ask(asked.actor, AdviseSize(wish))
    again = Button("Refresh", panel("size", " ".join(asked.words)))
    rows = ((again,),) if len(again.data.encode()) <= MOST_DATA else ()
    if isinstance(seen, Refused):
        return Screen(refusal(seen, "No size"), rows=rows)
    ways = [seen, *await _other_way(asked, room, wish, seen.terms.side)]
    buttons = tuple(each for way in ways for each in _button(asked, room, way))
    orders = (buttons,) if buttons else ()
    text = render.advice(wish, ways, ["/" + " ".join(_order(way)) for way in ways])
    return Screen(text, rows=(*orders, *rows))


async def _other_way(
    asked: Asked, room: Room, wish: SizeWish, side: Side
) -> tuple[SizeAdvice, ...]:
    """The same on the other side, where the stop is not one side's alone."""
    if wish.atr_multiple is None:
        return ()
    other = Side.SELL if side is Side.BUY else Side.BUY
    seen = await room.desk.ask(asked.actor, AdviseSize(replace(wish, side=other)))
    return () if isinstance(seen, Refused) else (seen,)


def _order(seen: SizeAdvice) -> tuple[str, str]:
    """The command that makes an order of it, its stop included."""
    terms = seen.terms
    words = [terms.symbol, plain(terms.amount)]
    words += ["limit", plain(terms.price)] if terms.price is not None else []
    words += ["sl", plain(seen.stop)]
    words += ["margin"] if terms.wallet is Wallet.MARGIN else []
    return terms.side.value, " ".join(words)


def _button(asked: Asked, room: Room, seen: SizeAdvice) -> tuple[Button, ...]:
    data = said(*_order(seen))
    if len(data.encode()) > MOST_DATA or not may(asked, room, Role.TRADER):
        return ()
    return (Button(render.button(seen), data),)


async def _picker(asked: Asked, room: Room, missing: parse.MissingWord) -> Screen:
    """Buttons for what is missing; each says the whole command."""
    given = " ".join(missing.given)
    match missing.missing:
        case parse.Missing.SYMBOL:
            watched = await room.desk.ask(asked.actor, ShowWatched())
            labels = [str(each) for each in watched[:MOST_PICKED]]
            words = [f"{given} {each}".strip() for each in labels]
            question = "Size an order in what?"
        case parse.Missing.AMOUNT:
            words = [f"{given} {risk}" for risk in RISKS]
            question, labels = f"How much of equity may {missing.given[-1]} lose?", list(RISKS)
        case _ if len([word for word in missing.given if word.lower() not in SIDES]) == 2:
            words = [f"{given} atr {each}" for each in MULTIPLES]
            labels = ["1 daily range", *(f"{each} daily ranges" for each in MULTIPLES[1:])]
            question = "Where is the stop?"
        case _:
            raise missing
    buttons = [
        Button(label, panel("size", each)) for label, each in zip(labels, words, strict=True)
    ]
    rows = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    text = [bold(question), "Choose, or say it:", *(code(each) for each in missing.examples)]
    return Screen(lines(text), rows=rows, answers=f"size {given}".strip())


COMMANDS = (
    ChatCommand(
        name="size",
        family="Risk",
        summary="How large an order may be for its risk",
        usage="SYMBOL RISK% stop P | atr N [buy | sell] [entry P]",
        example="/size tBTCUSD 1% stop 29000",
        role=Role.VIEWER,
        handler=size,
    ),
)
