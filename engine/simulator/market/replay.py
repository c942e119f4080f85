"""Recorded minutes played again, read from a candle file as they are needed."""

from collections.abc import Iterator
from pathlib import Path

from engine.simulator.market.candle_file import checked_last, read_candles
from engine.simulator.market.candles import MINUTE, Candle
from engine.simulator.market.walk import Walk, significant


def symbol_of(path: Path) -> str:
    """`tBTCUSD` from `tBTCUSD-1m-2018.csv.gz`; a `_` stands for the `:` of long names."""
    return path.name.split("-")[0].split(".")[0].replace("_", ":")


class Replay:
    """A candle file as a source of minutes; where it ends, a walk goes on from its last price.

    Raises `ValueError` naming the line that is not a candle, wherever it stands.
    """

    def __init__(self, path: Path, symbol: str, depth: float, seed: int) -> None:
        self._path = path
        self._symbol = symbol
        self._depth = depth
        self._seed = seed
        self.last_minute = checked_last(path).mts // MINUTE
        self._rows = read_candles(path)
        first = next(self._rows)
        self._ahead: Candle | None = first
        self.first_minute = first.mts // MINUTE
        self._last_price = first.open
        self._beyond: tuple[Walk, float] | None = None

    def history(self, minute: int, count: int) -> Iterator[Candle]:
        while self._ahead is not None and self._ahead.mts // MINUTE < minute:
            candle = self._step(self._ahead)
            if candle.mts // MINUTE >= minute - count:
                yield candle

    def candle(self, minute: int) -> Candle | None:
        while self._ahead is not None and self._ahead.mts // MINUTE < minute:
            self._step(self._ahead)
        if self._ahead is None:
            return self._afterwards(minute)
        return self._step(self._ahead) if self._ahead.mts // MINUTE == minute else None

    def close(self) -> None:
        self._rows = iter(())

    def _step(self, candle: Candle) -> Candle:
        self._last_price = candle.close
        self._ahead = next(self._rows, None)
        return candle

    def _afterwards(self, minute: int) -> Candle | None:
        if self._beyond is None:
            walk = Walk(self._symbol, self._last_price, self._depth, self._seed)
            self._beyond = walk, self._last_price / walk.level(minute)
        walk, factor = self._beyond
        candle = walk.candle(minute)
        return candle and scaled(candle, factor)


def scaled(candle: Candle, factor: float) -> Candle:
    """The candle at another price level."""
    if factor == 1.0:
        return candle
    opened, close, high, low = (significant(price * factor) for price in candle[1:5])
    return Candle(candle.mts, opened, close, high, low, candle.volume)
