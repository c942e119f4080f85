"""Small documents in PostgreSQL, by kind and key."""

from collections.abc import Sequence
from typing import Final

from db.link import Link
from db.session import Database

# A document put again keeps its place: the order of `all` is that of first putting.
_PUT: Final = (
    "INSERT INTO shelf (kind, key, body) VALUES ($1, $2, $3) "
    "ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body, put_at = excluded.put_at"
)
_GET: Final = "SELECT body FROM shelf WHERE kind = $1 AND key = $2"
_REMOVE: Final = "DELETE FROM shelf WHERE kind = $1 AND key = $2"
_ALL: Final = "SELECT key, body FROM shelf WHERE kind = $1 ORDER BY place"


class PostgresShelf:
    """`bot.telegram.ports.Shelf`. Raises `JournalUnavailable` when the database is away."""

    def __init__(self, database: Database) -> None:
        self._link = Link(database)

    async def put(self, kind: str, key: str, body: bytes) -> None:
        """As the port says; a document replaced keeps its place."""
        await self._link.ask(_PUT, kind, key, body)

    async def get(self, kind: str, key: str) -> bytes | None:
        """As the port says."""
        rows = await self._link.ask(_GET, kind, key)
        return rows[0]["body"] if rows else None

    async def remove(self, kind: str, key: str) -> None:
        """As the port says."""
        await self._link.ask(_REMOVE, kind, key)

    async def all(self, kind: str) -> Sequence[tuple[str, bytes]]:
        """As the port says."""
        return tuple((row["key"], row["body"]) for row in await self._link.ask(_ALL, kind))
