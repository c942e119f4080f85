"""Recorded minutes played again, read from a candle file as they are needed."""

import gzip
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from engine.simulator.market.candles import MINUTE, Candle
from engine.simulator.market.walk import Walk, significant


def symbol_of(path: Path) -> str:
    """`tBTCUSD` from `tBTCUSD-1m-2018.csv.gz`; a `_` stands for the `:` of long names."""
    return path.name.split("-")[0].split(".")[0].replace("_", ":")


def read_candles(path: Path) -> Iterator[Candle]:
    """Rows `mts,open,close,high,low,volume` of a CSV, gzip or not, with a header or without.

    Raises `ValueError` naming the line that is not a candle.
    """
    with _opened(path) as lines:
        for number, line in enumerate(lines, 1):
            cells = line.strip().split(",")
            if cells == [""] or (number == 1 and not cells[0].isdigit()):
                continue
            try:
                mts, opened, close, high, low, volume = cells[:6]
                yield Candle(
                    int(mts), float(opened), float(close), float(high), float(low), float(volume)
                )
            except ValueError as broken:
                raise ValueError(f"{path.name}, line {number}: not a candle row") from broken


def _last_minute(path: Path) -> int:
    """The minute of the last candle, read without parsing those before it."""
    with _opened(path) as lines:
        last = deque((line for line in lines if line.strip()), maxlen=1)
    return int(last[0].split(",")[0]) // MINUTE


def _opened(path: Path) -> TextIO:
    with path.open("rb") as start:
        zipped = start.read(2) == b"\x1f\x8b"
    if zipped:
        return gzip.open(path, "rt", encoding="ascii")
    return path.open(encoding="ascii")


class Replay:
    """A candle file as a source of minutes; where it ends, a walk goes on from its last price."""

    def __init__(self, path: Path, symbol: str, depth: float, seed: int) -> None:
        self._path = path
        self._symbol = symbol
        self._depth = depth
        self._seed = seed
        self._rows = read_candles(path)
        self._ahead = next(self._rows, None)
        if self._ahead is None:
            raise ValueError(f"{path.name} holds no candles")
        self.first_minute = self._ahead.mts // MINUTE
        self.last_minute = _last_minute(path)
        self._last_price = self._ahead.open
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
