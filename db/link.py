"""A connection of one's own for the busy paths: prepared statements, opened again after a loss."""

import asyncio
from collections.abc import Mapping, Sequence

import asyncpg

from db import failures
from db.errors import JournalRefused
from db.session import ANSWER_SECONDS, Database
from engine.model.errors import GenesisError, JournalUnavailable, JournalUncertain

# Our statements are simple, and planning one anew would cost more than a plan could save.
_SETTINGS = {"plan_cache_mode": "force_generic_plan"}

_SESSION = "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
# What a lost connection was told may still be under way; it must not be done after what follows.
_END = (
    "SELECT coalesce(bool_and(pg_terminate_backend(pid, $3)), true) "
    "FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2"
)


class Link:
    """One connection; one statement at a time, in the order they came. The database closes it.

    `settings` are the server's, for this connection.
    """

    def __init__(
        self,
        database: Database,
        *,
        answer_seconds: float = ANSWER_SECONDS,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._database = database
        self._settings = {**_SETTINGS, **(settings or {})}
        self._answer_seconds = answer_seconds
        self._turn = asyncio.Lock()
        self._connection: asyncpg.Connection | None = None
        self._prepared: dict[str, asyncpg.PreparedStatement] = {}
        self._session: tuple[object, ...] | None = None
        self._closed = False
        database.on_close(self.close)

    async def ask(self, statement: str, *values: object) -> Sequence[asyncpg.Record]:
        """Like `run`, for what may be done twice: a lost connection is tried once more.

        Raises `JournalUnavailable` when the database does not answer.
        """
        try:
            return await self.run(statement, *values)
        except JournalUncertain:
            return await self._ask_again(statement, *values)

    async def run(self, statement: str, *values: object) -> Sequence[asyncpg.Record]:
        """Run one statement as a transaction of its own: one round trip once it is prepared.

        Raises `JournalUnavailable` when it certainly did nothing, `JournalUncertain` when the
        database was lost over it, `JournalRefused` or `DuplicateCommand` when it would not.
        """
        loop = asyncio.get_running_loop()
        async with self._turn:
            connection = self._connection
            if connection is None or connection.is_closed():
                connection = await self._open()
            # The driver's own timeouts cost ten microseconds more, and leave the connection open.
            alarm = loop.call_later(self._answer_seconds, connection.terminate)
            try:
                prepared = self._prepared.get(statement)
                if prepared is None:
                    prepared = self._prepared[statement] = await connection.prepare(statement)
                rows: Sequence[asyncpg.Record] = await prepared.fetch(*values)
            except failures.DRIVER_ERRORS as error:
                raise self._failure(error) from error
            finally:
                alarm.cancel()
            return rows

    async def close(self) -> None:
        """Hang up for good, after the statement under way."""
        async with self._turn:
            self._closed = True
            connection, self._connection = self._connection, None
            if connection is not None and not connection.is_closed():
                await self._hang_up(connection)

    def _failure(self, error: Exception) -> GenesisError:
        failure = failures.of_writing(error)
        if isinstance(failure, JournalUnavailable):
            self._drop()
        elif isinstance(failure, JournalRefused):
            # The schema may have moved under our plans.
            self._prepared.clear()
        return failure

    async def _ask_again(self, statement: str, *values: object) -> Sequence[asyncpg.Record]:
        try:
            return await self.run(statement, *values)
        except JournalUncertain as error:
            raise JournalUnavailable from error

    async def _open(self) -> asyncpg.Connection:
        if self._closed:
            raise JournalUnavailable
        self._drop()
        try:
            connection = await self._database.connect(**self._settings)
        except failures.DRIVER_ERRORS as error:
            raise JournalUnavailable from error
        try:
            async with asyncio.timeout(self._answer_seconds):
                await self._prepare(connection)
        except BaseException as error:
            connection.terminate()
            if isinstance(error, failures.DRIVER_ERRORS):
                raise JournalUnavailable from error
            raise
        self._connection = connection
        return connection

    async def _prepare(self, connection: asyncpg.Connection) -> None:
        patience = int(self._answer_seconds * 500)
        if self._session and not await connection.fetchval(_END, *self._session, patience):
            raise TimeoutError("the connection that was lost is still at work")
        self._session = tuple(await connection.fetchrow(_SESSION))
        await connection.set_type_codec(
            "json", schema="pg_catalog", encoder=_as_it_is, decoder=_as_it_is, format="binary"
        )

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
        self._connection = None
        self._prepared.clear()

    async def _hang_up(self, connection: asyncpg.Connection) -> None:
        try:
            await connection.close(timeout=self._answer_seconds)
        except failures.DRIVER_ERRORS:
            connection.terminate()


def _as_it_is(body: bytes) -> bytes:
    return body
