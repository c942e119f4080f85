"""Appends in the order they came; those that wait at the same time are committed together."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Final

from db import statements
from db.link import Link
from db.projections import project, project_one
from engine.model.entry import Entry
from engine.model.errors import JournalUnavailable
from engine.model.event import Event
from engine.model.ids import CommandId

_GROUP_EVENTS: Final = 1000


@dataclass(slots=True)
class _Wish:
    events: Sequence[Event]
    claim: CommandId | None
    entries: asyncio.Future[Sequence[Entry]]


class Writer:
    """One statement at a time over a link of its own.

    Who comes alone writes at once. Who comes while another writes is served by a task that lives
    no longer than somebody waits: a caller who is cancelled never breaks off the commit of others.
    """

    def __init__(self, link: Link, written: Callable[[], None]) -> None:
        self._link = link
        self._written = written
        self._busy = False
        self._waiting: deque[_Wish] = deque()
        self._task: asyncio.Task[None] | None = None

    async def append(self, events: Sequence[Event], claim: CommandId | None) -> Sequence[Entry]:
        """Commit `events` after all that were asked for before; see `engine.ports.Journal`."""
        if self._busy:
            wish = _Wish(events, claim, asyncio.get_running_loop().create_future())
            self._waiting.append(wish)
            return await wish.entries
        self._busy = True
        try:
            return await self._commit(events, claim)
        finally:
            self._written()
            self._go_on()

    async def close(self) -> None:
        """Finish what was asked for, then hang up."""
        with suppress(JournalUnavailable):
            await self.append((), None)
        await self._link.close()

    def _go_on(self) -> None:
        self._busy = bool(self._waiting)
        self._task = None
        if self._busy:
            writing = self._write_waiting()
            self._task = asyncio.get_running_loop().create_task(writing, name="journal writer")

    async def _write_waiting(self) -> None:
        try:
            while self._waiting:
                await self._write(self._next_group())
        except asyncio.CancelledError:
            while self._waiting:
                self._waiting.popleft().entries.cancel()
            raise
        finally:
            self._go_on()

    def _next_group(self) -> list[_Wish]:
        # A claim that fails undoes its whole statement, so it shares it with nobody.
        group = [self._waiting.popleft()]
        size = len(group[0].events)
        while group[0].claim is None and self._waiting and self._waiting[0].claim is None:
            size += len(self._waiting[0].events)
            if size > _GROUP_EVENTS:
                break
            group.append(self._waiting.popleft())
        return [wish for wish in group if not wish.entries.done()]

    async def _write(self, group: Sequence[_Wish]) -> None:
        events = [*chain.from_iterable(wish.events for wish in group)]
        try:
            entries = await self._commit(events, group[0].claim if group else None)
        except asyncio.CancelledError:
            for wish in group:
                wish.entries.cancel()
            raise
        except JournalUnavailable as error:
            # Whoever else waits would find the same, only later.
            _fail(group, error)
            _fail(self._waiting, JournalUnavailable())
        except Exception as error:  # whatever it is, the caller must hear it
            await self._write_apart(group, error)
        else:
            _answer(group, entries)
        self._written()

    async def _write_apart(self, group: Sequence[_Wish], error: Exception) -> None:
        """What the database would not have is one caller's fault; the others' is written."""
        if len(group) > 1:
            for wish in group:
                await self._write([wish])
        elif not group[0].entries.done():
            group[0].entries.set_exception(error)

    async def _commit(self, events: Sequence[Event], claim: CommandId | None) -> Sequence[Entry]:
        if len(events) == 1:
            return await self._commit_one(events[0], claim)
        changes = project(events).changes()
        if claim is not None and not changes:
            await self._link.run(statements.BARE_CLAIM, claim)
        if not changes:
            return ()
        if claim is not None:
            changes.append((statements.CLAIM, [(claim, 1)]))
        statement, values = statements.compose(changes)
        seqs = sorted([row[0] for row in await self._link.run(statement, *values)])
        return tuple(Entry(seq=seq, event=event) for seq, event in zip(seqs, events, strict=True))

    async def _commit_one(self, event: Event, claim: CommandId | None) -> Sequence[Entry]:
        parts, values = project_one(event)
        if claim is not None:
            parts = (*parts, statements.CLAIM)
            values.append(claim)
        rows = await self._link.run(statements.of_one(parts), *values)
        return (Entry(seq=rows[0][0], event=event),)


def _answer(group: Sequence[_Wish], entries: Sequence[Entry]) -> None:
    given = iter(entries)
    for wish in group:
        own = tuple(next(given) for _ in wish.events)
        if not wish.entries.done():
            wish.entries.set_result(own)


def _fail(wishes: Iterable[_Wish], error: JournalUnavailable) -> None:
    for wish in wishes:
        if not wish.entries.done():
            own = type(error)(*error.args)
            own.__cause__ = error.__cause__
            wish.entries.set_exception(own)
