"""Time that is real while there is work, and hurries while everybody waits."""

import asyncio
import selectors
import time
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

Ready: TypeAlias = list[tuple[selectors.SelectorKey, int]]


class _HurriedSelector(selectors.DefaultSelector):
    """Waits `pace` times shorter than it is asked to, and keeps count of what it saved."""

    def __init__(self, pace: float) -> None:
        super().__init__()
        self._pace = pace
        self.saved = 0.0

    def select(self, timeout: float | None = None) -> Ready:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        began = time.monotonic()
        ready = super().select(timeout / self._pace)
        waited = time.monotonic() - began
        self.saved += max(0.0, min(waited * self._pace, timeout) - waited)
        return ready


class HurriedLoop(asyncio.SelectorEventLoop):
    """Every timer of everybody on this loop goes `pace` times faster while nothing happens.

    Work takes as long as it takes: a busy machine makes nobody late.
    """

    def __init__(self, pace: float) -> None:
        self._hurried = _HurriedSelector(pace)
        super().__init__(self._hurried)

    def time(self) -> float:
        """Seconds, those that nobody had to wait for included."""
        return super().time() + self._hurried.saved


class LoopClock:
    """A `Clock` by the running loop's time, right when it is made."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._then = datetime.now(UTC)

    def now(self) -> datetime:
        """Aware UTC."""
        return self._then + timedelta(seconds=self._loop.time() - self._began)

    async def sleep(self, seconds: float) -> None:
        """Seconds of the loop."""
        await asyncio.sleep(seconds)
