"""Nothing is opened on old prices."""

from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances


def market_is_fresh(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """The price was heard not longer ago than allowed."""
    if world.quoted_at is None:
        return None
    age = (world.now - world.quoted_at).total_seconds()
    if age <= world.risk.limits.market_stale_seconds:
        return None
    return Reason(
        "market_stale",
        f"The newest price of {terms.symbol} is {age:.0f} seconds old, too old to open anything "
        "on. It is asked for anew each time: try again in a few seconds, or look at /status.",
    )
