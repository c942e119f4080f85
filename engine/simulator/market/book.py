"""The public book: the market's depth with everybody's visible orders in it."""

from collections.abc import Iterable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import chain, groupby
from typing import NamedTuple

from engine.simulator.market.depth import Level
from engine.simulator.market.market import Market
from engine.simulator.market.noise import key_of, scramble
from engine.simulator.wire.json import Row
from engine.simulator.wire.numbers import SIGNIFICANT, eight_down

PRECISIONS = ("P0", "P1", "P2", "P3", "P4", "R0")
LENGTHS = (1, 25, 100, 250)
DEEPEST = 1_500


class Standing(NamedTuple):
    """A visible order of an account: id, price, unsigned amount."""

    id: int
    price: Decimal
    amount: Decimal


class Sides(NamedTuple):
    """Rows of both sides, best first."""

    bids: list[Row]
    asks: list[Row]

    @property
    def rows(self) -> list[Row]:
        return self.bids + self.asks


def book_sides(
    market: Market, bids: list[Standing], asks: list[Standing], precision: str, length: int
) -> Sides:
    """Rows `[price, count, amount]`, or `[id, price, amount]` for R0 (sheet, 2 "Book").

    `bids` and `asks` are the accounts' own orders; those that cross the depth are left out.
    """
    lowest_ask = next(market.depth.asks(), None)
    highest_bid = next(market.depth.bids(), None)
    bids = [order for order in bids if lowest_ask is None or order.price < lowest_ask.price]
    asks = [order for order in asks if highest_bid is None or order.price > highest_bid.price]
    return Sides(
        _side(market, market.depth.bids(), bids, precision, length, 1),
        _side(market, market.depth.asks(), asks, precision, length, -1),
    )


def _side(
    market: Market,
    depth: Iterator[Level],
    own: list[Standing],
    precision: str,
    length: int,
    sign: int,
) -> list[Row]:
    reach = length if precision in ("P0", "R0") else DEEPEST
    levels = [level for _, level in zip(range(reach), depth, strict=False)]
    if precision == "R0":
        return _raw(market, levels, own, sign)[:length]
    own_levels = (Level(order.price, order.amount, 1) for order in own)
    digits = SIGNIFICANT - int(precision[1])
    placed = ((_rounded(level.price, digits, sign), level) for level in chain(levels, own_levels))
    ordered = sorted(placed, key=lambda pair: -pair[0] * sign)
    grouped = groupby(ordered, key=lambda pair: pair[0])
    return [_joined(price, group, sign) for price, group in grouped][:length]


def _joined(price: Decimal, group: Iterable[tuple[Decimal, Level]], sign: int) -> Row:
    levels = [level for _, level in group]
    amount = sum((level.amount for level in levels), Decimal(0))
    return [price, sum(level.orders for level in levels), amount * sign]


def _rounded(price: Decimal, digits: int, sign: int) -> Decimal:
    if digits == SIGNIFICANT:
        return price
    unit = Decimal(1).scaleb(price.adjusted() - digits + 1)
    rounding = ROUND_FLOOR if sign > 0 else ROUND_CEILING
    return (price / unit).to_integral_value(rounding) * unit


def _raw(market: Market, levels: list[Level], own: list[Standing], sign: int) -> list[Row]:
    key = key_of(market.instrument.symbol)
    orders = list(own)
    for level in levels:
        place = int(level.price.scaleb(8))
        share = eight_down(level.amount / level.orders)
        for number in range(level.orders):
            last = number == level.orders - 1
            amount = level.amount - share * number if last else share
            orders.append(Standing(scramble(key, place, number) % 10**11 + 1, level.price, amount))
    orders.sort(key=lambda order: (-order.price * sign, order.id))
    return [[order.id, order.price, order.amount * sign] for order in orders if order.amount]
