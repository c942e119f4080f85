"""One cancels the other: a limit on one side of the market, its stop on the other."""

from engine.model.money import readable
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances


def oco_spans_market(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """Only a limit has a stop beside it, and the market lies between the two."""
    if terms.oco_stop is None:
        return None
    if terms.type is not OrderType.LIMIT or terms.price is None:
        return Reason("oco_needs_limit", "Only a limit order can have a stop that cancels it.")
    buying = terms.side is Side.BUY
    low, high = (terms.price, terms.oco_stop) if buying else (terms.oco_stop, terms.price)
    if low < world.market < high:
        return None
    limit, stop = ("below", "above") if buying else ("above", "below")
    return Reason(
        "oco_beside_market",
        f"The market is at {readable(world.market)}: the limit of this {terms.side} must lie "
        f"{limit} it and the stop {stop} it.",
    )
