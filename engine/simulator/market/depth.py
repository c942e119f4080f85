"""The depth of a book that nobody keeps: seeded levels around the price."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from engine.simulator.market.noise import key_of, scramble, uniform
from engine.simulator.wire.numbers import EIGHT, decimal_of, eight_down

GAPS = 0.3
REACH = 2_500
REFRESH = 48
RECOVERY = Decimal("0.5")


class Level(NamedTuple):
    """A price with what stands there, unsigned, and in how many orders."""

    price: Decimal
    amount: Decimal
    orders: int


class Depth:
    """Bids from the last price down, asks from one unit above it up.

    A level keeps its amount while the price wanders; every tick renews a few of them. What is
    taken from a level comes back by half with each tick.
    """

    def __init__(self, symbol: str, typical: float, price: float, seed: int) -> None:
        self._key = key_of(f"{seed}/{symbol}/depth")
        self._typical = typical
        self._taken: dict[Decimal, Decimal] = {}
        self._pulse = 0
        self._price = price

    def move(self, price: float) -> None:
        """A trade happened: the book stands around its price and heals a little."""
        self._price = price
        self._pulse += 1
        if self._taken:
            left = ((at, eight_down(amount * RECOVERY)) for at, amount in self._taken.items())
            self._taken = {at: amount for at, amount in left if amount > EIGHT}

    def take(self, price: Decimal, amount: Decimal) -> None:
        self._taken[price] = self._taken.get(price, Decimal(0)) + amount

    def bids(self) -> Iterator[Level]:
        return self._side(1, -1)

    def asks(self) -> Iterator[Level]:
        return self._side(-1, 1)

    def _side(self, side: int, step: int) -> Iterator[Level]:
        middle = decimal_of(self._price)
        exponent = max(middle.adjusted() - 4, -8)
        best = int(middle.scaleb(-exponent)) + (1 if step > 0 else 0)
        for distance in range(REACH):
            number = best + step * distance
            if number <= 0:
                return
            if number > 99_999 and number % 10:
                continue
            if distance and uniform(self._key, side, number) < GAPS:
                continue
            price = Decimal(number).scaleb(exponent)
            amount = self._amount(side, number, exponent) - self._taken.get(price, Decimal(0))
            if amount > 0:
                yield Level(price, amount, 1 + scramble(self._key, side, number, 3) % 3)

    def _amount(self, side: int, number: int, exponent: int) -> Decimal:
        age = (self._pulse + scramble(self._key, number) % REFRESH) // REFRESH
        chance = uniform(self._key, side, number, exponent, age)
        return Decimal(int(self._typical * (0.05 + 4 * chance**4) * 1e8) + 1).scaleb(-8)
