"""Leverage belongs to derivatives, and derivatives to the margin wallet (facts sheet 4.1, 4.2)."""

from typing import Final

from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.model.symbol import is_derivative
from engine.risk.circumstances import Circumstances

LEAST_LEVERAGE: Final = 1
MOST_LEVERAGE: Final = 100
MOST_GROUP: Final = 2**31 - 1


def leverage_fits(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """1 to 100, and only where the exchange knows what to do with it."""
    if terms.leverage is None:
        return None
    if not is_derivative(terms.symbol):
        return Reason("no_leverage", f"{terms.symbol} is no derivative: it takes no leverage.")
    if LEAST_LEVERAGE <= terms.leverage <= MOST_LEVERAGE:
        return None
    return Reason(
        "leverage_out_of_range", f"Leverage goes from {LEAST_LEVERAGE} to {MOST_LEVERAGE}."
    )


def group_fits(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """A positive number of 32 bits."""
    if terms.group is None or 0 < terms.group <= MOST_GROUP:
        return None
    return Reason("group_out_of_range", f"A group is a number from 1 to {MOST_GROUP}.")
