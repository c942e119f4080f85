"""Journals a desk is watched over: in memory, and in PostgreSQL."""

from collections.abc import Mapping

from tests.contract.journal.conftest import journal, journal_url
from tests.contract.journal.migrated import database_template
from tests.hurried import QUICK, LoopFactory

__all__ = ["database_template", "journal", "journal_url"]


def pytest_asyncio_loop_factories() -> Mapping[str, LoopFactory]:
    """The loop of every test here: nobody waits for a time."""
    return {"quick": QUICK}
