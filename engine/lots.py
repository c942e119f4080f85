"""What a trade does to what is held, at average cost: it opens, it closes, or first one, then the
other."""

from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from engine.model.account import Wallet
from engine.model.lot import Lot
from engine.model.order import Fill, Order, OrderType, Origin, Side
from engine.model.symbol import base_of

STOPS = frozenset({OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP})
_OURS = (Origin.GENESIS, Origin.ADOPTED)
_NOTHING = Decimal(0)


class Split(NamedTuple):
    """How much of a trade closed something and how much opened something, and the lot after."""

    closed: Decimal
    opened: Decimal
    lot: Lot


def split(lot: Lot, fill: Fill) -> Split:
    """The two parts of a trade; what is sold on spot without having been bought here is neither."""
    against = lot.amount * fill.side.sign < 0
    closed = min(fill.amount, abs(lot.amount)) if against else _NOTHING
    opened = fill.amount - closed
    if lot.wallet is Wallet.EXCHANGE and fill.side is Side.SELL:
        opened = _NOTHING
    amount = lot.amount + (closed + opened) * fill.side.sign
    return Split(closed, opened, replace(lot, amount=amount, cost=_cost(lot, fill, closed, opened)))


def _cost(lot: Lot, fill: Fill, closed: Decimal, opened: Decimal) -> Decimal:
    kept = abs(lot.amount) - closed
    if not opened:
        return lot.cost if kept else _NOTHING
    if not kept:
        return fill.price
    return (kept * lot.cost + opened * fill.price) / (kept + opened)


def told(lot: Lot, order: Order, fill: Fill, *, stop: bool = False) -> tuple[Fill, Lot]:
    """The trade with what it opened and closed, and the lot after it, a known fee included.

    `stop` is whether the order was one before it was triggered.
    """
    closed, opened, after = split(lot, fill)
    marked = replace(fill, opening=bool(opened) and _may_open(order))
    if closed:
        way = 1 if lot.amount > 0 else -1
        marked = replace(
            marked,
            profit=closed * (fill.price - lot.cost) * way,
            paid=closed * lot.cost,
            stopped=stop or order.terms.type in STOPS,
        )
    return marked, less_fee(after, fill)


def less_fee(lot: Lot, fill: Fill) -> Lot:
    """What is left where the fee was taken out of what was bought; its cost a unit stays."""
    if fill.fee is None or lot.wallet is not Wallet.EXCHANGE or not takes_base(fill):
        return lot
    amount = max(lot.amount + fill.fee, _NOTHING)
    return replace(lot, amount=amount, cost=lot.cost if amount else _NOTHING)


def settled(before: Fill | None, fill: Fill) -> Fill:
    """The trade as it is told with its fee, and what is known of it from before."""
    if before is None:
        return fill
    return replace(
        fill,
        opening=before.opening,
        profit=before.profit,
        paid=before.paid,
        stopped=before.stopped,
    )


def takes_base(fill: Fill) -> bool:
    """Whether the fee was taken in the currency that was bought."""
    return fill.side is Side.BUY and fill.fee_currency == base_of(fill.symbol)


def _may_open(order: Order) -> bool:
    terms = order.terms
    closes = terms.reduce_only or terms.close or order.bracket is not None
    return order.origin in _OURS and not closes
