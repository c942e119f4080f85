"""Files of one-minute candles: read, and checked to the last line."""

import gzip
from collections.abc import Iterator
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import TextIO, TypeAlias

import msgspec

from engine.simulator.market.candles import Candle

AT_ONCE = 20_000
Cells: TypeAlias = tuple[int, float, float, float, float, float]

_decoder = msgspec.json.Decoder(list[Cells])


def read_candles(path: Path) -> Iterator[Candle]:
    """Rows `mts,open,close,high,low,volume` of a CSV, gzip or not, with a header or without.

    Raises `ValueError` naming the line that is not a candle.
    """
    with _opened(path) as lines:
        for number, line in enumerate(lines, 1):
            if not _is_empty(number, line):
                yield _read(path, number, line)


def checked_last(path: Path) -> Candle:
    """The last candle of a file of which every line is one, in order of time.

    Raises `ValueError` naming the first line that is not, or a file without any candle.
    """
    last: Candle | None = None
    number = 1
    try:
        with _opened(path) as lines:
            while chunk := list(islice(lines, AT_ONCE)):
                last = _quickly(chunk, last) or _slowly(path, number, chunk, last)
                number += len(chunk)
    except (EOFError, OSError, UnicodeDecodeError) as broken:
        raise ValueError(f"{path.name}, after line {number - 1}: {broken}") from broken
    if last is None:
        raise ValueError(f"{path.name} holds no candles")
    return last


def _quickly(chunk: list[str], last: Candle | None) -> Candle | None:
    """The newest of a chunk that is plain and sound; None where a closer look is needed."""
    try:
        rows = _decoder.decode("[[" + "],[".join(chunk) + "]]")
    except msgspec.DecodeError:
        return None
    before = 0 if last is None else last.mts
    for mts, opened, close, high, low, volume in rows:
        if mts < before or volume < 0 or not 0 < low <= opened <= high or not low <= close <= high:
            return None
        before = mts
    return Candle(*rows[-1])


def _slowly(path: Path, first: int, chunk: list[str], last: Candle | None) -> Candle | None:
    for number, line in enumerate(chunk, first):
        if not _is_empty(number, line):
            candle = _read(path, number, line)
            if last is not None and candle.mts < last.mts:
                raise ValueError(f"{path.name}, line {number}: older than the line before it")
            last = candle
    return last


def _is_empty(number: int, line: str) -> bool:
    """Whether a line is blank, or the header."""
    return not line.strip() or (number == 1 and not line.split(",")[0].strip().isdigit())


def _read(path: Path, number: int, line: str) -> Candle:
    try:
        mts, opened, close, high, low, volume = line.strip().split(",")[:6]
        candle = Candle(
            int(mts), float(opened), float(close), float(high), float(low), float(volume)
        )
    except ValueError as broken:
        raise ValueError(f"{path.name}, line {number}: not a candle row") from broken
    if not _sound(candle):
        raise ValueError(f"{path.name}, line {number}: no candle has such figures")
    return candle


def _sound(candle: Candle) -> bool:
    """Prices above zero, open and close within high and low, and nothing without an end."""
    _, opened, close, high, low, volume = candle
    ordered = 0 < low <= min(opened, close) <= max(opened, close) <= high
    return ordered and volume >= 0 and all(map(isfinite, candle))


def _opened(path: Path) -> TextIO:
    with path.open("rb") as start:
        zipped = start.read(2) == b"\x1f\x8b"
    if zipped:
        return gzip.open(path, "rt", encoding="ascii")
    return path.open(encoding="ascii")
