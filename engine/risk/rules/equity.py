"""What is measured against equity needs to know it."""

from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances


def equity_known(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """Unknown is neither zero nor a loss: it is a reason of its own."""
    equity = world.risk.equity
    if equity.value is not None:
        return None
    why = equity.unknown.rstrip(".") or "it has not been worked out yet"
    return Reason(
        "equity_unknown",
        f"The account's worth in {equity.currency} is not known: {why}. What is limited by it "
        "waits until it is; /risk shows it. A currency without a price can be left out with "
        "equity_ignores in /limits.",
    )
