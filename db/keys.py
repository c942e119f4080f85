"""What idempotency keys were used for first."""

from typing import Final

from db.link import Link
from db.session import Database

_FIRST: Final = (
    "INSERT INTO request_keys (key, digest) VALUES ($1, $2) "
    "ON CONFLICT (key) DO UPDATE SET digest = request_keys.digest RETURNING digest"
)


class PostgresKeys:
    """`bot.web.keys.KeyStore`; of two at once one is first."""

    def __init__(self, database: Database) -> None:
        self._link = Link(database)

    async def first(self, key: str, digest: str) -> str:
        """As the port says."""
        rows = await self._link.ask(_FIRST, key, digest)
        kept: str = rows[0]["digest"]
        return kept
