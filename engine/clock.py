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


class ShiftedClock:
    """The machine's time, and as much more as it was moved ahead; for trying what a day brings."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC) + self._ahead

    async def sleep(self, seconds: float) -> None:
        """Until this much has passed, by itself or by being moved."""
        due = self.now() + timedelta(seconds=seconds)
        while True:
            moved, left = self._moved, (due - self.now()).total_seconds()
            try:
                async with asyncio.timeout(max(0.0, left)):
                    await moved.wait()
            except TimeoutError:
                return

    def advance(self, seconds: float) -> None:
        """Move ahead, waking all whose time has come."""
        self._ahead += timedelta(seconds=seconds)
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()


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
