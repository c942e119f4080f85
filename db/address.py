"""Where a database is, as DATABASE_URL says it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from db.errors import DatabaseUrlInvalid

_SCHEMES: Final = ("postgresql+asyncpg", "postgresql", "postgres")
_SSL: Final = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_OPTIONS: Final = frozenset({"host", "port", "ssl", "sslmode"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A database on a host; a `host` that begins with a slash is a socket's folder."""

    database: str
    host: str | None = None
    port: int | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ssl: str | None = None

    @classmethod
    def of(cls, url: str) -> Self:
        """Read a URL. Raises `DatabaseUrlInvalid`, never repeating the password."""
        try:
            parts = make_url(url)
            return cls._of_parts(parts)
        except (ArgumentError, ValueError):
            # What these say repeats the URL, password and all.
            raise DatabaseUrlInvalid from None

    @classmethod
    def _of_parts(cls, parts: URL) -> Self:
        _refuse_strangers(parts)
        query = parts.normalized_query
        return cls(
            database=parts.database or "",
            host=_first(query.get("host", ())) or parts.host,
            port=_port(_first(query.get("port", ())) or parts.port),
            user=parts.username,
            password=parts.password,
            ssl=_ssl(_first(query.get("ssl", query.get("sslmode", ())))),
        )

    def __str__(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        return f"{self.database} on {self.host or 'localhost'}{port}"


def _first(values: Sequence[str]) -> str | None:
    return values[0] if values else None


def _port(value: str | int | None) -> int | None:
    if value is None or 0 < int(value) < 65536:
        return None if value is None else int(value)
    raise DatabaseUrlInvalid("DATABASE_URL has a port that cannot be. It is from 1 to 65535.")


def _ssl(value: str | None) -> str | None:
    if value is None or value in _SSL:
        return value
    raise DatabaseUrlInvalid(f"DATABASE_URL has an ssl that cannot be. It is {', '.join(_SSL)}.")


def _refuse_strangers(parts: URL) -> None:
    if parts.drivername not in _SCHEMES:
        raise DatabaseUrlInvalid(
            "DATABASE_URL does not name a PostgreSQL database. "
            "It reads postgresql+asyncpg://user:password@host/name."
        )
    if not parts.database:
        raise DatabaseUrlInvalid(
            "DATABASE_URL does not say which database. "
            "It reads postgresql+asyncpg://user:password@host/name."
        )
    strange = sorted(parts.query.keys() - _OPTIONS)
    if strange:
        raise DatabaseUrlInvalid(
            f"DATABASE_URL has an option Genesis does not know, {strange[0]}. "
            "It takes host, port and ssl."
        )
