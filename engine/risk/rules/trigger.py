"""A stop on the wrong side of the market would fire at once."""

from engine.model.money import readable
from engine.model.order import OrderTerms, Side
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances


def trigger_ahead(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """Buy stops belong above the market, sell stops below."""
    if terms.trigger is None:
        return None
    above = terms.side is Side.BUY
    if (terms.trigger > world.market) is above:
        return None
    where = "above" if above else "below"
    return Reason(
        "stop_would_fire",
        f"The market is at {readable(world.market)}: a {terms.side} stop at "
        f"{readable(terms.trigger)} would fire at once. Put it {where} the market.",
    )
