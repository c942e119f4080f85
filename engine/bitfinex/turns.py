"""So many at once, and who is urgent before who is not."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

Queue = deque[asyncio.Future[None]]


class Turns:
    """At most `places` inside; the urgent wait only for one another, all in order of arrival."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._urgent: Queue = deque()
        self._others: Queue = deque()

    @property
    def waiting(self) -> int:
        """How many stand outside."""
        return len(self._urgent) + len(self._others)

    @asynccontextmanager
    async def turn(self, *, urgent: bool = False) -> AsyncIterator[None]:
        """Be inside for the body."""
        await self._enter(self._urgent if urgent else self._others)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, queue: Queue) -> None:
        if self._free:
            self._free -= 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.cancelled():
                queue.remove(place)
            else:  # let in and called off in the same moment
                self._leave()
            raise

    def _leave(self) -> None:
        for queue in (self._urgent, self._others):
            while queue:
                place = queue.popleft()
                if not place.done():
                    place.set_result(None)
                    return
        self._free += 1
