"""The time for what is told by the thousand."""

from datetime import datetime

from engine.bitfinex.outbox import Outbox
from engine.model.report import MarketReport
from engine.ports import Clock


class BatchClock:
    """One reading of the clock for everything that is told in one batch."""

    __slots__ = ("_at", "_batch", "_clock", "_outbox")

    def __init__(self, clock: Clock, outbox: Outbox[MarketReport]) -> None:
        self._clock = clock
        self._outbox = outbox
        self._batch = -1
        self._at = clock.now()

    def now(self) -> datetime:
        """Aware UTC."""
        batch = self._outbox.batch
        if batch != self._batch:
            self._batch, self._at = batch, self._clock.now()
        return self._at
