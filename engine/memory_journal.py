"""The journal without a disk: the same contract, for tests, replays and dry uses."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import islice
from typing import Final

from engine.bell import Bell
from engine.memory_state import MemoryState
from engine.model.entry import RULINGS, Entry, actor_of
from engine.model.errors import DuplicateCommand, JournalUnavailable
from engine.model.event import (
    Event,
)
from engine.model.ids import CommandId, OrderId, OrderKey
from engine.model.order import Order
from engine.ports import Memory
from engine.telling import (
    keys_of,
)

BATCH: Final = 500
"""Entries a follower is given at once, at most."""


class MemoryJournal:
    """All in lists and dictionaries. Set `available` to False to play a database that is away."""

    def __init__(self) -> None:
        self.available = True
        self._entries: list[Entry] = []
        self._claimed: dict[CommandId, Event | None] = {}
        self._cursors: dict[str, int] = {}
        self._state = MemoryState()
        self._bell = Bell()

    async def append(
        self, events: Sequence[Event], *, claim: CommandId | None = None
    ) -> Sequence[Entry]:
        """As the port says; others get their turn first, as they would with a disk."""
        await asyncio.sleep(0)
        self._answer()
        if claim in self._claimed:
            raise DuplicateCommand
        if claim is not None:
            self._claimed[claim] = events[0] if events else None
        return self._write(events)

    async def read(self, after: int, limit: int = BATCH) -> Sequence[Entry]:
        """As the port says."""
        self._answer()
        return self._after(after, limit)

    async def follow(self, after: int) -> AsyncIterator[Sequence[Entry]]:
        """As the port says."""
        while True:
            ring = self._bell.next
            if entries := self._after(after, BATCH):
                after = entries[-1].seq
                yield entries
            else:
                await ring.wait()

    async def last_seq(self) -> int:
        """As the port says."""
        self._answer()
        return len(self._entries)

    async def cursor(self, reader: str) -> int | None:
        """As the port says."""
        self._answer()
        return self._cursors.get(reader)

    async def advance(self, reader: str, seq: int) -> None:
        """As the port says."""
        self._answer()
        self._cursors[reader] = max(seq, self._cursors.get(reader, 0))

    async def remember(self) -> Memory:
        """As the port says; orders by key, balances and positions by name."""
        self._answer()
        return self._state.memory()

    async def order(self, key: OrderKey) -> Order | None:
        """As the port says."""
        self._answer()
        return self._state.orders.get(key)

    async def order_named(self, order_id: OrderId) -> Order | None:
        """As the port says."""
        self._answer()
        named = (o for o in self._state.orders.values() if o.order_id == order_id)
        return next(named, None)

    async def order_of(self, command_id: CommandId) -> Order | None:
        """As the port says; the first by key where there are several."""
        self._answer()
        made = (o for o in self._state.orders.values() if o.command_id == command_id)
        return min(made, key=_key, default=None)

    async def claimed_by(self, command_id: CommandId) -> Event | None:
        """As the port says."""
        self._answer()
        return self._claimed.get(command_id)

    async def life(self, key: OrderKey) -> Sequence[Entry]:
        """As the port says; requests to cancel it, and their failure, included."""
        self._answer()
        return tuple(entry for entry in self._entries if key in keys_of(entry.event))

    async def rulings(self, after: int) -> Sequence[Entry]:
        """As the port says."""
        self._answer()
        return tuple(e for e in self._entries[max(after, 0) :] if type(e.event) in RULINGS)

    async def acts(self, before: int | None, actor_id: str | None, limit: int) -> Sequence[Entry]:
        """As the port says."""
        self._answer()
        older = self._entries if before is None else self._entries[: max(before - 1, 0)]
        done = (
            e for e in reversed(older) if (who := actor_of(e.event)) and actor_id in (None, who)
        )
        return tuple(islice(done, max(limit, 0)))

    def _answer(self) -> None:
        if not self.available:
            raise JournalUnavailable

    def _after(self, after: int, limit: int) -> Sequence[Entry]:
        first = max(after, 0)
        return tuple(self._entries[first : first + limit])

    def _write(self, events: Sequence[Event]) -> Sequence[Entry]:
        first = len(self._entries) + 1
        entries = tuple([Entry(seq=seq, event=event) for seq, event in enumerate(events, first)])
        self._entries += entries
        for event in events:
            self._state.take(event)
        self._bell.ring()
        return entries


def _key(order: Order) -> OrderKey:
    return order.key
