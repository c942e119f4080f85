"""What the driver says went wrong, in our own errors."""

from typing import Final

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from db.address import Address
from db.errors import (
    DatabaseLoginRefused,
    DatabaseMissing,
    DatabaseUnreachable,
    JournalRefused,
)
from db.tables import commands
from engine.model.errors import (
    ConfigurationError,
    Deposed,
    DuplicateCommand,
    GenesisError,
    JournalUnavailable,
    JournalUncertain,
)

# The driver calls itself broken where a server dies in the middle of its answer.
DRIVER_ERRORS: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
QUESTION_ERRORS: Final = (*DRIVER_ERRORS, DBAPIError, PoolExhausted)

DEPOSED: Final = "GN001"
"""The SQLSTATE of our own `writers_turn`: another epoch has begun."""

# Classes of SQLSTATE that blame the data or the statement, not the server's condition.
_OUR_FAULT: Final = ("0A", "22", "23", "42")


def of_start(error: Exception, address: Address) -> ConfigurationError:
    """Why no connection could be made, for the operator who set it up."""
    if isinstance(error, asyncpg.InvalidAuthorizationSpecificationError):
        return DatabaseLoginRefused(
            f"The database {address} refuses the user {address.user}. "
            "Mend user and password in DATABASE_URL."
        )
    if isinstance(error, asyncpg.InvalidCatalogNameError):
        return DatabaseMissing(
            f"There is no database {address}. Create it, or mend the name in DATABASE_URL."
        )
    return DatabaseUnreachable(
        f"The database {address} does not answer ({type(error).__name__}). "
        "Start it, or mend host and port in DATABASE_URL."
    )


def of_question(error: Exception) -> GenesisError:
    """Why a question has no answer."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(cause, "sqlstate", None)
    if isinstance(state, str) and state.startswith(_OUR_FAULT):
        return JournalRefused()
    return JournalUnavailable()


def of_writing(error: Exception) -> GenesisError:
    """Why a write failed; `JournalUncertain` unless the server said that nothing was written."""
    if isinstance(error, asyncpg.UniqueViolationError) and error.table_name == commands.name:
        return DuplicateCommand()
    if getattr(error, "sqlstate", None) == DEPOSED:
        return Deposed()
    if isinstance(error, asyncpg.DataError) or _is_refusal(error):
        return JournalRefused()
    return JournalUnavailable() if _is_certain(error) else JournalUncertain()


def _is_refusal(error: Exception) -> bool:
    return _is_certain(error) and str(getattr(error, "sqlstate", "")).startswith(_OUR_FAULT)


def _is_certain(error: Exception) -> bool:
    # A FATAL may follow a commit whose confirmation was not sent any more; an ERROR never does.
    return isinstance(error, asyncpg.PostgresError) and getattr(error, "severity_en", "") == "ERROR"
