"""A paper account's documents in PostgreSQL, beside the journal of its dry run."""

from collections.abc import Mapping
from typing import Final

from db.journal import EPOCH_SETTING
from db.link import Link
from db.session import Database
from db.statements import WAIT_FOR_WRITERS

_LOAD: Final = "SELECT key, body FROM shelf WHERE kind = 'paper'"
# Fenced like the journal: `writers_turn` fails for who writes in an epoch that is over.
_SAVE: Final = (
    "WITH turn AS MATERIALIZED (SELECT writers_turn() AS ours), gone AS ("
    "DELETE FROM shelf WHERE kind = 'paper' AND key = ANY($1::text[]) AND (SELECT ours FROM turn)) "
    "INSERT INTO shelf (kind, key, body) SELECT 'paper', given.key, given.body "
    "FROM turn, unnest($2::text[], $3::bytea[]) AS given (key, body) WHERE ours "
    "ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body, put_at = excluded.put_at"
)


class PostgresPaperStore:
    """`engine.paper.store.PaperStore`; one statement is one transaction.

    With an `epoch`, a save once another has begun raises `Deposed`, and nothing is saved.
    """

    def __init__(self, database: Database, *, epoch: int | None = None) -> None:
        fence = {} if epoch is None else {EPOCH_SETTING: str(epoch)}
        self._link = Link(database, settings=fence)

    async def load(self) -> Mapping[str, bytes]:
        """As the port says; what a writer before us had under way is waited for."""
        await self._link.ask(WAIT_FOR_WRITERS)
        return {row["key"]: row["body"] for row in await self._link.ask(_LOAD)}

    async def save(self, changes: Mapping[str, bytes | None]) -> None:
        """As the port says; what is put twice is as good as put once, so a loss is tried again."""
        gone = [key for key, body in changes.items() if body is None]
        put = {key: body for key, body in changes.items() if body is not None}
        await self._link.ask(_SAVE, gone, list(put), list(put.values()))
