"""What was received and not yet told: grows as it must, is handed over whole and in order."""

import asyncio
from collections.abc import Iterable
from typing import Generic, TypeVar

import structlog

T = TypeVar("T")

_WORRY = 10_000

_log = structlog.get_logger(__name__)


class Outbox(Generic[T]):
    """Filled without waiting, emptied in batches by one reader."""

    def __init__(self) -> None:
        self._items: list[T] = []
        self._filled = asyncio.Event()
        self._worry = _WORRY

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: T) -> None:
        """Add one."""
        self._items.append(item)
        self._filled.set()

    def extend(self, items: Iterable[T]) -> None:
        """Add some, or none."""
        self._items.extend(items)
        if self._items:
            self._filled.set()

    async def take(self) -> list[T]:
        """All there is, as soon as there is something."""
        await self._filled.wait()
        self._filled.clear()
        items, self._items = self._items, []
        self._tell_when_behind(len(items))
        return items

    def clear(self) -> None:
        """Forget what nobody took."""
        self._items = []
        self._filled.clear()

    def _tell_when_behind(self, count: int) -> None:
        if count >= self._worry:
            _log.warning("exchange.behind", waiting=count)
            self._worry = count * 2
        elif count < _WORRY:
            self._worry = _WORRY
