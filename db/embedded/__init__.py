"""A real PostgreSQL without a server to install: its program files come from a wheel."""

from db.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres"]
