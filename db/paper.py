"""A paper account's documents in PostgreSQL, beside the journal of its dry run."""

from collections.abc import Mapping
from typing import Final

from db.link import Link
from db.session import Database

_LOAD: Final = "SELECT key, body FROM shelf WHERE kind = 'paper'"
_SAVE: Final = (
    "WITH gone AS (DELETE FROM shelf WHERE kind = 'paper' AND key = ANY($1::text[])) "
    "INSERT INTO shelf (kind, key, body) SELECT 'paper', * FROM unnest($2::text[], $3::bytea[]) "
    "ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body, put_at = excluded.put_at"
)


class PostgresPaperStore:
    """`engine.paper.store.PaperStore`; one statement is one transaction."""

    def __init__(self, database: Database) -> None:
        self._link = Link(database)

    async def load(self) -> Mapping[str, bytes]:
        """As the port says."""
        return {row["key"]: row["body"] for row in await self._link.ask(_LOAD)}

    async def save(self, changes: Mapping[str, bytes | None]) -> None:
        """As the port says; what is put twice is as good as put once, so a loss is tried again."""
        gone = [key for key, body in changes.items() if body is None]
        put = {key: body for key, body in changes.items() if body is not None}
        await self._link.ask(_SAVE, gone, list(put), list(put.values()))
