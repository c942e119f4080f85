"""One symbol's candles of one length, the open one at the end (facts sheet 6.4)."""

from collections.abc import Iterable
from datetime import datetime

from engine.market.moments import millis, moment
from engine.model.market import Candle
from engine.model.report import Bar, CandleChange, CandlesSnapshot

KEPT = 1_000


class LiveCandles:
    """Bars by their opening time: told again they are replaced, whenever they come."""

    __slots__ = ("_bars", "heard_at")

    def __init__(self, snapshot: CandlesSnapshot, heard_at: datetime) -> None:
        self._bars = {bar[0]: bar for bar in snapshot.bars}
        self.heard_at = heard_at

    def __len__(self) -> int:
        return min(len(self._bars), KEPT)

    def change(self, change: CandleChange) -> None:
        """Replace the bar of this time, or put it in its place."""
        self._bars[change.bar[0]] = change.bar
        if len(self._bars) > 2 * KEPT:
            self._bars = {opened: self._bars[opened] for opened in sorted(self._bars)[-KEPT:]}

    def fill(self, candles: Iterable[Candle]) -> None:
        """Bars that were asked for, where none was heard."""
        bars = {millis(candle.at): _bar(candle) for candle in candles}
        merged = bars | self._bars
        self._bars = {opened: merged[opened] for opened in sorted(merged)[-KEPT:]}

    def newest(self, limit: int) -> tuple[Candle, ...]:
        """The newest, oldest first, `KEPT` at most."""
        opened = sorted(self._bars)[-max(1, min(limit, KEPT)) :]
        return tuple(_candle(self._bars[at]) for at in opened)


def _candle(bar: Bar) -> Candle:
    at, first, last, high, low, volume = bar
    return Candle(at=moment(at), open=first, close=last, high=high, low=low, volume=volume)


def _bar(candle: Candle) -> Bar:
    return (
        millis(candle.at),
        candle.open,
        candle.close,
        candle.high,
        candle.low,
        candle.volume,
    )
