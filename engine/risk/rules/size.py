"""The exchange's own least and greatest order size."""

from engine.model.money import plain
from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.model.symbol import base_of
from engine.risk.circumstances import Circumstances


def size_within_limits(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """Sizes of `pub:info:pair`, in base units; what closes a whole position may be smaller."""
    base = base_of(terms.symbol)
    if terms.amount < world.pair.min_size and not terms.close:
        return Reason(
            "below_minimum",
            f"{plain(terms.amount)} {base} is below the exchange's minimum of "
            f"{plain(world.pair.min_size)} {base} for {terms.symbol}.",
        )
    if terms.amount > world.pair.max_size:
        return Reason(
            "above_maximum",
            f"{plain(terms.amount)} {base} is above the exchange's maximum of "
            f"{plain(world.pair.max_size)} {base} for {terms.symbol}.",
        )
    return None
