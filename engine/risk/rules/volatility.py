"""What moves too much is not opened."""

from decimal import Decimal

from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances
from engine.risk.wording import percent


def calm_enough(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """The average true range a day; one that is not known is no calm one."""
    most = world.risk.limits.max_volatility_percent
    seen = world.risk.volatility.get(terms.symbol)
    if seen is None:
        return Reason(
            "volatility_unknown",
            f"How much {terms.symbol} moves in a day is not known now, and at most "
            f"{percent(most)} is allowed. It is asked for once a minute, and takes five whole days "
            "of prices. Try again soon, or an admin changes max_volatility_percent in /limits.",
        )
    if seen <= most:
        return None
    return Reason(
        "max_volatility",
        f"{terms.symbol} moves {percent(Decimal(repr(seen)))} a day, and {percent(most)} is the "
        "most to open in. Wait until it is calmer, or an admin changes max_volatility_percent in "
        "/limits.",
    )
