"""The status texts of orders, in the exchange's own free style (sheet, 4.4)."""

from decimal import Decimal

from engine.simulator.trading.order import ACTIVE, Execution, Flag, Order
from engine.simulator.wire.numbers import number_text

POSITION_CLOSE = "ACTIVE (note:POSCLOSE)"
LONGEST = 250


def float_text(value: Decimal) -> str:
    """A number as those texts print it: never without a decimal point."""
    text = number_text(value)
    return text if "." in text or "e" in text else text + ".0"


def price_text(price: Decimal) -> str:
    """At most eight significant digits."""
    digits = max(8 - 1 - price.adjusted(), 0)
    return float_text(round(price, digits))


def resting(order: Order) -> str:
    """What an open order is called."""
    if order.fills:
        return _partly(order.fills[-1])
    return POSITION_CLOSE if order.flags & Flag.CLOSE else ACTIVE


def executed(order: Order, how: str = "EXECUTED") -> str:
    """What a filled order is called; the last amount is rounded, the ones before it are not."""
    last = order.fills[-1]
    text = f"{how} @ {price_text(last.price)}({float_text(_rounded(last.amount))})"
    if len(order.fills) > 1:
        return _cut(f"{text}: was {_chain(order)}")
    return f"{text} was {POSITION_CLOSE}" if order.flags & Flag.CLOSE else text


def stopped(order: Order, why: str) -> str:
    """What an order is called that ended unfilled, e.g. `CANCELED was: PARTIALLY FILLED @ ...`."""
    if not order.fills:
        return why
    chain = ", ".join(_partly(fill) for fill in order.fills)
    return _cut(f"{why} was: {chain}")


def _chain(order: Order) -> str:
    return ", ".join(_partly(fill) for fill in order.fills[:-1])


def _partly(fill: Execution) -> str:
    return f"PARTIALLY FILLED @ {price_text(fill.price)}({float_text(fill.amount)})"


def _rounded(amount: Decimal) -> Decimal:
    coarse = round(amount, 2)
    return coarse if coarse else amount


def _cut(text: str) -> str:
    return text[:LONGEST]
