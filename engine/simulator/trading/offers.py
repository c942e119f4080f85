"""What an incoming order meets: the market's depth and other resting orders, best first."""

import heapq
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from engine.simulator.trading.floor import Floor, Resting
from engine.simulator.trading.order import ZERO, Order
from engine.simulator.wire.numbers import eight_up


class Offer(NamedTuple):
    """An amount (unsigned) at a price; `resting` when it is somebody's order."""

    price: Decimal
    amount: Decimal
    resting: Resting | None


def offers(floor: Floor, order: Order) -> Iterator[Offer]:
    """The other side of the book; at one price the market's own depth comes first."""
    market = floor.markets[order.symbol]
    side = market.depth.asks() if order.buys else market.depth.bids()
    depth = (Offer(level.price, level.amount, None) for level in side)
    direction = 1 if order.buys else -1
    own = sorted(_opposite(floor, order), key=lambda offer: offer.price * direction)
    return heapq.merge(depth, own, key=lambda offer: offer.price * direction)


def _opposite(floor: Floor, order: Order) -> Iterator[Offer]:
    for resting in floor.resting(order.symbol):
        other = resting.order
        if other.in_book and other.buys != order.buys and other is not order:
            yield Offer(other.price, other.remaining, resting)


def within(order: Order, offer: Offer, limit: Decimal | None) -> bool:
    """Whether the offer is no worse than the limit."""
    if limit is None:
        return True
    return offer.price <= limit if order.buys else offer.price >= limit


def best_offer(floor: Floor, order: Order) -> Offer | None:
    return next(offers(floor, order), None)


def fillable(floor: Floor, order: Order, limit: Decimal | None) -> Decimal:
    """How much of the order could fill at once, unsigned."""
    found = ZERO
    for offer in offers(floor, order):
        if found >= order.remaining or not within(order, offer, limit):
            break
        found += min(offer.amount, order.remaining - found)
    return found


def cost_of(floor: Floor, order: Order) -> Decimal:
    """What the order would cost right now in quote currency."""
    left, cost = order.remaining, ZERO
    for offer in offers(floor, order):
        if left <= 0:
            break
        part = min(left, offer.amount)
        cost += part * offer.price
        left -= part
    return eight_up(cost)
