"""The fixtures the rest of the suite stands on."""

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

if TYPE_CHECKING:  # importing it first would keep pytest from loading it as a plugin
    from tests.postgres import Databases

pytest_plugins = ["tests.postgres"]


@pytest.mark.parametrize("turn", [1, 2])
async def test_each_test_has_an_empty_database(database_url: str, turn: int) -> None:
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text(f"CREATE TABLE only_here AS SELECT {turn} AS turn"))
        found = await connection.execute(text("SELECT turn FROM only_here"))
        assert found.scalar_one() == turn
    await engine.dispose()


def test_a_database_can_be_a_copy_of_another(databases: "Databases", database_url: str) -> None:
    asyncio.run(_execute(database_url, "CREATE TABLE copied AS SELECT 7 AS seven"))
    copy = databases.create(make_url(database_url).database or "")
    assert asyncio.run(_execute(databases.url(copy), "SELECT seven FROM copied")) == "SELECT 1"
    databases.drop(copy)


async def _execute(url: str, statement: str) -> str:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return str(await connection.execute(statement))
    finally:
        await connection.close()
