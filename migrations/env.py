"""Alembic's entry: runs migrations on the connection that `db.schema` hands it."""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection

from db.session import Database
from db.tables import metadata


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


async def _run_by_url(url: str) -> None:
    database = await Database.open(url)
    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(_run)
    finally:
        await database.close()


# Alembic's own command line, for those who write migrations, brings no connection along.
given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(_run_by_url(os.environ["DATABASE_URL"]))
else:
    _run(given)
