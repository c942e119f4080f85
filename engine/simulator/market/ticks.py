"""A minute's candle told as trades: open, both extremes, close."""

from itertools import pairwise
from typing import NamedTuple

from engine.simulator.market.candles import MINUTE, Candle
from engine.simulator.market.noise import uniform

FINE = 8


class Tick(NamedTuple):
    """One trade of the feed: time (ms), symbol, price, signed amount (+ bought)."""

    mts: int
    symbol: str
    price: float
    amount: float


def path_of(candle: Candle, key: int) -> list[float]:
    """Open, the extreme further from the close first, the other, close."""
    low_first = candle.close > candle.open
    if candle.close == candle.open:
        low_first = uniform(key, candle.mts) < 0.5
    extremes = (candle.low, candle.high) if low_first else (candle.high, candle.low)
    return [candle.open, *extremes, candle.close]


def ticks_of(candle: Candle, symbol: str, key: int, *, coarse: bool) -> list[Tick]:
    """The minute's trades in order; `coarse` tells it in four."""
    prices = path_of(candle, key)
    if not coarse and candle.high > candle.low:
        prices = _between(prices, candle.mts, key)
    weights = [0.2 + uniform(key, candle.mts, 5, index) for index in range(len(prices))]
    share = candle.volume / sum(weights)
    gap = (MINUTE - 2_000) / max(len(prices) - 1, 1)
    ticks, previous = [], prices[0]
    for index, (price, weight) in enumerate(zip(prices, weights, strict=True)):
        up = price > previous or (price == previous and index % 2 == 0)
        amount = max(round(weight * share, 8), 0.00000001)
        mts = candle.mts + int(index * gap) + int(uniform(key, candle.mts, 6, index) * 900)
        ticks.append(Tick(mts, symbol, price, amount if up else -amount))
        previous = price
    return ticks


def _between(corners: list[float], mts: int, key: int) -> list[float]:
    """The corners with seeded stops on the way from one to the next."""
    prices: list[float] = []
    for index, (here, there) in enumerate(pairwise(corners)):
        prices.append(here)
        stops = int(uniform(key, mts, 7, index) * FINE / 2)
        for stop in range(stops):
            raw = here + (there - here) * (stop + uniform(key, mts, 8, index, stop)) / (stops + 1)
            prices.append(min(max(float(f"{raw:.5g}"), min(corners)), max(corners)))
    return [*prices, corners[-1]]
