"""How orders live: they begin, are triggered, are filled by the market, and end (sheet, 7)."""

from decimal import Decimal

from engine.simulator.trading import margin, statuses
from engine.simulator.trading.account import Account
from engine.simulator.trading.floor import Floor, Resting
from engine.simulator.trading.matching import be_taken, take
from engine.simulator.trading.offers import best_offer, fillable, within
from engine.simulator.trading.order import Flag, Order
from engine.simulator.trading.report import tell_maker, tell_taker
from engine.simulator.trading.settlement import Run

BOOK_SLIP = "RSN_BOOK_SLIP"


def begin(floor: Floor, account: Account, order: Order, *, most: Decimal | None = None) -> None:
    """The first moments of an admitted order; `most` bounds what it may fill at once."""
    refused = _refused_at_once(floor, account, order)
    if refused:
        end(floor, account, order, refused)
    elif order.waits_for_trigger:
        if is_triggered(order, floor.markets[order.symbol].last_price):
            trigger(floor, account, order, announced=False)
        else:
            floor.tell_order(account, "on", order)
    elif order.bare_kind == "FOK" and fillable(floor, order, order.price) < order.remaining:
        end(floor, account, order, "FILLORKILL CANCELED")
    else:
        early = floor.announces and order.id % 2 == 1
        if early:
            floor.tell_order(account, "on", order)
        cross(floor, account, order, announced=early, most=most)


def resume(floor: Floor, account: Account, order: Order) -> None:
    """What a changed order does at once: cross, or be triggered."""
    if not order.waits_for_trigger:
        cross(floor, account, order, announced=True)
    elif is_triggered(order, floor.markets[order.symbol].last_price):
        trigger(floor, account, order, announced=True)


def cross(
    floor: Floor, account: Account, order: Order, *, announced: bool, most: Decimal | None = None
) -> None:
    """Take what the limit allows, then rest or end, and tell it."""
    run = Run(account=account, order=order)
    limit = None if order.bare_kind == "MARKET" else order.price
    makers = take(floor, run, limit, order.remaining if most is None else most)
    if order.open and most is None and order.bare_kind == "MARKET":
        floor.close(account, order, statuses.stopped(order, BOOK_SLIP))
    if order.open and order.bare_kind in ("IOC", "FOK"):
        floor.close(account, order, statuses.stopped(order, "IOC CANCELED"))
    if run.trades or not announced or not order.open:
        kind = "oc" if not order.open else "ou" if announced else "on"
        tell_taker(floor, run, kind)
    for maker in makers:
        tell_maker(floor, maker)


def trigger(floor: Floor, account: Account, order: Order, *, announced: bool) -> None:
    """A stop has been reached (life L); the other leg of an OCO ends."""
    _end_sibling(floor, account, order)
    if order.bare_kind != "STOP LIMIT":
        _fill_or_end(floor, account, order, "EXECUTED")
        return
    order.become("LIMIT")
    order.price = order.price_aux_limit
    order.updated = floor.now
    floor.markets[order.symbol].touch()
    floor.tell_order(account, "ou" if announced else "on", order)
    cross(floor, account, order, announced=True)


def _fill_or_end(floor: Floor, account: Account, order: Order, how: str) -> None:
    """Fill at any price; what the book cannot give ends the order."""
    run = Run(account=account, order=order)
    makers = take(floor, run, None, order.remaining)
    if order.open:
        floor.close(account, order, statuses.stopped(order, BOOK_SLIP))
    elif not order.amount:
        order.status = statuses.executed(order, how)
    tell_taker(floor, run, "oc")
    for maker in makers:
        tell_maker(floor, maker)


def end(floor: Floor, account: Account, order: Order, why: str) -> None:
    """Close an order for a reason and tell it."""
    floor.close(account, order, statuses.stopped(order, why))
    floor.tell_order(account, "oc", order)


def react(floor: Floor, resting: Resting, price: Decimal, volume: Decimal | None) -> Decimal:
    """What a trade of the market at `price` does to an open order.

    Through its limit it fills whole, at its limit it fills out of `volume` (None: any). Returns
    what it took of that volume.
    """
    account, order = resting
    if order.bare_kind == "MARKET":
        cross(floor, account, order, announced=True)
    elif order.waits_for_trigger:
        trail(order, price)
        if is_triggered(order, price):
            trigger(floor, account, order, announced=True)
    elif (order.price - price) * order.sign >= 0:
        touching = order.price == price and volume is not None
        amount = min(order.remaining, volume) if touching and volume is not None else None
        if amount is None or amount > 0:
            tell_maker(floor, be_taken(floor, resting, order.price, amount or order.remaining))
            return amount or Decimal(0)
    return Decimal(0)


def trail(order: Order, price: Decimal) -> None:
    """A trailing stop follows a price that moves its way."""
    if order.bare_kind == "TRAILING STOP":
        follow = price + order.price_trailing * order.sign
        order.price = min(order.price, follow) if order.buys else max(order.price, follow)


def is_triggered(order: Order, price: Decimal) -> bool:
    """Whether the market has reached the stop price."""
    return price >= order.price if order.buys else price <= order.price


def liquidate(floor: Floor, account: Account, symbol: str) -> None:
    """Close a position whose margin is used up."""
    position = account.position(symbol)
    if position is None:
        return
    last = floor.markets[symbol].last_price
    limit = margin.liquidation_price(floor, account, position)
    gone = last <= limit if position.amount > 0 else last >= limit > 0
    if not gone:
        return
    order = Order(
        id=floor.numbers.next_order(),
        cid=floor.now,
        symbol=symbol,
        kind="MARKET",
        amount=-position.amount,
        amount_orig=-position.amount,
        created=floor.now,
        updated=floor.now,
        flags=Flag.CLOSE,
        price=last,
        routing="BFX",
    )
    floor.admit(account, order)
    _fill_or_end(floor, account, order, "FORCED EXECUTED")


def _refused_at_once(floor: Floor, account: Account, order: Order) -> str | None:
    if order.reduces:
        position = account.position(order.symbol)
        if position is None:
            return "RSN_POS_NOTFOUND"
        if position.amount * order.amount > 0:
            return "RSN_POS_REDUCE_INCR"
        if order.remaining > abs(position.amount):
            return "RSN_POS_REDUCE_FLIP"
    return "POSTONLY CANCELED" if order.flags & Flag.POST_ONLY and crosses(floor, order) else None


def crosses(floor: Floor, order: Order) -> bool:
    """Whether a limit order would take something."""
    best = best_offer(floor, order)
    return order.bare_kind == "LIMIT" and best is not None and within(order, best, order.price)


def _end_sibling(floor: Floor, account: Account, order: Order) -> None:
    sibling = account.sibling_of(order)
    if sibling is not None:
        end(floor, account, sibling, "CANCELED")
