"""Status texts and refusals in the exchange's words (facts sheet 1.3, 4.4)."""

from decimal import Decimal

from engine.model.money import plain
from engine.model.order import OrderTerms
from engine.model.symbol import Symbol

ACTIVE = "ACTIVE"
CANCELED = "CANCELED"
POST_ONLY = "POSTONLY CANCELED"
IOC = "IOC CANCELED"
FOK = "FILLORKILL CANCELED"
BOOK_SLIP = "RSN_BOOK_SLIP"
NO_POSITION = "RSN_POS_NOTFOUND"
WOULD_ADD = "RSN_POS_REDUCE_INCR"
WOULD_FLIP = "RSN_POS_REDUCE_FLIP"
BROKE = "INSUFFICIENT BALANCE (G1)"
EXECUTED = "EXECUTED"
FORCED = "FORCED EXECUTED"

NOT_FOUND = "Order not found."
LONGEST_CHAIN = 200
_AVERAGE_STEP = Decimal("1e-8")


def partly(price: Decimal, amount: Decimal) -> str:
    """An open order after a fill."""
    return f"PARTIALLY FILLED @ {plain(price)}({plain(amount)})"


def chained(chain: str, text: str) -> str:
    """Partial fills, one after the other; a long chain is cut off."""
    return (f"{chain}, {text}" if chain else text)[:LONGEST_CHAIN]


def executed(how: str, price: Decimal, amount: Decimal, chain: str) -> str:
    """A filled order."""
    text = f"{how} @ {plain(price)}({plain(amount)})"
    return f"{text}: was {chain}" if chain else text


def ended(why: str, chain: str) -> str:
    """An order that ended before it was filled."""
    return f"{why} was: {chain}" if chain else why


def average(spent: Decimal, filled: Decimal) -> Decimal:
    """The mean price, at eight decimals."""
    return (spent / filled).quantize(_AVERAGE_STEP).normalize() + 0


def too_small(symbol: Symbol, least: Decimal) -> str:
    return f"Invalid order: minimum size for {symbol[1:]} is {plain(least)}"


def too_large(symbol: Symbol, most: Decimal) -> str:
    return f"Invalid order: maximum size for {symbol[1:]} is {plain(most)}"


def not_enough(which: str, terms: OrderTerms, price: Decimal) -> str:
    """`which` is `exchange` or `tradable`."""
    what = f"{plain(terms.signed_amount)} {terms.symbol[1:]} at {plain(price)}"
    return f"Invalid order: not enough {which} balance for {what}"
