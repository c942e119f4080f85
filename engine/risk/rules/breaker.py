"""Nothing is opened while the trading breaker is open."""

from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances
from engine.risk.wording import until


def breaker_closed(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """Too much went wrong in too short a time."""
    trip = world.risk.breaker
    if trip is None or (trip.until is not None and trip.until <= world.now):
        return None
    how = "An admin resets it in /breaker."
    return Reason(
        "trading_breaker",
        f"The trading breaker has tripped: {trip.reason.rstrip('.')}. "
        f"{until(trip.until, world.now, world.risk.windows.zone, how)}",
    )
