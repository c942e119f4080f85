"""Nothing is opened in a symbol that is locked."""

from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances
from engine.risk.wording import until


def not_locked(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """By a person or by a rule, with its reason."""
    lock = world.risk.locks.get(terms.symbol)
    if lock is None or (lock.until is not None and lock.until <= world.now):
        return None
    by = f" by {lock.by}" if lock.by else ""
    why = f": {lock.reason.rstrip('.')}" if lock.reason else ""
    how = f"An admin lifts it with /unlock {terms.symbol}."
    return Reason(
        "symbol_locked",
        f"{terms.symbol} is locked{by}{why}. "
        f"{until(lock.until, world.now, world.risk.windows.zone, how)}",
    )
