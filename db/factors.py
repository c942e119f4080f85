"""Authenticators' secrets in PostgreSQL."""

from typing import Final

import asyncpg

from db.link import Link
from db.session import Database
from engine.model.factor import Factor

_COLUMNS: Final = (
    "actor_id, secret, begun_at, confirmed, last_step, failures, lockouts, locked_until"
)
_GET: Final = f"SELECT {_COLUMNS} FROM second_factors WHERE actor_id = $1"  # noqa: S608 - ours
_BEGIN: Final = (
    f"INSERT INTO second_factors AS kept ({_COLUMNS}) "  # noqa: S608 - ours
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (actor_id) DO UPDATE SET "
    "secret = excluded.secret, begun_at = excluded.begun_at, last_step = excluded.last_step, "
    "failures = excluded.failures, lockouts = excluded.lockouts, "
    "locked_until = excluded.locked_until WHERE NOT kept.confirmed RETURNING actor_id"
)
_SWAP: Final = (
    "UPDATE second_factors SET confirmed = $2, last_step = $3, failures = $4, lockouts = $5, "
    "locked_until = $6 WHERE actor_id = $1 AND secret = $7 AND confirmed = $8 "
    "AND last_step = $9 AND failures = $10 AND lockouts = $11 RETURNING actor_id"
)
_REMOVE: Final = "DELETE FROM second_factors WHERE actor_id = $1 RETURNING confirmed"


class PostgresFactors:
    """`engine.factor_ports.FactorStore`; of two who swap at once, one is refused."""

    def __init__(self, database: Database) -> None:
        self._link = Link(database)

    async def get(self, actor_id: str) -> Factor | None:
        """As the port says."""
        rows = await self._link.ask(_GET, actor_id)
        return _factor(rows[0]) if rows else None

    async def begin(self, factor: Factor) -> bool:
        """As the port says."""
        rows = await self._link.ask(
            _BEGIN,
            factor.actor_id,
            factor.secret,
            factor.begun_at,
            factor.confirmed,
            factor.last_step,
            factor.failures,
            factor.lockouts,
            factor.locked_until,
        )
        return bool(rows)

    async def swap(self, before: Factor, after: Factor) -> bool:
        """As the port says; not asked twice where the database was lost over it."""
        rows = await self._link.run(
            _SWAP,
            before.actor_id,
            after.confirmed,
            after.last_step,
            after.failures,
            after.lockouts,
            after.locked_until,
            before.secret,
            before.confirmed,
            before.last_step,
            before.failures,
            before.lockouts,
        )
        return bool(rows)

    async def remove(self, actor_id: str) -> bool:
        """As the port says."""
        rows = await self._link.run(_REMOVE, actor_id)
        return bool(rows) and bool(rows[0]["confirmed"])


def _factor(row: asyncpg.Record) -> Factor:
    return Factor(**row)
