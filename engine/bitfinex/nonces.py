"""Numbers that only grow: over restarts, clock jumps and everybody who shares a key (1.2)."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from engine.model.errors import CredentialsRefused, JournalUnavailable
from engine.ports import NonceStore

BLOCK = 60_000_000
HIGHEST = 2**53 - 1
BORROWED = 5_000_000
"""For so many microseconds the store is not asked again: a database that hangs holds up each."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# a clock that is further ahead than this is not believed: it would use up all numbers at once
_FURTHEST = HIGHEST - 10**15


class Nonces:
    """Microseconds of the clock, taken from blocks that were set aside durably before.

    A block lasts for a minute of the clock, however many calls are made in it. What one process
    has set aside no other is ever given, so that after a restart all numbers are new.
    """

    __slots__ = ("_borrowed_until", "_end", "_key", "_last", "_now", "_store")

    def __init__(self, now: Callable[[], datetime], store: NonceStore, key: str) -> None:
        """`key` is the fingerprint under which the blocks are kept."""
        self._now = now
        self._store = store
        self._key = key
        self._last = 0
        self._end = 0
        self._borrowed_until = 0

    async def next(self, *, urgent: bool = False) -> int:
        """A nonce above all earlier ones; `JournalUnavailable` when no block can be set aside.

        What is urgent takes one of the clock then: at worst the exchange refuses it, or another
        process' next call, which asks again.
        """
        nonce = max(self._last + 1, self._clock())
        if nonce >= self._end and not (urgent and nonce < self._borrowed_until):
            try:
                nonce = await self._store.reserve(self._key, at_least=nonce, size=BLOCK)
            except JournalUnavailable:
                if not urgent:
                    raise
                self._borrowed_until = nonce + BORROWED
            else:
                self._end = nonce + BLOCK
        if nonce > HIGHEST:
            raise CredentialsRefused("This API key has no nonces left. Make a new one.")
        self._last = nonce
        return nonce

    def doubt(self) -> None:
        """The exchange saw a higher one: the next comes from a new block."""
        self._end = 0

    def _clock(self) -> int:
        return min(_FURTHEST, (self._now() - _EPOCH) // _MICROSECOND)


class MemoryNonces:
    """`NonceStore` for as long as the process lives."""

    def __init__(self, lowest: int = 0) -> None:
        """`lowest` is where every key's numbers begin."""
        self._lowest = lowest
        self._free: dict[str, int] = {}

    async def reserve(self, key: str, *, at_least: int, size: int) -> int:
        """As the port says."""
        first = max(self._free.get(key, self._lowest), at_least)
        self._free[key] = first + size
        return first


def fingerprint(key: str) -> str:
    """What an API key is known by where it must not be written down."""
    return hashlib.sha256(b"genesis nonces of " + key.encode()).hexdigest()[:32]
