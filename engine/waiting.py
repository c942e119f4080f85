"""Those who wait for something to come true, and how long they will."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class _Waiter:
    condition: Callable[[], bool]
    done: asyncio.Future[bool]
    until: float

    def end(self, came_true: bool) -> None:
        if not self.done.done():
            self.done.set_result(came_true)


class Waiting:
    """One timer for all of them: a timer for each would cost an order as much as its risk rules."""

    __slots__ = ("_rings_at", "_timer", "_waiters")

    def __init__(self) -> None:
        self._waiters: list[_Waiter] = []
        self._timer: asyncio.Handle | None = None
        self._rings_at = 0.0

    def wake(self) -> None:
        """Let everybody look again."""
        for waiter in self._waiters:
            if waiter.condition():
                waiter.end(True)

    async def until(self, condition: Callable[[], bool], patience: float) -> bool:
        """Whether `condition` came true within `patience` seconds."""
        if condition():
            return True
        loop = asyncio.get_running_loop()
        waiter = _Waiter(condition, loop.create_future(), loop.time() + patience)
        self._waiters.append(waiter)
        self._ring_by(waiter.until, loop)
        try:
            return await waiter.done
        finally:
            self._waiters.remove(waiter)

    def _ring_by(self, moment: float, loop: asyncio.AbstractEventLoop) -> None:
        if self._timer is not None:
            if self._rings_at <= moment:
                return
            self._timer.cancel()
        # Kept here: what uvloop gives for a moment that has all but come cannot say when it is.
        self._rings_at = moment
        self._timer = loop.call_at(moment, self._ring, loop)

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        """Send home whose patience is over, and set the timer for the next of the others."""
        self._timer = None
        now = loop.time()
        for waiter in self._waiters:
            if waiter.until <= now:
                waiter.end(False)
        if later := [waiter.until for waiter in self._waiters if waiter.until > now]:
            self._ring_by(min(later), loop)
