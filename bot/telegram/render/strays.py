"""Orders and positions made elsewhere."""

from bot.telegram.render.orders import headline, line, options, standing
from bot.telegram.render.text import bold, code, esc, lines, number
from engine.model.money import round_price
from engine.model.order import Order
from engine.model.position import Position
from engine.model.symbol import Symbol, base_of

ASKED = "Adopt: it is ours from now on. Ignore: it stays, and is not asked about again."


def order(found: Order) -> str:
    """An order somebody made elsewhere."""
    head = bold("An order made elsewhere")
    rows = [head, headline(found.terms), standing(found), options(found.terms)]
    return lines([*rows, f"<i>{ASKED}</i>"] if found.status.is_open else rows)


def position(found: Position) -> str:
    """A position none of our orders explains."""
    return lines([bold("A position made elsewhere"), holding(found), f"<i>{ASKED}</i>"])


def adopted(found: Order) -> str:
    """It is ours."""
    return lines([f"{bold('Adopted')}: {headline(found.terms)}", standing(found)])


def ignored(found: Order) -> str:
    """It is left alone."""
    return lines([f"{bold('Left alone')}: {headline(found.terms)}", standing(found)])


def kept(symbol: Symbol) -> str:
    """A position is ours."""
    return f"{bold('Adopted')}: the position in {code(symbol)}."


def left(symbol: Symbol) -> str:
    """A position is left alone."""
    return f"{bold('Left alone')}: the position in {code(symbol)}."


def holding(found: Position) -> str:
    """`long 0.1 BTC at 30,000 · tBTCUSD`."""
    way = "long" if found.amount > 0 else "short"
    amount = f"{way} {number(abs(found.amount))} {base_of(found.symbol)}"
    return f"{bold(amount)} at {number(round_price(found.base_price))} · {code(found.symbol)}"


def listed(found: Order | Position) -> str:
    """One in the list of those nobody has decided about."""
    return line(found) if isinstance(found, Order) else holding(found)


def decided(body: str, word: str, name: str) -> str:
    """The message that asked, with what was answered."""
    asked = f"<i>{ASKED}</i>"
    return f"{body.replace(asked, '').rstrip()}\n\n{bold(word)} by {esc(name)}."


def gone(body: str) -> str:
    """The message that asked, once there is nothing to decide."""
    asked = f"<i>{ASKED}</i>"
    return f"{body.replace(asked, '').rstrip()}\n\nThere is nothing left to decide about it."
