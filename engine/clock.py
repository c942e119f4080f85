"""Clocks: the machine's, and one moved by hand."""

import asyncio
import heapq
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Real seconds."""
        await asyncio.sleep(seconds)


class ManualClock:
    """Time that stands still until it is moved; for tests, simulations and replays."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._count = 0

    def now(self) -> datetime:
        """Aware UTC."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Wait until `advance` has passed this much time."""
        wake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        due = self._now + timedelta(seconds=seconds)
        heapq.heappush(self._sleepers, (due, self._count, wake))
        await wake

    def advance(self, seconds: float) -> None:
        """Move on, waking sleepers in the order of their times."""
        self._now += timedelta(seconds=seconds)
        while self._sleepers and self._sleepers[0][0] <= self._now:
            _, _, wake = heapq.heappop(self._sleepers)
            if not wake.done():
                wake.set_result(None)
