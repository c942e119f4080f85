"""An order update, checked and applied to a copy."""

from dataclasses import replace

from engine.simulator.trading.entry import check_size
from engine.simulator.trading.floor import Floor
from engine.simulator.trading.order import Order
from engine.simulator.trading.request import Change
from engine.simulator.trading.statuses import resting
from engine.simulator.wire.numbers import to_eight
from engine.simulator.wire.refusal import generic, parameter


def changed(order: Order, change: Change, floor: Floor) -> Order:
    """The order as it would be; `amount` is its new remainder, `delta` is added to it.

    Its first size stays what it was, as in recorded rows of changed orders.
    """
    amount = order.amount if change.amount is None else to_eight(change.amount)
    if change.delta is not None:
        amount = to_eight(amount + change.delta)
    if amount * order.amount <= 0:
        raise generic("amount: invalid")
    check_size(floor.market(order.symbol).instrument, abs(amount))
    if change.price is not None and not change.price:
        raise generic("price: invalid")
    if change.tif is not None and change.tif <= floor.now:
        raise parameter("tif")
    after = replace(
        order,
        amount=amount,
        kind_prev=order.kind,
        price=order.price if change.price is None else change.price,
        price_aux_limit=change.price_aux_limit or order.price_aux_limit,
        price_trailing=change.price_trailing or order.price_trailing,
        gid=order.gid if change.gid is None else change.gid,
        flags=order.flags if change.flags is None else change.flags,
        tif=order.tif if change.tif is None else change.tif,
        meta=order.meta | _leverage(order, change),
    )
    if change.price_trailing and after.bare_kind == "TRAILING STOP":
        last = floor.markets[order.symbol].last_price
        after.price = last + after.price_trailing * after.sign
    after.status = resting(after)
    return after


def _leverage(order: Order, change: Change) -> dict[str, int | str]:
    """A new leverage where the order had one."""
    if change.lev is None or "lev" not in order.meta:
        return {}
    return {"$F33": change.lev, "lev": change.lev}
