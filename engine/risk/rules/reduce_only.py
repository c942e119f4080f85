"""Reduce-only needs something to reduce."""

from decimal import Decimal

from engine.model.account import Wallet
from engine.model.money import plain
from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances


def something_to_reduce(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """An open position on the other side, at least as large."""
    if not (terms.reduce_only or terms.close) or terms.wallet is not Wallet.MARGIN:
        return None
    held = world.position.amount if world.position else Decimal(0)
    if held * terms.side.sign >= 0:
        return Reason(
            "nothing_to_reduce",
            f"There is no {terms.symbol} position that a {terms.side} could reduce.",
        )
    if terms.amount > abs(held) and not terms.close:
        return Reason(
            "reduces_too_much",
            f"The position is only {plain(abs(held))}; a reduce-only order cannot be larger.",
        )
    return None
