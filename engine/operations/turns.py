"""Who changes a bracket takes its turn: the guardian, or a person who tells it to let go."""

import asyncio

from engine.model.ids import OrderKey


class Turns:
    """A lock for each bracket, for as long as anybody asks for it."""

    def __init__(self) -> None:
        self._locks: dict[OrderKey, asyncio.Lock] = {}

    def of(self, key: OrderKey) -> asyncio.Lock:
        """The bracket's own."""
        return self._locks.setdefault(key, asyncio.Lock())

    def forget(self, key: OrderKey) -> None:
        """The bracket is over."""
        self._locks.pop(key, None)
