"""When the next connect may be tried: jittered, growing, below the exchange's limit (1.4)."""

import random
from collections import deque
from datetime import datetime
from enum import Enum

from engine.ports import Clock

FIRST_DELAY = 0.4
LONGEST_DELAY = 30.0
SLOW_DELAY = 60.0


class Retry(Enum):
    """How soon a broken session may be followed by the next."""

    AT_ONCE = "at once"
    SOON = "soon"
    SLOWLY = "slowly"


class Pace:
    """Never more than `connects` in `window` seconds, also after sessions that opened well."""

    def __init__(
        self, clock: Clock, chance: random.Random, *, connects: int, window: float
    ) -> None:
        self._clock = clock
        self._chance = chance
        self._window = window
        self._tried: deque[datetime] = deque(maxlen=connects)
        self._failures = 0

    async def turn(self) -> None:
        """Wait until the window has room for one more connect."""
        while (wait := self._until_room()) > 0:
            await self._clock.sleep(wait)
        self._tried.append(self._clock.now())

    async def rest(self, retry: Retry, *, served: bool) -> None:
        """Wait after a session; `served` ones have earned a quick return."""
        self._failures = 0 if served else self._failures + 1
        delay = self._delay(retry)
        if delay > 0:
            await self._clock.sleep(delay)

    def _delay(self, retry: Retry) -> float:
        if retry is Retry.AT_ONCE:
            return 0
        if retry is Retry.SLOWLY:
            return SLOW_DELAY * self._chance.uniform(1.0, 1.2)
        grown = min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(self._failures, 10))
        return grown * self._chance.uniform(0.5, 1.0)

    def _until_room(self) -> float:
        if len(self._tried) < (self._tried.maxlen or 1):
            return 0
        passed = (self._clock.now() - self._tried[0]).total_seconds()
        # a clock that stepped back must not keep us waiting for longer than the window
        return min(self._window, self._window - passed)
