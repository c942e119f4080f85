"""What can be wrong with the database itself; a class's docstring is the operator's sentence."""

from engine.model.errors import ConfigurationError, GenesisError


class DatabaseError(GenesisError):
    """The database cannot be used. The log has the details."""

    code = "database"


class DatabaseNotStarted(DatabaseError):
    """The embedded database did not start. Its log says why."""

    code = "database_not_started"


class DatabaseFolderUnusable(DatabaseError, ConfigurationError):
    """The database's folder cannot be used as it is. Restore it from a backup, or name another."""

    code = "database_folder_unusable"


class DatabaseDiskFull(DatabaseError):
    """The disk is full, so the database cannot work. Free some space and start again."""

    code = "database_disk_full"


class DatabaseRefusesRoot(DatabaseError, ConfigurationError):
    """PostgreSQL cannot run as root here. Run Genesis as a normal user, or set DATABASE_URL."""

    code = "database_refuses_root"


class DatabaseUrlInvalid(ConfigurationError):
    """DATABASE_URL cannot be understood. It reads postgresql+asyncpg://user:password@host/name."""

    code = "database_url_invalid"


class DatabaseUnreachable(ConfigurationError):
    """The database does not answer. Start it, or mend host and port in DATABASE_URL."""

    code = "database_unreachable"


class DatabaseLoginRefused(ConfigurationError):
    """The database refuses the login. Mend user and password in DATABASE_URL."""

    code = "database_login_refused"


class DatabaseMissing(ConfigurationError):
    """The database does not exist on its server. Create it, or mend the name in DATABASE_URL."""

    code = "database_missing"


class DatabaseUnfit(ConfigurationError):
    """The database cannot hold the journal. Create it anew with the encoding UTF8."""

    code = "database_unfit"


class DatabaseOfAnotherRun(ConfigurationError):
    """The database is for dry runs and this is none, or the other way round. Name another."""

    code = "database_of_another_run"


class SchemaUnknown(ConfigurationError):
    """A newer Genesis has changed the database. Start that version, or restore a backup."""

    code = "schema_unknown"


class JournalRefused(GenesisError):
    """The database refused what was to be written, so nothing was. The log has the details."""

    code = "journal_refused"
