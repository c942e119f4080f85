"""A bell that wakes everybody who waits for it."""

import asyncio


class Bell:
    """Wakes everybody who waits; who takes `next` before looking misses nothing."""

    def __init__(self) -> None:
        self._next = asyncio.Event()
        self._awaited = False

    @property
    def next(self) -> asyncio.Event:
        """Set at the next ring."""
        self._awaited = True
        return self._next

    def ring(self) -> None:
        """Wake all."""
        if self._awaited:
            self._next.set()
            self._next, self._awaited = asyncio.Event(), False
