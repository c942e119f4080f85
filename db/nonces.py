"""Which nonces each API key has used up, in PostgreSQL."""

from typing import Final

from db.link import Link
from db.session import Database

_RESERVE: Final = (
    "INSERT INTO nonces (key, free) VALUES ($1, $2::bigint + $3::bigint) "
    "ON CONFLICT (key) DO UPDATE SET free = greatest(nonces.free, $2::bigint) + $3::bigint "
    "RETURNING free - $3::bigint AS first"
)


class PostgresNonces:
    """`engine.ports.NonceStore`; of two who ask at once, each gets numbers of its own."""

    def __init__(self, database: Database) -> None:
        self._link = Link(database)

    async def reserve(self, key: str, *, at_least: int, size: int) -> int:
        """As the port says."""
        (row,) = await self._link.ask(_RESERVE, key, at_least, size)
        first: int = row["first"]
        return first
