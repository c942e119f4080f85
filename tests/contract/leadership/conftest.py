"""Leaderships under contract: in memory, and in PostgreSQL."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest

from db.lease import PostgresLeadership
from db.session import Database
from engine.clock import SystemClock
from engine.memory_leadership import MemoryLeadership, MemoryLease
from engine.ports import Leadership
from tests.contract.journal.migrated import database_template

__all__ = ["database_template"]

LEASE = 0.6
MARGIN = 0.2

Seat = Callable[[str], Leadership]


@pytest.fixture(params=["memory", "postgres"])
def lease_url(request: pytest.FixtureRequest) -> str | None:
    """Where the lease is kept; None in memory."""
    if request.param == "memory":
        return None
    url: str = request.getfixturevalue("database_url")
    return url


@pytest.fixture
async def seat(lease_url: str | None) -> AsyncIterator[Seat]:
    """Makes services by name, all on one lease that is soon over."""
    clock = SystemClock()
    if lease_url is None:
        lease = MemoryLease(clock)
        yield lambda name: MemoryLeadership(lease, name, seconds=LEASE, margin=MARGIN)
        return
    async with AsyncExitStack() as stack:
        database = await Database.open(lease_url)
        stack.push_async_callback(database.close)
        yield lambda name: PostgresLeadership(
            database, name, clock=clock, lease=LEASE, margin=MARGIN, look_seconds=0.02
        )
