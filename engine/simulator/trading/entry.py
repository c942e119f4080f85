"""From a request to orders: the checks every new order passes."""

from dataclasses import replace
from decimal import Decimal

from engine.simulator.market.instrument import Instrument
from engine.simulator.trading.account import Account
from engine.simulator.trading.floor import Floor
from engine.simulator.trading.order import Flag, Order
from engine.simulator.trading.request import NewOrder
from engine.simulator.trading.statuses import resting
from engine.simulator.wire.numbers import number_text
from engine.simulator.wire.refusal import generic, parameter

DEFAULT_LEVERAGE = 10


def made(floor: Floor, account: Account, new: NewOrder) -> list[Order]:
    """The order, or the two of an OCO; raises `Refusal` in the sheet's words."""
    instrument = floor.market(new.symbol).instrument
    order = _drawn(floor, account, new)
    _check_type(instrument, order)
    check_size(instrument, order.remaining)
    _check_prices(new, order)
    if new.tif is not None and new.tif <= floor.now:
        raise parameter("tif")
    if new.flags & Flag.OCO:
        return [order, _stop_leg(floor, new, order)]
    return [order]


def check_size(instrument: Instrument, amount: Decimal) -> None:
    """The pair's smallest and largest order."""
    if amount < instrument.minimum:
        size = f"minimum size for {instrument.pair} is {number_text(instrument.minimum)}"
        raise generic(f"Invalid order: {size}")
    if amount > instrument.maximum:
        size = f"maximum size for {instrument.pair} is {number_text(instrument.maximum)}"
        raise generic(f"Invalid order: {size}")


def _drawn(floor: Floor, account: Account, new: NewOrder) -> Order:
    amount = new.amount
    position = account.position(new.symbol)
    if new.flags & Flag.CLOSE and position is not None and position.amount * amount < 0:
        amount = -position.amount
    order = Order(
        id=floor.numbers.next_order(),
        gid=new.gid,
        cid=floor.now if new.cid is None else new.cid,
        symbol=new.symbol,
        kind=new.kind,
        amount=amount,
        amount_orig=amount,
        created=floor.now,
        updated=floor.now,
        tif=new.tif,
        flags=new.flags,
        price=new.price,
        price_aux_limit=new.price_aux_limit,
        price_trailing=new.price_trailing,
        meta=dict(new.meta) | leverage_marks(floor, new),
    )
    last = floor.markets[new.symbol].last_price
    if order.bare_kind == "MARKET":
        order.price = last
    if order.bare_kind == "TRAILING STOP":
        order.price = last + order.price_trailing * order.sign
    order.status = resting(order)
    return order


def leverage_marks(floor: Floor, new: NewOrder) -> dict[str, int | str]:
    """What a derivative's order says of its leverage (sheet, 4.3); nothing on other pairs."""
    if not floor.market(new.symbol).instrument.derivative:
        return {}
    leverage = new.lev or DEFAULT_LEVERAGE
    return {"$F33": leverage, "lev": leverage}


def _stop_leg(floor: Floor, new: NewOrder, order: Order) -> Order:
    stop = replace(
        order,
        id=floor.numbers.next_order(),
        cid=order.cid if new.cid_oco is None else new.cid_oco,
        kind=order.kind.replace("LIMIT", "STOP"),
        price=new.price_oco_stop,
        placed_id=order.id,
        sibling=order.id,
        flags=order.flags & ~Flag.POST_ONLY,
        meta=dict(order.meta),
        fills=[],
    )
    order.sibling = stop.id
    return stop


def _check_type(instrument: Instrument, order: Order) -> None:
    tradable = instrument.margin if order.on_margin else not instrument.derivative
    if not tradable:
        raise parameter("symbol")


def _check_prices(new: NewOrder, order: Order) -> None:
    """Every price that the type lives by is there."""
    if order.bare_kind == "TRAILING STOP":
        if not new.price_trailing or order.price <= 0:
            raise generic("price_trailing: invalid")
    elif order.bare_kind != "MARKET" and not new.price:
        raise generic("price: invalid")
    if order.bare_kind == "STOP LIMIT" and not new.price_aux_limit:
        raise generic("price_aux_limit: invalid")
    if new.flags & Flag.OCO and (order.bare_kind != "LIMIT" or not new.price_oco_stop):
        raise generic("price_oco_stop: invalid")
