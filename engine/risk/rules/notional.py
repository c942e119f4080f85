"""One order is worth no more than this."""

from decimal import Decimal

from engine.model.money import cut_amount, plain
from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.model.symbol import base_of, quote_of
from engine.risk.circumstances import Circumstances, weighed_price
from engine.risk.wording import money


def worth_no_more(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """In the pair's quote currency, at the price the order is expected to trade at."""
    most = world.risk.limits.max_order_notional
    price = weighed_price(terms, world.market)
    worth = terms.amount * price
    if worth <= most:
        return None
    quote = quote_of(terms.symbol)
    largest = cut_amount(most / price) if price else Decimal(0)
    return Reason(
        "max_notional",
        f"This order is worth {money(worth, quote)}, and {money(most, quote)} is the most. "
        f"Use {plain(largest)} {base_of(terms.symbol)} or less.",
    )
