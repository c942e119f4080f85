"""The journal in PostgreSQL: `engine.ports.Journal`, durable before `append` returns."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from typing import Final

import structlog
from sqlalchemy import Executable

from db import answers, queries, statements
from db.link import Link
from db.session import ANSWER_SECONDS, Database
from db.writer import Writer
from engine.bell import Bell
from engine.memory_journal import BATCH
from engine.model.entry import Entry
from engine.model.errors import Deposed, JournalUnavailable
from engine.model.event import Event
from engine.model.ids import CommandId, OrderId, OrderKey
from engine.model.order import Order
from engine.ports import Memory

# Our own appends wake followers at once. Other processes seldom write: looking for theirs once a
# second costs nothing, where NOTIFY would be paid for in every commit.
POLL_SECONDS: Final = 1.0
EPOCH_SETTING: Final = "genesis.epoch"
"""What a leader's connection calls its epoch; the schema's `writers_turn` reads it."""

_PAUSES: Final = (0.1, 0.2, 0.5, 1.0, 2.0)

_log = structlog.get_logger(__name__)


class PostgresJournal:
    """Writes over one connection, reads over a second, and asks the rest through the pool.

    Errors beyond the port's: `JournalUncertain`, a `JournalUnavailable`, when the database was
    lost over an append, and the journal may or may not hold it: read it anew (`remember`).
    With an `epoch`, an append once another has begun raises `Deposed`, and nothing is written;
    `on_deposed` hears of it first, so that nothing else is done in a lead that is over.
    """

    def __init__(
        self,
        database: Database,
        *,
        poll_seconds: float = POLL_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
        epoch: int | None = None,
        on_deposed: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._on_deposed = on_deposed
        self._poll_seconds = poll_seconds
        self._bell = Bell()
        self._reading = Link(database, answer_seconds=answer_seconds)
        fence = {} if epoch is None else {EPOCH_SETTING: str(epoch)}
        writing = Link(database, answer_seconds=answer_seconds, settings=fence)
        self._writer = Writer(writing, self._bell.ring)
        self._silent = False

    async def append(
        self, events: Sequence[Event], *, claim: CommandId | None = None
    ) -> Sequence[Entry]:
        """As the port says. A caller cancelled meanwhile must not conclude that nothing was."""
        if not events and claim is None:
            return ()
        try:
            return await self._writer.append(events, claim)
        except Deposed:
            self._on_deposed()
            raise

    async def read(self, after: int, limit: int = BATCH) -> Sequence[Entry]:
        """As the port says."""
        rows = await self._reading.ask(queries.READ, after, limit)
        return tuple(answers.entry_of(row) for row in rows)

    async def follow(self, after: int) -> AsyncIterator[Sequence[Entry]]:
        """As the port says; a database that is away is waited for."""
        while True:
            ring = self._bell.next
            if entries := await self._read_patiently(after):
                after = entries[-1].seq
                yield entries
            else:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._poll_seconds):
                        await ring.wait()

    async def last_seq(self) -> int:
        """As the port says."""
        rows = await self._reading.ask(queries.LAST_SEQ)
        seq: int = rows[0]["seq"]
        return seq

    async def cursor(self, reader: str) -> int | None:
        """As the port says."""
        rows = await self._reading.ask(queries.CURSOR, reader)
        return rows[0]["seq"] if rows else None

    async def advance(self, reader: str, seq: int) -> None:
        """As the port says."""
        await self._reading.ask(queries.ADVANCE, reader, seq)

    async def remember(self) -> Memory:
        """As the port says; what a writer before us had under way is waited for."""
        await self._reading.ask(statements.WAIT_FOR_WRITERS)
        told = await self._database.ask(*queries.REMEMBERED.values())
        return answers.memory_of(dict(zip(queries.REMEMBERED, told, strict=True)))

    async def order(self, key: OrderKey) -> Order | None:
        """As the port says."""
        return await self._one(queries.order(key))

    async def order_named(self, order_id: OrderId) -> Order | None:
        """As the port says."""
        return await self._one(queries.order_named(order_id))

    async def order_of(self, command_id: CommandId) -> Order | None:
        """As the port says; the first by key where there are several."""
        return await self._one(queries.order_of(command_id))

    async def claimed_by(self, command_id: CommandId) -> Event | None:
        """As the port says."""
        (rows,) = await self._database.ask(queries.claimed_by(command_id))
        return answers.entry_of(rows[0]).event if rows else None

    async def life(self, key: OrderKey) -> Sequence[Entry]:
        """As the port says; requests to cancel it, and their failure, included."""
        (rows,) = await self._database.ask(queries.life(key))
        return tuple(answers.entry_of(row) for row in rows)

    async def rulings(self, after: int) -> Sequence[Entry]:
        """As the port says."""
        (rows,) = await self._database.ask(queries.rulings(after))
        return tuple(answers.entry_of(row) for row in rows)

    async def acts(self, before: int | None, actor_id: str | None, limit: int) -> Sequence[Entry]:
        """As the port says."""
        (rows,) = await self._database.ask(queries.acts(before, actor_id, limit))
        return tuple(answers.entry_of(row) for row in rows)

    async def close(self) -> None:
        """Finish the appends asked for, then hang up; followers are cancelled by their owners."""
        await self._writer.close()
        await self._reading.close()

    async def _one(self, question: Executable) -> Order | None:
        (rows,) = await self._database.ask(question)
        return answers.order_in(rows[0]) if rows else None

    async def _read_patiently(self, after: int) -> Sequence[Entry]:
        pauses = iter(_PAUSES)
        while True:
            try:
                entries = await self.read(after)
            except JournalUnavailable as error:
                self._note(silent=True, why=repr(error.__cause__))
                await asyncio.sleep(next(pauses, _PAUSES[-1]))
            else:
                self._note(silent=False)
                return entries

    def _note(self, *, silent: bool, why: str = "") -> None:
        """Tell the log once that the database went, and once that it came back."""
        if silent and not self._silent:
            _log.warning("journal_silent", why=why)
        elif self._silent and not silent:
            _log.info("journal_answers")
        self._silent = silent
