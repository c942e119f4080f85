"""What a change makes of an open order, as far as risk is concerned."""

from dataclasses import replace
from decimal import Decimal

from engine.model.change import OrderChange
from engine.model.money import plain
from engine.model.order import Order, OrderTerms, Side
from engine.model.result import Reason
from engine.model.symbol import base_of
from engine.risk.circumstances import Circumstances, expected_price, reduces


def misfits(order: Order, change: OrderChange) -> tuple[Reason, ...]:
    """Why the change cannot be meant for this order."""
    if change.applied(order.terms) == order.terms:
        return (Reason("nothing_changes", "The order stands like this already."),)
    if change.amount is not None and change.amount <= order.filled:
        done = f"{plain(order.filled)} {base_of(order.terms.symbol)}"
        return (
            Reason("filled_already", f"{done} has filled already; the new size must be larger."),
        )
    return ()


def outstanding(order: Order, after: OrderTerms) -> OrderTerms:
    """The changed terms for what is left to trade."""
    return replace(after, amount=after.amount - order.filled)


def grows(order: Order, after: OrderTerms, world: Circumstances) -> bool:
    """Whether more could be bought, sold or spent than now; or sooner, unless that only lessens."""
    if _is_more(order, after):
        return True
    left = outstanding(order, after)
    return _is_sooner(order, after, world) and not reduces(left, world.position, world.spoken_for)


def enlarges(order: Order, after: OrderTerms, world: Circumstances) -> bool:
    """Whether more could be bought, sold or spent than now, or sooner, whatever it lessens."""
    return _is_more(order, after) or _is_sooner(order, after, world)


def _is_more(order: Order, after: OrderTerms) -> bool:
    loose = order.terms.reduce_only and not after.reduce_only
    return loose or outstanding(order, after).amount > order.remaining


def _is_sooner(order: Order, after: OrderTerms, world: Circumstances) -> bool:
    worth = outstanding(order, after).amount * expected_price(after, world.market)
    dearer = worth > order.remaining * expected_price(order.terms, world.market)
    return (dearer and after.side is Side.BUY) or _nearer(order.terms, after)


def _nearer(before: OrderTerms, after: OrderTerms) -> bool:
    """Whether the order trades where it would not have: a better limit, or a trigger or a trail
    closer to the market."""
    sign = before.side.sign
    limit = _moved(before.price, after.price) * sign
    trigger = _moved(before.trigger, after.trigger) * sign
    return limit > 0 or trigger < 0 or _moved(before.trail, after.trail) < 0


def _moved(before: Decimal | None, after: Decimal | None) -> Decimal:
    return after - before if before is not None and after is not None else Decimal(0)


def plainly(after: OrderTerms) -> OrderTerms:
    """Without what a change cannot touch, and what was settled when the order was placed."""
    return replace(after, oco_stop=None, good_until=None, leverage=None, group=None)


def worth_of(order: Order, after: OrderTerms, market: Decimal) -> Decimal:
    """What remains to trade, in quote currency."""
    return outstanding(order, after).amount * expected_price(after, market)
