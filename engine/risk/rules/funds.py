"""Spot orders need the money they spend."""

from decimal import Decimal

from engine.model.account import Wallet
from engine.model.money import cut_amount, readable
from engine.model.order import OrderTerms, Side
from engine.model.result import Reason
from engine.model.symbol import split
from engine.risk.circumstances import Circumstances, expected_price


def enough_funds(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """Quote currency to buy, base currency to sell; what margin needs is the exchange's to say."""
    if terms.wallet is not Wallet.EXCHANGE:
        return None
    base, quote = split(terms.symbol)
    if terms.side is Side.SELL:
        return _short_of(terms.amount, world.free, base)
    return _short_of(terms.amount * expected_price(terms, world.market), world.free, quote)


def _short_of(needed: Decimal, free: Decimal | None, currency: str) -> Reason | None:
    if free is None:
        return Reason(
            "balance_unknown",
            f"The free {currency} balance is not known yet. Try again in a few seconds.",
        )
    if needed <= free:
        return None
    return Reason(
        "not_enough_funds",
        f"This needs {readable(cut_amount(needed))} {currency}, but only "
        f"{readable(cut_amount(free))} {currency} is free. See /balance.",
    )
