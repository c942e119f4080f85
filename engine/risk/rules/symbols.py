"""Which symbols may be opened at all."""

from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances


def symbol_allowed(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """Where there is a list of what is allowed, nothing else is."""
    allowed = world.risk.limits.allowed_symbols
    if terms.symbol in allowed:
        return None
    return Reason(
        "symbol_not_allowed",
        f"{terms.symbol} is not among the symbols that may be opened. An admin changes "
        "allowed_symbols in /limits.",
    )


def symbol_not_denied(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """What is denied is not opened, also where it is allowed."""
    if terms.symbol not in world.risk.limits.denied_symbols:
        return None
    return Reason(
        "symbol_denied",
        f"{terms.symbol} may not be opened. An admin changes denied_symbols in /limits.",
    )
