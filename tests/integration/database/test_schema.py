"""Migrations: up, down, the same as the code's tables, and never two at once."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from db import schema
from db.errors import SchemaUnknown
from db.session import Database
from db.tables import metadata
from engine.model.errors import InvalidInput

# Columns, constraints and indexes, as the server itself describes them.
_SHAPE = """
    SELECT c.relname || '.' || a.attname AS name,
           format_type(a.atttypid, a.atttypmod) || a.attnotnull::text || a.attidentity::text
           || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
           || coalesce(col_description(c.oid, a.attnum), '') AS shape
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT relname, array_to_string(reloptions, ',') FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


@pytest.fixture
def database_template() -> str:
    """These begin with nothing."""
    return "template1"


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    database = await Database.open(database_url)
    connection = await database.connect()
    yield connection
    await connection.close()
    await database.close()


async def shape(connection: asyncpg.Connection) -> dict[str, str]:
    rows = await connection.fetch(_SHAPE)
    return {row["name"]: row["shape"] for row in rows if "alembic" not in row["name"]}


async def test_each_revision_goes_up_down_and_up_again(
    database_url: str, connection: asyncpg.Connection
) -> None:
    assert await schema.current(database_url) is None
    revisions = schema.known()
    for below, revision in pairwise(revisions):
        before = await shape(connection)
        await schema.upgrade(database_url, revision)
        after = await shape(connection)
        assert await schema.current(database_url) == revision

        await schema.downgrade(database_url, below)
        assert await shape(connection) == before

        await schema.upgrade(database_url, revision)
        assert await shape(connection) == after
    assert await schema.current(database_url) == revisions[-1]


async def test_the_migrated_schema_is_the_tables_of_the_code(
    database_url: str, connection: asyncpg.Connection
) -> None:
    def differences(sync: Connection) -> list[object]:
        options = {"compare_type": True, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(sync, opts=options), metadata))

    await schema.upgrade(database_url)
    migrated = await shape(connection)
    database = await Database.open(database_url)
    async with database.engine.begin() as sync:
        assert await sync.run_sync(differences) == []
    await schema.downgrade(database_url, "base")
    async with database.engine.begin() as sync:
        await sync.run_sync(metadata.create_all)
    await database.close()

    assert await shape(connection) == migrated


async def test_upgrades_at_the_same_time_wait_for_each_other(database_url: str) -> None:
    await asyncio.gather(*(schema.upgrade(database_url) for _ in range(4)))

    assert await schema.current(database_url) == schema.known()[-1]


async def test_an_upgrade_without_need_changes_nothing(
    database_url: str, connection: asyncpg.Connection
) -> None:
    await schema.upgrade(database_url)
    before = await shape(connection)

    await schema.upgrade(database_url)

    assert await shape(connection) == before


async def test_a_schema_newer_than_the_code_is_refused(
    database_url: str, connection: asyncpg.Connection
) -> None:
    await schema.upgrade(database_url)
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(SchemaUnknown, match="9999"):
        await schema.upgrade(database_url)
    with pytest.raises(SchemaUnknown, match="9999"):
        await schema.downgrade(database_url, "base")
    assert await schema.current(database_url) == "9999"


async def test_a_revision_nobody_knows_is_refused_with_those_there_are(database_url: str) -> None:
    with pytest.raises(InvalidInput, match=r"0815.*base, 0001"):
        await schema.downgrade(database_url, "0815")


async def test_the_journal_cannot_be_rewritten(
    database_url: str, connection: asyncpg.Connection
) -> None:
    await schema.upgrade(database_url)
    await connection.execute(
        "INSERT INTO journal (kind, at, body) VALUES ('ServiceStarted', now(), '{}')"
    )

    for statement in ("UPDATE journal SET kind = 'x'", "DELETE FROM journal", "TRUNCATE journal"):
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await connection.execute(statement)
    assert await connection.fetchval("SELECT count(*) FROM journal") == 1
