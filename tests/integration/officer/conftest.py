"""Journals a desk is watched over: in memory, and in PostgreSQL."""

from tests.contract.journal.conftest import journal, journal_url
from tests.contract.journal.migrated import database_template

__all__ = ["database_template", "journal", "journal_url"]
