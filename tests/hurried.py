"""Time that is real while there is work, and hurries while everybody waits."""

import asyncio
import selectors
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, TypeAlias

from engine.clock import ShiftedClock

LoopFactory: TypeAlias = Callable[[], asyncio.AbstractEventLoop]
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

    Work takes as long as it takes: a busy machine makes nobody late. `company` is how many times
    longer a test must be patient, since what it waits for is done outside the loop as well.
    """

    def __init__(self, pace: float, company: float = 1.0) -> None:
        self.company = company
        self._hurried = _HurriedSelector(pace)
        super().__init__(self._hurried)

    @property
    def saved(self) -> timedelta:
        """What nobody had to wait for so far."""
        return timedelta(seconds=self._hurried.saved)

    def time(self) -> float:
        """Seconds, those that nobody had to wait for included."""
        return super().time() + self._hurried.saved


QUICK: Final[LoopFactory] = partial(HurriedLoop, 20.0)
"""For tests that wait for nobody outside their own loop."""

BRISK: Final[LoopFactory] = partial(HurriedLoop, 8.0, 2.0)
"""For tests with a database, which does not hurry."""

ACCOMPANIED: Final[LoopFactory] = partial(HurriedLoop, 8.0, 8.0)
"""For tests with another process as brisk as theirs."""


def _loop() -> HurriedLoop | None:
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return None
    return loop if isinstance(loop, HurriedLoop) else None


def saved() -> timedelta:
    """What nobody had to wait for so far on the running loop; nothing where none hurries."""
    loop = _loop()
    return timedelta() if loop is None else loop.saved


def patient(seconds: float) -> float:
    """How many of the running loop's seconds are meant by so many."""
    loop = _loop()
    return seconds if loop is None else seconds * loop.company


def now() -> datetime:
    """Aware UTC, as the running loop counts its time."""
    return datetime.now(UTC) + saved()


class LoopClock:
    """A `Clock` by the running loop's time."""

    def now(self) -> datetime:
        """Aware UTC."""
        return now()

    async def sleep(self, seconds: float) -> None:
        """Seconds of the loop."""
        await asyncio.sleep(seconds)


class ShiftedLoopClock(ShiftedClock):
    """The same, and it may be moved ahead."""

    def now(self) -> datetime:
        """Aware UTC."""
        return super().now() + saved()
