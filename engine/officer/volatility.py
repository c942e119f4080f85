"""How much a symbol moves in a day: Wilder's average true range over fourteen days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

import structlog

from engine.market.facade import MarketDataFacade
from engine.model.errors import ExchangeError, InvalidInput
from engine.model.market import Candle
from engine.model.symbol import Symbol
from engine.ports import Clock

DAY: Final = "1D"
PERIOD: Final = 14
LEAST_DAYS: Final = 5
ASKED_FOR: Final = 60
FRESH_FOR: Final = timedelta(hours=1)
ASK_AGAIN: Final = timedelta(minutes=1)
KEPT_FOR: Final = timedelta(hours=3)
"""How long a figure is gone by that the exchange does not renew."""
MOST_SYMBOLS: Final = 50

log = structlog.get_logger()


def daily_range(candles: Sequence[Candle], now: datetime) -> float | None:
    """The average true range in percent of the last close, of days that are over.

    `candles` are daily ones, oldest first. The first days are averaged plainly, from then on each
    counts a fourteenth; None where fewer than five days can be told.
    """
    over = [candle for candle in candles if candle.at + timedelta(days=1) <= now]
    ranges = [_true_range(before, day) for before, day in pairwise(over)]
    if len(ranges) < LEAST_DAYS or over[-1].close <= 0:
        return None
    first = ranges[:PERIOD]
    average = sum(first) / len(first)
    for day in ranges[PERIOD:]:
        average += (day - average) / PERIOD
    return 100 * average / over[-1].close


def _true_range(before: Candle, day: Candle) -> float:
    return max(day.high, before.close) - min(day.low, before.close)


@dataclass(slots=True)
class Volatility:
    """Asks for daily candles once an hour and symbol, one symbol at a time; what was not told for
    three hours is not known any more."""

    market: MarketDataFacade
    clock: Clock
    _asked: dict[Symbol, tuple[datetime, bool]] = field(default_factory=dict)
    _told: dict[Symbol, datetime] = field(default_factory=dict)

    async def refresh(self, symbols: Iterable[Symbol], known: dict[Symbol, float]) -> None:
        """Write down what is due among these; what cannot be told any more is not known."""
        self._forget(known)
        for symbol in list(dict.fromkeys(symbols))[:MOST_SYMBOLS]:
            if self._is_due(symbol, known):
                await self._measure(symbol, known)

    def _forget(self, known: dict[Symbol, float]) -> None:
        now = self.clock.now()
        for symbol, at in list(self._told.items()):
            if now - at >= KEPT_FOR:
                del self._told[symbol]
                if known.pop(symbol, None) is not None:
                    log.info("volatility_forgotten", symbol=symbol, told_at=at)

    def _is_due(self, symbol: Symbol, known: dict[Symbol, float]) -> bool:
        asked = self._asked.get(symbol)
        if asked is None:
            return True
        at, answered = asked
        wait = FRESH_FOR if answered else ASK_AGAIN
        return self.clock.now() - at >= wait or (answered and symbol not in known)

    async def _measure(self, symbol: Symbol, known: dict[Symbol, float]) -> None:
        now = self.clock.now()
        self._asked[symbol] = (now, False)
        try:
            candles = await self.market.candles(symbol, DAY, ASKED_FOR)
        except (ExchangeError, InvalidInput) as error:
            log.warning("volatility_unknown", symbol=symbol, detail=error.sentence)
            return
        moves = daily_range(candles, now)
        if moves is None:
            known.pop(symbol, None)
        else:
            known[symbol] = moves
            self._told[symbol] = now
            self._asked[symbol] = (now, True)
