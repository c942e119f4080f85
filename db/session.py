"""The way to PostgreSQL: a pool for questions, and connections for those who write."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Self

import asyncpg
from sqlalchemy import Executable, RowMapping, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from db import failures
from db.address import Address
from db.cancelling import cancellation_heard
from db.errors import DatabaseUnfit

CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 10.0
OLDEST_SERVER: Final = 14

_SETTINGS: Final = {
    "application_name": "genesis",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "jit": "off",
}


class Database:
    """One PostgreSQL database. Occasional questions use `engine`; the busy paths use a `Link`."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.engine: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self.connect,
            pool_size=3,
            max_overflow=5,
            pool_timeout=CONNECT_SECONDS,
            pool_pre_ping=True,
        )
        self._farewells: list[Callable[[], Awaitable[None]]] = []

    @classmethod
    async def open(cls, url: str) -> Self:
        """Find the database and see that it answers.

        Raises a `ConfigurationError` that says what to mend.
        """
        database = cls(Address.of(url))
        try:
            await database._introduce()
        except BaseException:
            await database.close()
            raise
        return database

    async def connect(self, **settings: str) -> asyncpg.Connection:
        """A new connection of one's own, with server settings. Raises the driver's errors."""
        address = self.address
        return await asyncpg.connect(
            host=address.host,
            port=address.port,
            user=address.user,
            password=address.password,
            database=address.database,
            ssl=address.ssl,
            timeout=CONNECT_SECONDS,
            server_settings=_SETTINGS | settings,
        )

    async def ask(self, *questions: Executable) -> Sequence[Sequence[RowMapping]]:
        """The rows of each question, all seen at one moment.

        Raises `JournalUnavailable` when the database does not answer.
        """
        with cancellation_heard():
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    return await self._ask(questions)
            except failures.QUESTION_ERRORS as error:
                raise failures.of_question(error) from error

    async def ping(self) -> None:
        """Return when the database answers. Raises `JournalUnavailable` when it does not."""
        await self.ask(text("SELECT 1"))

    def on_close(self, farewell: Callable[[], Awaitable[None]]) -> None:
        """Have something done before the database is let go of."""
        self._farewells.append(farewell)

    async def close(self) -> None:
        """Hang up all that was opened here."""
        for farewell in self._farewells:
            await farewell()
        self._farewells.clear()
        await self.engine.dispose()

    async def _ask(self, questions: Sequence[Executable]) -> Sequence[Sequence[RowMapping]]:
        async with self.engine.connect() as connection:
            await connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            answers = [await connection.execute(question) for question in questions]
            return [answer.mappings().all() for answer in answers]

    async def _introduce(self) -> None:
        try:
            connection = await self.connect()
        except failures.DRIVER_ERRORS as error:
            raise failures.of_start(error, self.address) from error
        encoding: str = connection.get_settings().server_encoding
        version: int = connection.get_server_version().major
        await connection.close()
        if version < OLDEST_SERVER:
            raise DatabaseUnfit(
                f"The database {self.address} runs on PostgreSQL {version}. "
                f"Genesis needs {OLDEST_SERVER} or newer."
            )
        if encoding != "UTF8":
            raise DatabaseUnfit(
                f"The database {self.address} has the encoding {encoding}. "
                "Create it anew with the encoding UTF8."
            )
