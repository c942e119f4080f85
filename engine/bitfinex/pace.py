"""When the next connect may be tried: jittered, growing, below the exchange's limit (1.4)."""

import random
from collections import deque
from datetime import datetime, timedelta
from enum import Enum

from engine.ports import Clock

FIRST_DELAY = 0.4
LONGEST_DELAY = 30.0
SLOW_DELAY = 60.0
BLOCK_SECONDS = 60.0


class Retry(Enum):
    """How soon a broken session may be followed by the next."""

    AT_ONCE = "at once"
    SOON = "soon"
    SLOWLY = "slowly"
    BLOCKED = "blocked"


class Connects:
    """All connects of a process to one host: within every window, and none while it blocks us."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: set[tuple[int, float]] = set()
        self._tried: deque[datetime] = deque(maxlen=1)
        self._blocked_until: datetime | None = None

    def allow(self, most: int, seconds: float) -> None:
        """Never more than `most` in so many seconds, beside what was said before."""
        self._windows.add((most, seconds))
        room = max(count for count, _ in self._windows)
        self._tried = deque(self._tried, maxlen=room)

    def block(self) -> None:
        """The host refused us for coming too often: leave it alone for a minute."""
        self._blocked_until = self._clock.now() + timedelta(seconds=BLOCK_SECONDS)

    async def turn(self) -> None:
        """Wait until there is room for one more."""
        while (wait := max(self._until_unblocked(), self._until_room())) > 0:
            await self._clock.sleep(wait)
        self._tried.append(self._clock.now())

    def _until_unblocked(self) -> float:
        if self._blocked_until is None:
            return 0
        left = (self._blocked_until - self._clock.now()).total_seconds()
        # a clock that stepped back must not keep us waiting for longer than the block
        return min(BLOCK_SECONDS, left)

    def _until_room(self) -> float:
        now = self._clock.now()
        waits = [
            min(seconds, seconds - (now - self._tried[-most]).total_seconds())
            for most, seconds in self._windows
            if len(self._tried) >= most
        ]
        return max(waits, default=0)


class Pace:
    """One link's patience: grows with its failures, and obeys what its host allows."""

    def __init__(self, clock: Clock, chance: random.Random, connects: Connects) -> None:
        self._clock = clock
        self._chance = chance
        self._connects = connects
        self._failures = 0

    async def turn(self) -> None:
        """Wait until the host has room for one more connect."""
        await self._connects.turn()

    async def rest(self, retry: Retry, *, served: bool) -> None:
        """Wait after a session; `served` ones have earned a quick return."""
        self._failures = 0 if served else self._failures + 1
        if retry is Retry.BLOCKED:
            self._connects.block()
        delay = self._delay(retry)
        if delay > 0:
            await self._clock.sleep(delay)

    def _delay(self, retry: Retry) -> float:
        if retry is Retry.AT_ONCE:
            return 0
        if retry in (Retry.SLOWLY, Retry.BLOCKED):
            return SLOW_DELAY * self._chance.uniform(1.0, 1.2)
        grown = min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(self._failures, 10))
        return grown * self._chance.uniform(0.5, 1.0)
