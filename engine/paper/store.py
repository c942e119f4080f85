"""Where a paper account is kept: small documents by key, saved together or not at all."""

from collections.abc import Mapping
from typing import Protocol

from engine.model.errors import JournalUnavailable


class PaperStore(Protocol):
    """Durable before `save` returns; both raise `JournalUnavailable` when it does not answer."""

    async def load(self) -> Mapping[str, bytes]:
        """Every document."""
        ...

    async def save(self, changes: Mapping[str, bytes | None]) -> None:
        """Put these documents, and remove those that are None, in one transaction."""
        ...


class MemoryPaperStore:
    """Without a disk. Set `available` to False to play a database that is away."""

    def __init__(self) -> None:
        self.available = True
        self.documents: dict[str, bytes] = {}

    async def load(self) -> Mapping[str, bytes]:
        """As the port says."""
        self._answer()
        return dict(self.documents)

    async def save(self, changes: Mapping[str, bytes | None]) -> None:
        """As the port says."""
        self._answer()
        for key, body in changes.items():
            if body is None:
                self.documents.pop(key, None)
            else:
                self.documents[key] = body

    def _answer(self) -> None:
        if not self.available:
            raise JournalUnavailable
