"""Private REST: placing, changing, cancelling and reading orders."""

from dataclasses import replace

from aiohttp import web

from engine.simulator import desk
from engine.simulator.rest.caller import Call, Gate
from engine.simulator.rest.paging import read_page
from engine.simulator.trading.finding import many_orders, one_order
from engine.simulator.trading.order import Order
from engine.simulator.trading.request import read_change, read_ids
from engine.simulator.trading.rows import notification_row, order_row, order_trade_row, trade_row
from engine.simulator.trading.venue import describe
from engine.simulator.wire.json import Json, Row
from engine.simulator.wire.refusal import Refusal

MOST_ROWS = 2_500
DEFAULT_ROWS = 25


def routes(gate: Gate) -> list[web.RouteDef]:
    write, read = gate.writing, gate.reading
    return [
        web.post("/v2/auth/w/order/submit", write(submit)),
        web.post("/v2/auth/w/order/update", write(update)),
        web.post("/v2/auth/w/order/cancel", write(cancel)),
        web.post("/v2/auth/w/order/cancel/multi", write(cancel_many)),
        web.post("/v2/auth/w/order/multi", gate.writing_slowly(Multi(gate).run)),
        web.post("/v2/auth/r/orders", read(active)),
        web.post("/v2/auth/r/orders/hist", read(history)),
        web.post("/v2/auth/r/orders/{symbol}", read(active)),
        web.post("/v2/auth/r/orders/{symbol}/hist", read(history)),
        web.post("/v2/auth/r/order/{symbol_and_id}/trades", read(trades_of_order)),
        web.post("/v2/auth/r/trades/hist", read(trades)),
        web.post("/v2/auth/r/trades/{symbol}/hist", read(trades)),
    ]


def submit(call: Call) -> Json:
    rows = desk.submit(call.world, call.credential, call.account, call.fields)
    text = f"Submitting {len(rows)} orders."
    return notification_row(call.floor.now // 1000, "on-req", rows, text)


def update(call: Call) -> Json:
    order = one_order(call.account, call.fields)
    before = call.world.venue.update(call.account, order, read_change(call.fields))
    after = call.account.orders.get(order.id, order)
    text = f"Submitting update to {describe(after, unsigned=True)}."
    return notification_row(call.floor.now, "ou-req", before, text)


def cancel(call: Call) -> Json:
    order = one_order(call.account, call.fields)
    before = call.world.venue.cancel(call.account, order)
    text = f"Submitted for cancellation; waiting for confirmation (ID: {order.id})."
    return notification_row(call.floor.now, "oc-req", before, text)


def cancel_many(call: Call) -> Json:
    rows = call.world.venue.cancel_many(call.account, many_orders(call.account, call.fields))
    text = f"Submitting {len(rows)} order cancellations."
    return notification_row(call.floor.now, "oc_multi-req", rows, text)


OPERATIONS = {"on": submit, "ou": update, "oc": cancel, "oc_multi": cancel_many}


class Multi:
    """Several operations in one call, with pauses between them where asked for."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def run(self, call: Call) -> Json:
        """The notification of all, its data the notifications of each; pauses have none."""
        done: list[Row] = []
        for operation in desk.read_operations(call.fields.get("ops")):
            if isinstance(operation, desk.Pause):
                await self._gate.pause(operation.seconds)
            else:
                done.append(_operate(call, operation))
        text = f"Submitting {len(done)} order operations."
        return notification_row(call.floor.now, "ox_multi-req", done, text)


def _operate(call: Call, operation: desk.Operation) -> Row:
    try:
        done = OPERATIONS[operation.kind](replace(call, fields=operation.fields))
    except Refusal as refusal:
        return desk.refusal_row(call.floor.now, operation.kind, operation.fields, refusal)
    return done if isinstance(done, list) else []


def active(call: Call) -> Json:
    found = [order for order in call.account.orders.values() if _asked_for(call, order)]
    return [order_row(order) for order in reversed(found)]


def history(call: Call) -> Json:
    page = read_page(call.fields, default=DEFAULT_ROWS, most=MOST_ROWS)
    found = [order for order in call.account.closed_orders if _asked_for(call, order)]
    found.sort(key=lambda order: order.created)
    return [order_row(order) for order in page.of(found, lambda order: order.created)]


def trades(call: Call) -> Json:
    page = read_page(call.fields, default=DEFAULT_ROWS * 5, most=MOST_ROWS)
    symbol = call.path.get("symbol")
    found = [trade for trade in call.account.trades if symbol in (None, trade.symbol)]
    return [trade_row(trade) for trade in page.of(found, lambda trade: trade.mts)]


def trades_of_order(call: Call) -> Json:
    symbol, _, number = call.path["symbol_and_id"].rpartition(":")
    found = [
        trade
        for trade in call.account.trades
        if trade.symbol == symbol and str(trade.order_id) == number
    ]
    return [order_trade_row(trade) for trade in reversed(found)]


def _asked_for(call: Call, order: Order) -> bool:
    """The filters `id`, `gid`, `cid` with `cid_date`, and the symbol of the path."""
    fields = call.fields
    if call.path.get("symbol") not in (None, order.symbol):
        return False
    if fields.get("id") and order.id not in read_ids(fields["id"], "id"):
        return False
    if fields.get("gid") and order.gid not in read_ids(fields["gid"], "gid"):
        return False
    return not fields.get("cid") or desk.has_cid(order, fields)
