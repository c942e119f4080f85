"""The markets' heartbeat: minutes from their sources, told as ticks at the right time."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from engine.simulator.market.candles import MINUTE, Candle
from engine.simulator.market.noise import key_of
from engine.simulator.market.replay import scaled
from engine.simulator.market.source import Source
from engine.simulator.market.ticks import Tick, ticks_of

CATCHING_UP = 3


@dataclass(slots=True, kw_only=True)
class FeedPlace:
    """Where the feed stands, kept over a restart: its own time, and what was done to its prices."""

    place: int | None = None
    factors: dict[str, float] = field(default_factory=dict)
    held: dict[str, float] = field(default_factory=dict)
    paused: bool = False


class Feed:
    """Maps the exchange's clock to the sources' own time and lets ticks out as they fall due."""

    def __init__(
        self, sources: Mapping[str, Source], place: FeedPlace, *, now: int, speed: float, seed: int
    ) -> None:
        self.sources = sources
        self.state = place
        self._keys = {symbol: key_of(f"{seed}/{symbol}/ticks") for symbol in sources}
        self._speed = speed
        self._now = now
        start = place.place if place.place is not None else now
        self._place = float(_in_step(start, now))
        self._minute = int(self._place) // MINUTE
        self.shift = (now // MINUTE - self._minute) * MINUTE
        self._pending: deque[Tick] = deque()
        self._unseen: dict[str, float] = {}

    @property
    def place(self) -> int:
        return int(self._place)

    def history(self, symbol: str, count: int) -> Iterator[Candle]:
        """The minutes before now, moved so that the feed's now is the clock's."""
        factor = self.state.factors.get(symbol, 1.0)
        for candle in self.sources[symbol].history(self._minute, count):
            yield scaled(candle, factor)._replace(mts=candle.mts + self.shift)

    def begin(self) -> list[Tick]:
        """What of the running minute lies behind already."""
        self._load(self._minute, coarse=False)
        return list(self._due(self._now))

    def advance(self, now: int) -> Iterator[Tick]:
        """The ticks due until `now` in order of time; none while paused."""
        elapsed, self._now = max(now - self._now, 0), max(now, self._now)
        if self.state.paused:
            return
        before = self._place
        self._place += elapsed * self._speed
        target = self.place // MINUTE
        while True:
            yield from self._due(now, before)
            if self._minute >= target:
                break
            self._minute += 1
            self._load(self._minute, coarse=target - self._minute > CATCHING_UP)
        self.state.place = self.place

    def pin(self, symbol: str, last: float, price: float) -> None:
        """Let the symbol's prices, now at `last`, go on from `price`."""
        if symbol in self.state.held:
            self.state.held[symbol] = price
            return
        self.state.factors[symbol] = self.state.factors.get(symbol, 1.0) * price / last
        self._pending = deque(
            tick._replace(price=price) if tick.symbol == symbol else tick for tick in self._pending
        )

    def hold(self, symbol: str, price: float) -> None:
        """Freeze one symbol at `price`."""
        self.state.held[symbol] = price

    def release(self, symbol: str) -> None:
        """Let a held symbol go on from the price it was held at."""
        price = self.state.held.pop(symbol, None)
        unseen = self._unseen.pop(symbol, None)
        if price is not None and unseen is not None:
            self.pin(symbol, unseen, price)

    def _due(self, now: int, since: float | None = None) -> Iterator[Tick]:
        while self._pending and self._pending[0].mts <= self._place:
            tick = self._pending.popleft()
            if tick.symbol in self.state.held:
                self._unseen[tick.symbol] = tick.price
            else:
                yield tick._replace(mts=self._stamp(tick.mts, now, since))

    def _stamp(self, mts: int, now: int, since: float | None) -> int:
        """The clock's time of a moment of the feed."""
        if since is None:
            return min(mts + self.shift, now)
        behind = (self._place - mts) / self._speed
        return now - int(min(behind, (self._place - since) / self._speed))

    def _load(self, minute: int, *, coarse: bool) -> None:
        told = [self._told(symbol, minute, coarse=coarse) for symbol in self.sources]
        self._pending.extend(sorted(chain.from_iterable(told)))

    def _told(self, symbol: str, minute: int, *, coarse: bool) -> list[Tick]:
        candle = self.sources[symbol].candle(minute)
        if candle is None:
            return []
        factor = self.state.factors.get(symbol, 1.0)
        return ticks_of(scaled(candle, factor), symbol, self._keys[symbol], coarse=coarse)


def _in_step(place: int, now: int) -> int:
    """The first moment from `place` on with the clock's second within the minute."""
    aligned = place - place % MINUTE + now % MINUTE
    return aligned if aligned >= place else aligned + MINUTE
