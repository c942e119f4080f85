"""Telegram's speed limits: a bucket of turns that fills with time."""

import asyncio


class Pace:
    """At most `burst` turns at once, then `per_second`."""

    __slots__ = ("_burst", "_lock", "_per_second", "_turns", "_when")

    def __init__(self, *, per_second: float, burst: int) -> None:
        self._per_second = per_second
        self._burst = float(burst)
        self._turns = float(burst)
        self._when: float | None = None
        self._lock = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for the next turn; first come, first served."""
        async with self._lock:
            self._fill()
            if self._turns < 1:
                await asyncio.sleep((1 - self._turns) / self._per_second)
                self._fill()
            self._turns -= 1

    def _fill(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._when is not None:
            self._turns = min(self._burst, self._turns + (now - self._when) * self._per_second)
        self._when = now
