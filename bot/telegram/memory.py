"""The chat's inbox and shelf without a disk: the same contract, for tests and dry uses."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.telegram.ports import Received

KEPT = timedelta(days=7)


class MemoryInbox:
    """Updates in a dictionary."""

    def __init__(self) -> None:
        self._updates: dict[int, Received] = {}
        self._done: set[int] = set()

    async def keep(self, updates: Sequence[Received]) -> frozenset[int]:
        """As the port says; what is done and older than a week is forgotten, but the newest."""
        if updates:
            self._tidy(max(update.received_at for update in updates) - KEPT)
        fresh = [update for update in updates if update.update_id not in self._updates]
        for update in fresh:
            self._updates.setdefault(update.update_id, update)
        return frozenset(update.update_id for update in fresh)

    async def waiting(self) -> Sequence[Received]:
        """As the port says."""
        left = (u for u in self._updates.values() if u.update_id not in self._done)
        return tuple(sorted(left, key=_age))

    async def done(self, update_id: int) -> None:
        """As the port says."""
        if update_id in self._updates:
            self._done.add(update_id)

    async def known(self) -> frozenset[int]:
        """As the port says."""
        return frozenset(self._updates)

    def _tidy(self, oldest: datetime) -> None:
        newest = max(self._updates, default=None)
        for update_id in self._done - {newest}:
            if self._updates[update_id].received_at < oldest:
                del self._updates[update_id]
        self._done &= self._updates.keys()


class MemoryShelf:
    """Documents in dictionaries."""

    def __init__(self) -> None:
        self._kinds: dict[str, dict[str, bytes]] = {}

    async def put(self, kind: str, key: str, body: bytes) -> None:
        """As the port says; a document replaced keeps its place."""
        self._kinds.setdefault(kind, {})[key] = body

    async def get(self, kind: str, key: str) -> bytes | None:
        """As the port says."""
        return self._kinds.get(kind, {}).get(key)

    async def remove(self, kind: str, key: str) -> None:
        """As the port says."""
        self._kinds.get(kind, {}).pop(key, None)

    async def all(self, kind: str) -> Sequence[tuple[str, bytes]]:
        """As the port says."""
        return tuple(self._kinds.get(kind, {}).items())


def _age(update: Received) -> tuple[datetime, int]:
    return update.received_at, update.update_id
