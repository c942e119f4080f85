"""One symbol's market: its price, its depth, its tape and its candles."""

from decimal import Decimal

from engine.simulator.market.candles import DAY, MINUTE, Series
from engine.simulator.market.depth import Depth
from engine.simulator.market.instrument import Instrument
from engine.simulator.market.tape import PublicTrade, Tape
from engine.simulator.wire.json import Row
from engine.simulator.wire.numbers import decimal_of


class Market:
    """What everybody may know about a symbol. `version` counts every change."""

    def __init__(self, instrument: Instrument, price: float, seed: int) -> None:
        self.instrument = instrument
        self.last = price
        self.depth = Depth(instrument.symbol, instrument.depth, price, seed)
        self.series = Series()
        self.tape = Tape()
        self.version = 0

    @property
    def last_price(self) -> Decimal:
        return decimal_of(self.last)

    def trade(self, trade: PublicTrade) -> None:
        """A trade of the feed: the price moves and the book follows."""
        self.last = trade.price
        self.depth.move(trade.price)
        self.record(trade)

    def record(self, trade: PublicTrade) -> None:
        """A trade inside the book: seen by all, moving nothing but the last price on the tape."""
        self.tape.add(trade)
        self.series.trade(trade.mts, trade.price, abs(trade.amount))
        self.version += 1

    def touch(self) -> None:
        self.version += 1

    def day(self, now: int) -> tuple[float, float, float, float]:
        """Price a day ago, high, low and volume of the last 24 hours."""
        minutes = self.series.minutes
        since = now - DAY - now % MINUTE
        first = len(minutes)
        while first and minutes.mts[first - 1] >= since:
            first -= 1
        if first == len(minutes):
            return self.last, self.last, self.last, 0.0
        opened, _, high, low = minutes.prices
        return opened[first], max(high[first:]), min(low[first:]), sum(minutes.volume[first:])

    def ticker(self, now: int, bids: list[Row], asks: list[Row]) -> Row:
        """Ten fields (sheet, 2 "Ticker"); `bids` and `asks` are the best 25 book rows."""
        before, high, low, volume = self.day(now)
        change = decimal_of(self.last) - decimal_of(before)
        relative = round(float(change) / before, 8) if before else 0
        return [
            *_best(bids),
            *_best(asks),
            change,
            relative,
            self.last,
            round(volume, 8),
            max(high, self.last),
            min(low, self.last),
        ]


def _best(rows: list[Row]) -> Row:
    sizes = [abs(row[2]) for row in rows if isinstance(row[2], Decimal)]
    return [rows[0][0] if rows else None, sum(sizes, Decimal(0))]
