"""What was received and not yet told: handed over whole and in order, and never without bound."""

import asyncio
from collections.abc import Iterable
from typing import Generic, TypeVar

import structlog

T = TypeVar("T")

_FULL = 10_000
_WORRY = 10_000

_log = structlog.get_logger(__name__)


class Outbox(Generic[T]):
    """Filled without waiting, emptied in batches by one reader; those who fill heed `full`.

    `batch` is the number of the one that is being filled.
    """

    def __init__(self, limit: int = _FULL) -> None:
        self._items: list[T] = []
        self._limit = limit
        self._reader: asyncio.Future[None] | None = None
        self._emptied = asyncio.Event()
        self._worry = _WORRY
        self.batch = 0

    def __len__(self) -> int:
        return len(self._items)

    @property
    def full(self) -> bool:
        """Whether those who fill it should wait."""
        return len(self._items) >= self._limit

    async def relieved(self) -> None:
        """Return when it is not full any more."""
        while self.full:
            self._emptied.clear()
            await self._emptied.wait()

    def put(self, item: T) -> None:
        """Add one."""
        self._items.append(item)
        self._call()

    def extend(self, items: Iterable[T]) -> None:
        """Add some, or none."""
        self._items.extend(items)
        if self._items:
            self._call()

    def hold(self, items: Iterable[T]) -> None:
        """Add some that are no news by themselves: they are told with whatever comes next."""
        self._items.extend(items)

    async def take(self) -> list[T]:
        """All there is, as soon as there is something."""
        while not self._items:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        items, self._items = self._items, []
        self.batch += 1
        self._emptied.set()
        self._tell_when_behind(len(items))
        return items

    def clear(self) -> None:
        """Forget what nobody took."""
        self._items = []
        self.batch += 1
        self._emptied.set()

    def _call(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def _tell_when_behind(self, count: int) -> None:
        if count >= self._worry:
            _log.warning("exchange.behind", waiting=count)
            self._worry = count * 2
        elif count < _WORRY:
            self._worry = _WORRY
