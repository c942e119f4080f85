"""No new exposure while trading is paused."""

from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances, reduces


def not_paused(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """Orders that only reduce an exposure pass."""
    paused = world.paused
    if paused is None or reduces(terms, world.position, world.spoken_for):
        return None
    why = f": {paused.reason}" if paused.reason else ""
    since = f"{paused.at:%H:%M} UTC"
    return Reason(
        "trading_paused",
        f"Trading is paused since {since} by {paused.name}{why}. An admin lifts it with /resume.",
    )
