"""How much may be held, in one symbol and in all together."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.model.symbol import Symbol, base_of, quote_of
from engine.risk.circumstances import Circumstances, weighed_price
from engine.risk.wording import money, percent, times


def room_for_positions(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """Margin positions, open or ordered; more of what is held already is no further one."""
    most = world.risk.limits.max_open_positions
    if terms.wallet is not Wallet.MARGIN or world.position is not None or world.positions < most:
        return None
    return Reason(
        "max_positions",
        f"{times(world.positions, 'other position')} open or ordered, and {most} allowed at once. "
        "Close one first: /positions, or cancel what would open one: /orders.",
    )


def holding_small_enough(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """All that is held or ordered of the order's base currency, the order included."""
    most, what = world.risk.limits.max_position_percent, base_of(terms.symbol)
    return _objection(
        terms, world, worth_of_base, most, "max_position", f"What is held and ordered of {what}"
    )


def exposure_small_enough(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """All that is held and ordered, this order included; to pay with a holding adds nothing."""
    if swaps(terms, world):
        return None
    most = world.risk.limits.max_exposure_percent
    what = "All that is held and ordered"
    return _objection(terms, world, _all_of_it, most, "max_exposure", what)


def worth_of_base(terms: OrderTerms, world: Circumstances) -> Decimal | None:
    """What is held and ordered of the order's base currency, in the currency of equity; None where
    that is not known."""
    base, worth = base_of(terms.symbol), world.risk.worth
    held = [*_of_base(base, worth), *_of_base(base, world.entries)]
    if terms.symbol not in worth and world.position is not None and world.rate is not None:
        held.append(abs(world.position.amount) * world.market * world.rate)
    return _sum(held)


def worth_of_all(world: Circumstances) -> Decimal | None:
    """What is held and ordered, in the currency of equity; None where that is not known."""
    return _sum((*world.risk.worth.values(), *world.entries.values()))


def ended_by(terms: OrderTerms, world: Circumstances) -> Decimal:
    """How much of its amount adds nothing: an order that turns a position round ends it first."""
    position = world.position
    if terms.wallet is Wallet.MARGIN and position and position.amount * terms.side.sign < 0:
        return 2 * abs(position.amount)
    return Decimal(0)


def swaps(terms: OrderTerms, world: Circumstances) -> bool:
    """Whether the order pays with a holding, so that all together grows no larger."""
    quote = quote_of(terms.symbol)
    if terms.wallet is not Wallet.EXCHANGE or quote == world.risk.equity.currency:
        return False
    return any(base_of(symbol) == quote for symbol in world.risk.worth)


def _all_of_it(terms: OrderTerms, world: Circumstances) -> Decimal | None:
    return worth_of_all(world)


def _objection(
    terms: OrderTerms,
    world: Circumstances,
    held: Callable[[OrderTerms, Circumstances], Decimal | None],
    most: Decimal,
    code: str,
    what: str,
) -> Reason | None:
    equity = world.risk.equity
    if equity.value is None:
        return None  # the rule on equity says so
    if world.rate is None:
        quote = quote_of(terms.symbol)
        return Reason(
            "rate_unknown",
            f"What a {quote} is worth in {equity.currency} is not known now, so neither is how "
            "large this order is. Try again in a few seconds.",
        )
    before = held(terms, world)
    if before is None:
        return Reason(
            "worth_unknown",
            f"What is held is not fully priced in {equity.currency} now, so nothing is added to "
            "it. Try again in a few seconds; /risk shows what is missing.",
        )
    after = before + _added(terms, world) * world.rate
    allowed = equity.value * most / 100
    if after <= allowed:
        return None
    share = f", {percent(after * 100 / equity.value)} of equity" if equity.value > 0 else ""
    return Reason(
        code,
        f"{what} would be worth {money(after, equity.currency)}{share}; {percent(most)} is "
        f"allowed, which is {money(max(allowed, Decimal(0)), equity.currency)}. Make the order "
        "smaller, or reduce what is held first.",
    )


def _of_base(base: str, worth: Mapping[Symbol, Decimal | None]) -> list[Decimal | None]:
    begins = f"t{base}"  # looked at first, for there may be hundreds of holdings
    return [worth[s] for s in worth if s.startswith(begins) and base_of(s) == base]


def _sum(held: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for worth in held:
        if worth is None:
            return None
        total += worth
    return total


def _added(terms: OrderTerms, world: Circumstances) -> Decimal:
    """By how much the order changes what is held, in quote currency."""
    return (terms.amount - ended_by(terms, world)) * weighed_price(terms, world.market)
