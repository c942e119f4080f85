"""The exchange cuts what it cannot hold; we ask before it does (facts sheet 4.5)."""

from engine.model.money import AMOUNT_DECIMALS, cut_amount, is_amount, is_price, plain, round_price
from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances


def exact_amount(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """More than zero, at most 8 decimals."""
    if is_amount(terms.amount):
        return None
    near = cut_amount(terms.amount)
    advice = f"Use {plain(near)}." if near > 0 else f"Use {plain(world.pair.min_size)} or more."
    return Reason(
        "amount_precision",
        f"Amount {plain(terms.amount)} has more than {AMOUNT_DECIMALS} decimals. {advice}",
    )


def exact_prices(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """5 significant digits, at most 8 decimals."""
    for price in (terms.price, terms.trigger, terms.trail, terms.oco_stop):
        if price is not None and price <= 0:
            return Reason("price_not_positive", "Prices and distances are greater than zero.")
        if price is not None and not is_price(price):
            near = plain(round_price(price))
            return Reason(
                "price_precision",
                f"Price {plain(price)} has more than 5 significant digits. Use {near}.",
            )
    return None
