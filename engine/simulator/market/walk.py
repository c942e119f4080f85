"""A market nobody recorded: a seeded random walk that can be read at any minute."""

import math
from collections.abc import Iterator

from engine.simulator.market.candles import MINUTE, Candle
from engine.simulator.market.noise import key_of, uniform

OCTAVES = 13
WIDTHS = [(1 << octave, math.sqrt(1 << octave)) for octave in range(OCTAVES)]
MINUTE_VOLATILITY = 0.0004
QUIET_MINUTES = 0.02


class Walk:
    """Noise in octaves around a price: a walk without a memory that never runs away."""

    def __init__(self, symbol: str, price: float, depth: float, seed: int) -> None:
        self._key = key_of(f"{seed}/{symbol}")
        self._price = price
        self._depth = depth
        self._level = -1, price
        self._lattice = [(-2, 0.0, 0.0)] * OCTAVES

    def level(self, minute: int) -> float:
        """The price at the very beginning of a minute."""
        known, price = self._level
        if known != minute:
            drift = 0.0
            for octave, (width, weight) in enumerate(WIDTHS):
                left = minute >> octave
                here, there = self._ends(octave, left)
                drift += (here + (there - here) * (minute - left * width) / width) * weight
            price = significant(self._price * math.exp(drift * MINUTE_VOLATILITY * 2.0))
            self._level = minute, price
        return price

    def _ends(self, octave: int, left: int) -> tuple[float, float]:
        known, here, there = self._lattice[octave]
        if known == left:
            return here, there
        here = there if known + 1 == left else uniform(self._key, octave, left) - 0.5
        there = uniform(self._key, octave, left + 1) - 0.5
        self._lattice[octave] = left, here, there
        return here, there

    def candle(self, minute: int) -> Candle | None:
        if uniform(self._key, 77, minute) < QUIET_MINUTES:
            return None
        opened, close = self.level(minute), self.level(minute + 1)
        reach = MINUTE_VOLATILITY * self._price
        high = max(opened, close) + uniform(self._key, 78, minute) * reach
        low = min(opened, close) - uniform(self._key, 79, minute) * reach
        volume = self._depth * 40 * uniform(self._key, 80, minute) ** 3 + self._depth / 10
        return Candle(
            minute * MINUTE, opened, close, significant(high), significant(low), round(volume, 8)
        )

    def history(self, minute: int, count: int) -> Iterator[Candle]:
        candles = map(self.candle, range(minute - count, minute))
        return (candle for candle in candles if candle is not None)


def significant(price: float) -> float:
    """Rounded to the five digits a price may have."""
    return float(f"{price:.5g}")
