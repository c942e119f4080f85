"""Not too many open orders at once."""

from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances
from engine.risk.wording import times


def room_for_orders(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """The exchange holds two orders of an OCO."""
    most = world.risk.limits.max_open_orders
    coming = 1 if terms.oco_stop is None else 2
    if world.open_orders + coming <= most:
        return None
    return Reason(
        "max_open_orders",
        f"{times(world.open_orders, 'order')} open, and {most} allowed at once"
        f"{'; one that cancels another counts as two' if coming > 1 else ''}. Cancel one first: "
        "/orders.",
    )
