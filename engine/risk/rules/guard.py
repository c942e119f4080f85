"""A guard that has tripped lets nothing be opened."""

from collections.abc import Callable

from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.model.risk import Guard
from engine.risk.circumstances import Circumstances
from engine.risk.wording import moment, until


def untripped(guard: Guard) -> Callable[[OrderTerms, Circumstances], Reason | None]:
    """The rule for one guard."""
    code = f"guard_{guard.name.lower()}"

    def rule(terms: OrderTerms, world: Circumstances) -> Reason | None:
        trip = world.risk.trips.get(guard)
        if trip is None or (trip.until is not None and trip.until <= world.now):
            return None
        zone = world.risk.windows.zone
        since = moment(trip.at, world.now, zone)
        how = "An admin resets it in /risk."
        return Reason(
            code,
            f"The guard on {guard} tripped at {since}: {trip.reason.rstrip('.')}. "
            f"{until(trip.until, world.now, zone, how)}",
        )

    return rule
