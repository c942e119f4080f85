"""Candles of every timeframe, kept as one-minute and one-hour columns."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from engine.simulator.wire.refusal import parameter

MINUTE = 60_000
HOUR = 3_600_000
DAY = 86_400_000
WEEK_EPOCH = 4 * DAY  # the epoch was a Thursday, weeks begin on Monday

STEPS = {
    "1m": MINUTE,
    "5m": 5 * MINUTE,
    "15m": 15 * MINUTE,
    "30m": 30 * MINUTE,
    "1h": HOUR,
    "3h": 3 * HOUR,
    "6h": 6 * HOUR,
    "12h": 12 * HOUR,
    "1D": DAY,
    "1W": 7 * DAY,
    "14D": 14 * DAY,
    "1M": 31 * DAY,
}


class Candle(NamedTuple):
    """One candle in the exchange's column order; `mts` opens it (ms)."""

    mts: int
    open: float
    close: float
    high: float
    low: float
    volume: float


def joined(first: Candle, second: Candle) -> Candle:
    """Two neighbours as one."""
    return Candle(
        first.mts,
        first.open,
        second.close,
        max(first.high, second.high),
        min(first.low, second.low),
        round(first.volume + second.volume, 8),
    )


def opening(timeframe: str) -> Callable[[int], int]:
    """The function from a time to the opening of its candle."""
    step = STEPS[timeframe]
    if timeframe == "1M":
        return _month_of
    if timeframe in ("1W", "14D"):
        return lambda mts: (mts - WEEK_EPOCH) // step * step + WEEK_EPOCH
    return lambda mts: mts - mts % step


def _month_of(mts: int) -> int:
    day = datetime.fromtimestamp(mts / 1000, UTC)
    first = day.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return int(first.timestamp() * 1000)


def read_candle_key(key: str) -> tuple[str, str]:
    """Timeframe and symbol of `trade:1m:tBTCUSD`."""
    kind, _, rest = key.partition(":")
    timeframe, _, symbol = rest.partition(":")
    if kind != "trade" or timeframe not in STEPS:
        raise parameter("key")
    return timeframe, symbol


class Columns:
    """Candles of one width in plain arrays: 48 bytes each."""

    def __init__(self) -> None:
        self.mts = array("q")
        self.prices = tuple(array("d") for _ in range(4))
        self.volume = array("d")

    def __len__(self) -> int:
        return len(self.mts)

    def at(self, index: int) -> Candle:
        opened, close, high, low = self.prices
        return Candle(
            self.mts[index],
            opened[index],
            close[index],
            high[index],
            low[index],
            self.volume[index],
        )

    def put(self, candle: Candle) -> None:
        """Append, or replace the newest when it opens at the same time."""
        if self.mts and self.mts[-1] == candle.mts:
            for column, value in zip(self.prices, candle[1:5], strict=True):
                column[-1] = value
            self.volume[-1] = candle.volume
            return
        self.mts.append(candle.mts)
        for column, value in zip(self.prices, candle[1:5], strict=True):
            column.append(value)
        self.volume.append(candle.volume)

    def merge(self, candle: Candle) -> Candle:
        """Join into the newest when it opens at the same time, else append; the newest after."""
        if self.mts and self.mts[-1] == candle.mts:
            candle = joined(self.at(-1), candle)
        self.put(candle)
        return candle


class Series:
    """All candles of one symbol."""

    def __init__(self) -> None:
        self.minutes = Columns()
        self.hours = Columns()

    def add(self, candle: Candle) -> None:
        """Join a minute's candle or a part of one to the series; times only go forward."""
        mts = candle.mts - candle.mts % MINUTE
        if self.minutes.mts:
            mts = max(mts, self.minutes.mts[-1])
        minute = candle._replace(mts=mts)
        self.minutes.merge(minute)
        self.hours.merge(minute._replace(mts=minute.mts - minute.mts % HOUR))

    def extend(self, candles: Iterable[Candle]) -> None:
        """Append whole minutes, all later than what is there."""
        hour: Candle | None = None
        for candle in candles:
            self.minutes.put(candle)
            mts = candle.mts - candle.mts % HOUR
            if hour is not None and hour.mts == mts:
                hour = joined(hour, candle)
                continue
            if hour is not None:
                self.hours.merge(hour)
            hour = candle._replace(mts=mts)
        if hour is not None:
            self.hours.merge(hour)

    def trade(self, mts: int, price: float, amount: float) -> None:
        self.add(Candle(mts, price, price, price, price, amount))

    def last(self, timeframe: str) -> Candle | None:
        newest = self.between(timeframe, limit=1)
        return newest[0] if newest else None

    def between(
        self,
        timeframe: str,
        *,
        start: int | None = None,
        end: int | None = None,
        limit: int = 100,
        oldest_first: bool = False,
    ) -> list[Candle]:
        """Candles opening in [start, end], at most `limit`, newest first unless told otherwise."""
        columns = self.minutes if STEPS[timeframe] < HOUR else self.hours
        low = 0 if start is None else bisect_left(columns.mts, start)
        high = len(columns) if end is None else bisect_right(columns.mts, end)
        if end is not None:
            high = self._whole(columns, opening(timeframe), high)
        indexes = range(low, high) if oldest_first else range(high - 1, low - 1, -1)
        found: list[Candle] = []
        for candle in _grouped(columns, opening(timeframe), indexes):
            if (start is None or candle.mts >= start) and (end is None or candle.mts <= end):
                found.append(candle)
            if len(found) == limit:
                break
        return found

    @staticmethod
    def _whole(columns: Columns, open_of: Callable[[int], int], high: int) -> int:
        """Past `high` to the end of its candle, so that the newest is not cut in two."""
        while 0 < high < len(columns) and open_of(columns.mts[high]) == open_of(
            columns.mts[high - 1]
        ):
            high += 1
        return high


def _grouped(columns: Columns, open_of: Callable[[int], int], indexes: range) -> Iterator[Candle]:
    group: Candle | None = None
    for index in indexes:
        part = columns.at(index)
        part = part._replace(mts=open_of(part.mts))
        if group is None:
            group = part
        elif group.mts == part.mts:
            group = joined(group, part) if indexes.step > 0 else joined(part, group)
        else:
            yield group
            group = part
    if group is not None:
        yield group
