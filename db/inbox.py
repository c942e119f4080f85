"""The chat's updates in PostgreSQL: kept before Telegram may forget them, handled once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Generic, Protocol, TypeVar

from db.link import Link
from db.session import Database

KEPT: Final = timedelta(days=7)
"""How long an update that is done is known; Telegram repeats none older than a day."""

_TIDY_EVERY: Final = timedelta(hours=1)
_KEEP: Final = (
    "INSERT INTO inbox (update_id, received_at, body) "
    "SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::bytea[]) "
    "ON CONFLICT (update_id) DO NOTHING RETURNING update_id"
)
_WAITING: Final = (
    "SELECT update_id, received_at, body FROM inbox WHERE done_at IS NULL "
    "ORDER BY received_at, update_id"
)
_DONE: Final = (
    "UPDATE inbox SET done_at = now(), body = '' WHERE update_id = $1 AND done_at IS NULL"
)
_KNOWN: Final = "SELECT update_id FROM inbox"
_TIDY: Final = (
    "DELETE FROM inbox WHERE done_at IS NOT NULL AND received_at < $1 "
    "AND update_id < (SELECT max(update_id) FROM inbox)"
)


class Update(Protocol):
    """What is kept of an update: how it came, and when."""

    @property
    def update_id(self) -> int: ...
    @property
    def body(self) -> bytes: ...
    @property
    def received_at(self) -> datetime: ...


_U_co = TypeVar("_U_co", bound=Update, covariant=True)


class MakesUpdate(Protocol[_U_co]):
    """The class whose objects `waiting` gives."""

    def __call__(self, *, update_id: int, body: bytes, received_at: datetime) -> _U_co: ...


class PostgresInbox(Generic[_U_co]):
    """`bot.telegram.ports.Inbox`, when made with its `Received`.

    After a `JournalUncertain` from `keep`, what was kept and told to nobody is in `waiting`.
    """

    def __init__(self, database: Database, make: MakesUpdate[_U_co]) -> None:
        self._link = Link(database)
        self._make = make
        self._tidied: datetime | None = None

    async def keep(self, updates: Sequence[Update]) -> frozenset[int]:
        """As the port says; one round trip, and once in an hour a second."""
        if not updates:
            return frozenset()
        await self._tidy(max(update.received_at for update in updates))
        rows = await self._link.run(
            _KEEP,
            [update.update_id for update in updates],
            [update.received_at for update in updates],
            [update.body for update in updates],
        )
        return frozenset(row["update_id"] for row in rows)

    async def waiting(self) -> Sequence[_U_co]:
        """As the port says."""
        return tuple(self._make(**row) for row in await self._link.ask(_WAITING))

    async def done(self, update_id: int) -> None:
        """As the port says."""
        await self._link.ask(_DONE, update_id)

    async def known(self) -> frozenset[int]:
        """As the port says."""
        return frozenset(row["update_id"] for row in await self._link.ask(_KNOWN))

    async def _tidy(self, now: datetime) -> None:
        if self._tidied is None or now - self._tidied >= _TIDY_EVERY:
            await self._link.ask(_TIDY, now - KEPT)
            self._tidied = now
