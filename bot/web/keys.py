"""Idempotency keys: the same key is the same wish, in the same words."""

import asyncio
import hashlib
from typing import Final, Protocol

from engine.model.errors import GenesisError, JournalUnavailable

HEADER: Final = "Idempotency-Key"
PATIENCE: Final = 1.0
"""How many seconds what stops something waits to hear about a key."""


class KeyUsed(GenesisError):
    """This Idempotency-Key came with another body before. Nothing was done; use a new key."""

    code = "key_used"


class KeyStore(Protocol):
    """What each key was used for first."""

    async def first(self, key: str, digest: str) -> str:
        """The digest that came first under this key, kept for good; `JournalUnavailable`."""
        ...


class MemoryKeys:
    """`KeyStore` in a dictionary."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    async def first(self, key: str, digest: str) -> str:
        """As the port says."""
        return self._kept.setdefault(key, digest)


async def bind(store: KeyStore, key: str, body: bytes, *, stops: bool) -> None:
    """Hold a key to the words it came with first; raises `KeyUsed`.

    What `stops` something goes on where the database is away; else `JournalUnavailable`.
    """
    digest = hashlib.sha256(body).hexdigest()
    try:
        async with asyncio.timeout(PATIENCE if stops else None):
            before = await store.first(key, digest)
    except (JournalUnavailable, TimeoutError):
        if not stops:
            raise
        return
    if before != digest:
        raise KeyUsed
