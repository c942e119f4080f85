"""The public channels: what was sent, and what is new since."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Protocol

from engine.simulator.market.book import Sides
from engine.simulator.market.candles import Candle
from engine.simulator.market.derivative import status_row
from engine.simulator.socket.frames import ConfFlag
from engine.simulator.wire.checksum import checksum
from engine.simulator.wire.json import Fields, Json, Row
from engine.simulator.wire.numbers import EIGHT
from engine.simulator.world import World

SNAPSHOT_TRADES = 30
SNAPSHOT_CANDLES = 240
SLOW_BOOK_MS = 2_000
STATUS_MS = 1_000
MOST_CANDLES = 10_000
VOLUME, CANDLE_VOLUME, OPEN_INTEREST, AMOUNT = 7, 5, 17, 2
Body = tuple[Json, ...]


class Channel(Protocol):
    """One subscription: `request` are the fields that make it what it is."""

    request: Fields

    def snapshot(self) -> Body: ...
    def news(self, flags: ConfFlag) -> Iterator[Body]: ...
    def burst(self, count: int, flags: ConfFlag) -> Iterator[Body]:
        """Frames as fast as they come; the last one says how things really are."""
        ...


class TickerChannel:
    """The ten ticker fields whenever they have changed."""

    def __init__(self, world: World, request: Fields, symbol: str) -> None:
        self.request = request
        self._world = world
        self._symbol = symbol
        self._sent: Row = []
        self._version = -1

    def snapshot(self) -> Body:
        self._version = self._world.markets[self._symbol].version
        self._sent = self._world.ticker(self._symbol)
        return (self._sent,)

    def news(self, flags: ConfFlag) -> Iterator[Body]:
        if self._version != self._world.markets[self._symbol].version:
            before = self._sent
            body = self.snapshot()
            if self._sent != before:
                yield body

    def burst(self, count: int, flags: ConfFlag) -> Iterator[Body]:
        yield from ((row,) for row in waves(self._sent, VOLUME, count))


class TradesChannel:
    """Every public trade, as `te` and again as `tu`."""

    def __init__(self, world: World, request: Fields, symbol: str) -> None:
        self.request = request
        self._tape = world.markets[symbol].tape
        self._seen = 0

    def snapshot(self) -> Body:
        self._seen = self._tape.count
        return ([trade.row() for trade in self._tape.newest(SNAPSHOT_TRADES)],)

    def news(self, flags: ConfFlag) -> Iterator[Body]:
        if self._seen == self._tape.count:
            return
        for trade in self._tape.since(self._seen):
            yield "te", trade.row()
            yield "tu", trade.row()
        self._seen = self._tape.count

    def burst(self, count: int, flags: ConfFlag) -> Iterator[Body]:
        """Nothing of its own: trades in a burst are real ones, and this is their news."""
        return self.news(flags)


class CandlesChannel:
    """The newest candle whenever it has changed, and each one that follows."""

    def __init__(self, world: World, request: Fields, symbol: str, timeframe: str) -> None:
        self.request = request
        self._market = world.markets[symbol]
        self._timeframe = timeframe
        self._sent: Candle | None = None
        self._version = -1

    def snapshot(self) -> Body:
        found = self._market.series.between(self._timeframe, limit=SNAPSHOT_CANDLES)
        self._version = self._market.version
        self._sent = found[0] if found else None
        return ([list(candle) for candle in found],)

    def news(self, flags: ConfFlag) -> Iterator[Body]:
        if self._version == self._market.version:
            return
        self._version = self._market.version
        since = self._sent.mts if self._sent else None
        series = self._market.series
        for candle in series.between(
            self._timeframe, start=since, oldest_first=True, limit=MOST_CANDLES
        ):
            if candle != self._sent:
                yield (list(candle),)
            self._sent = candle

    def burst(self, count: int, flags: ConfFlag) -> Iterator[Body]:
        if self._sent is not None:
            yield from ((row,) for row in waves([*self._sent], CANDLE_VOLUME, count))


class StatusChannel:
    """The state of a perpetual future, every second whether it has changed or not."""

    def __init__(self, world: World, request: Fields, symbol: str) -> None:
        self.request = request
        self._world = world
        self._market = world.markets[symbol]
        self._told_at = 0

    def snapshot(self) -> Body:
        self._told_at = self._world.floor.now
        return (status_row(self._market, self._world.markets, self._told_at),)

    def news(self, flags: ConfFlag) -> Iterator[Body]:
        if self._world.floor.now - self._told_at >= STATUS_MS:
            yield self.snapshot()

    def burst(self, count: int, flags: ConfFlag) -> Iterator[Body]:
        (row,) = self.snapshot()
        yield from ((one,) for one in waves(row, OPEN_INTEREST, count))


class BookChannel:
    """Level by level, or order by order for R0, with checksums when asked for."""

    def __init__(
        self, world: World, request: Fields, symbol: str, precision: str, length: int, freq: str
    ) -> None:
        self.request = request
        self._world = world
        self._key = symbol, precision, length
        self._slow = freq == "F1"
        self._raw = precision == "R0"
        self._sent: dict[Json, Row] = {}
        self._sides = Sides([], [])
        self._version = -1
        self._told_at = 0
        self._checked_at = 0
        self._checked: int | None = None

    def snapshot(self) -> Body:
        self._look()
        return (self._sides.rows,)

    def news(self, flags: ConfFlag) -> Iterator[Body]:
        now = self._world.floor.now
        waits = self._slow and now - self._told_at < SLOW_BOOK_MS
        if not waits and self._version != self._world.markets[self._key[0]].version:
            self._told_at = now
            changes = self._changes()
            if flags & ConfFlag.BULK and changes:
                yield (changes,)
            elif not flags & ConfFlag.BULK:
                yield from ((change,) for change in changes)
        if flags & ConfFlag.OB_CHECKSUM:
            yield from self._checksum(now)

    def burst(self, count: int, flags: ConfFlag) -> Iterator[Body]:
        best = (self._sides.bids or self._sides.asks)[0]
        for row in waves(best, AMOUNT, count):
            yield ([row],) if flags & ConfFlag.BULK else (row,)

    def _changes(self) -> list[Json]:
        before = self._sent
        self._look()
        gone: list[Json] = [
            self._deletion(row) for key, row in before.items() if key not in self._sent
        ]
        return gone + [row for key, row in self._sent.items() if before.get(key) != row]

    def _look(self) -> None:
        self._version = self._world.markets[self._key[0]].version
        self._sides = self._world.view(*self._key)
        self._sent = {(row[0], _sign(row)): row for row in self._sides.rows}

    def _deletion(self, row: Row) -> Row:
        side = _sign(row)
        return [row[0], 0, side]

    def _checksum(self, now: int) -> Iterator[Body]:
        if now - self._checked_at < self._world.config.checksum_interval * 1000:
            return
        value = checksum(*self._sides)
        if value != self._checked:
            self._checked, self._checked_at = value, now
            yield "cs", value


def waves(row: Json, column: int, count: int) -> Iterator[Row]:
    """The row `count` times with one column running down to its real value."""
    if not isinstance(row, list) or not isinstance(row[column], int | float | Decimal):
        return
    there = Decimal(str(row[column]))
    for left in range(count - 1, -1, -1):
        yield [*row[:column], there + EIGHT * left * (-1 if there < 0 else 1), *row[column + 1 :]]


def _sign(row: Row) -> int:
    return -1 if str(row[2]).startswith("-") else 1
