"""Each type of order has the prices it needs, and none it cannot use."""

from collections.abc import Mapping
from typing import Final

from engine.model.order import OrderTerms, OrderType
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances

_T = OrderType
_NEEDS: Final[Mapping[OrderType, frozenset[str]]] = {
    _T.MARKET: frozenset(),
    _T.LIMIT: frozenset({"price"}),
    _T.IOC: frozenset({"price"}),
    _T.FOK: frozenset({"price"}),
    _T.STOP: frozenset({"trigger"}),
    _T.STOP_LIMIT: frozenset({"price", "trigger"}),
    _T.TRAILING_STOP: frozenset({"trail"}),
}
_NAMES: Final = {"price": "limit price", "trigger": "stop price", "trail": "trailing distance"}
_PASSING: Final = frozenset({_T.IOC, _T.FOK})


def prices_fit_type(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """A missing price is named first, then one too many (facts sheet 4.2)."""
    needs = _NEEDS[terms.type]
    given = (("price", terms.price), ("trigger", terms.trigger), ("trail", terms.trail))
    for field, value in given:
        wanted = field in needs
        if wanted and value is None:
            return Reason("price_missing", f"A {terms.type} order needs a {_NAMES[field]}.")
        if not wanted and value is not None:
            return Reason("price_unused", f"A {terms.type} order has no {_NAMES[field]}.")
    return None


def trail_below_price(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """A trailing stop follows at a distance smaller than the price itself."""
    if terms.trail is None or terms.trail < world.market:
        return None
    return Reason("trail_too_wide", "The trailing distance must be smaller than the price.")


def lifetime_makes_sense(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """Good until a moment ahead; what lives for an instant cannot wait, or post."""
    passing = terms.type in _PASSING
    if terms.good_until is not None and terms.good_until <= world.now:
        return Reason("already_over", f"{terms.good_until:%d %b %H:%M} UTC has passed already.")
    if passing and terms.good_until is not None:
        return Reason("no_lifetime", f"An {terms.type} order does not rest, so it cannot expire.")
    if passing and terms.post_only:
        return Reason("cannot_post", f"An {terms.type} order takes; it cannot be post-only.")
    return None
