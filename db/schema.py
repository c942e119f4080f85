"""The schema's versions, moved from code; each move is one transaction, and one at a time."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from db import failures
from db.errors import SchemaUnknown
from db.session import Database
from engine.model.errors import InvalidInput

_MIGRATIONS: Final = Path(__file__).resolve().parents[1] / "migrations"
_MOVERS_LOCK: Final = 7_266_427_113


async def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database up to `revision`; nothing happens where it is there already.

    Raises `SchemaUnknown` for one that a newer Genesis has changed, `ConfigurationError` for one
    that cannot be reached.
    """
    await _move(url, lambda config: command.upgrade(config, revision))


async def downgrade(url: str, revision: str) -> None:
    """Take a database back to `revision`, or to `base`: without any table. Errors as `upgrade`."""
    if revision not in known():
        raise InvalidInput(f"There is no schema {revision}. Choose one of {', '.join(known())}.")
    await _move(url, lambda config: command.downgrade(config, revision))


async def is_founded(database: Database) -> bool:
    """Whether services can agree here on who leads: who stands by changes nothing of a schema."""
    ((row,),) = await database.ask(select(func.to_regclass("leadership").is_not(None).label("is")))
    return bool(row["is"])


async def current(url: str) -> str | None:
    """The revision a database is at; None when it has no tables yet."""
    database = await Database.open(url)
    try:
        async with database.engine.connect() as connection:
            return await connection.run_sync(_revision)
    except failures.QUESTION_ERRORS as error:
        raise failures.of_start(error, database.address) from error
    finally:
        await database.close()


def known() -> tuple[str, ...]:
    """All revisions this version of Genesis knows, `base` first."""
    scripts = ScriptDirectory.from_config(_config())
    revisions = [script.revision for script in scripts.walk_revisions()]
    return ("base", *reversed(revisions))


async def _move(url: str, act: Callable[[Config], None]) -> None:
    database = await Database.open(url)
    try:
        async with database.engine.begin() as connection:
            await connection.execute(select(func.pg_advisory_xact_lock(_MOVERS_LOCK)))
            await connection.run_sync(_act, act)
    except failures.QUESTION_ERRORS as error:
        raise failures.of_start(error, database.address) from error
    finally:
        await database.close()


def _act(connection: Connection, act: Callable[[Config], None]) -> None:
    revision = _revision(connection)
    if revision is not None and revision not in known():
        raise SchemaUnknown(
            f"The database is at schema {revision}, which this version does not know. "
            "Start the newer Genesis that wrote it, or restore a backup."
        )
    config = _config()
    config.attributes["connection"] = connection
    act(config)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
