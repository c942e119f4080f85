"""A price far from the market's is a slip of the finger."""

from collections.abc import Iterator
from decimal import Decimal

from engine.model.money import readable, round_price
from engine.model.order import OrderTerms, OrderType
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances
from engine.risk.wording import percent


def price_in_band(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """Limits and stops against the live mid; of a market order, what it would pay by the book."""
    mid, band = world.mid or world.market, world.risk.limits.price_band_percent
    for name, price in _prices(terms, world):
        away = abs(price - mid) * 100
        if away <= band * mid:
            continue
        low, high = (round_price(mid * (100 + sign * band) / 100) for sign in (-1, 1))
        return Reason(
            "price_band",
            f"The {name} {readable(price)} is {percent(away / mid)} away from the market's "
            f"{readable(round_price(mid))}; {percent(band)} is allowed. Use a price from "
            f"{readable(max(low, Decimal(0)))} to {readable(high)}, or an admin changes "
            "price_band_percent in /limits.",
        )
    return None


def _prices(terms: OrderTerms, world: Circumstances) -> Iterator[tuple[str, Decimal]]:
    if terms.type is OrderType.MARKET:
        yield "average price", world.average or world.market
        return
    if terms.price is not None:
        yield "limit price", terms.price
    if terms.trigger is not None:
        yield "stop price", terms.trigger
    if terms.oco_stop is not None:
        yield "stop price", terms.oco_stop
