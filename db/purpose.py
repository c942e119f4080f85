"""What a database is for: real orders or a dry run, from its first start on and for good."""

from typing import Final

from sqlalchemy import text

from db import failures
from db.errors import DatabaseOfAnotherRun
from db.session import Database

REAL: Final = b"real"
DRY: Final = b"dry"

# A journal that was begun before databases had a purpose is of real orders.
_CLAIM: Final = text(
    "INSERT INTO shelf (kind, key, body) SELECT 'house', 'purpose', "
    "CASE WHEN EXISTS (SELECT FROM journal) THEN CAST(:real AS bytea) ELSE :purpose END "
    "ON CONFLICT (kind, key) DO NOTHING"
)
_PURPOSE: Final = text("SELECT body FROM shelf WHERE kind = 'house' AND key = 'purpose'")


async def claim(database: Database, *, dry: bool) -> None:
    """Make a new database one for dry runs, or for real orders; see that an old one is.

    Raises `DatabaseOfAnotherRun` when it is for the other.
    """
    purpose = DRY if dry else REAL
    try:
        async with database.engine.begin() as connection:
            await connection.execute(_CLAIM, {"real": REAL, "purpose": purpose})
            found = (await connection.execute(_PURPOSE)).scalar_one()
    except failures.QUESTION_ERRORS as error:
        raise failures.of_start(error, database.address) from error
    if found == purpose:
        return
    if dry:
        raise DatabaseOfAnotherRun(
            f"DRY_RUN_ENABLED is true, but the database {database.address} keeps the book of real "
            "orders. Name another, empty database in DATABASE_URL, or set DRY_RUN_ENABLED=false."
        )
    raise DatabaseOfAnotherRun(
        f"The database {database.address} keeps the book of a dry run. "
        "Name another in DATABASE_URL for real orders, or set DRY_RUN_ENABLED=true."
    )
