"""Nobody writes in an epoch that is over, and who is certainly gone is not waited for."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from db.journal import PostgresJournal
from db.lease import PostgresLeadership
from db.session import Database
from db.statements import WAIT_FOR_WRITERS
from engine.clock import SystemClock
from engine.lead import LEASE_SECONDS
from engine.model.errors import Deposed
from engine.model.ids import CommandId
from tests.contract.journal.made import filled, submitted
from tests.eventually import eventually_asked
from tests.integration.database import leader

ROOT = Path(__file__).resolve().parents[3]
COMMAND = CommandId("tg:1")
LEASE = 0.6


def seat(database: Database, name: str, lease: float = LEASE) -> PostgresLeadership:
    return PostgresLeadership(
        database, name, clock=SystemClock(), lease=lease, margin=lease / 4, look_seconds=0.02
    )


@pytest.fixture
async def old(database: Database) -> AsyncIterator[PostgresJournal]:
    """The journal of a leader that another has followed."""
    lead = await seat(database, "ada").acquire()
    journal = PostgresJournal(database, epoch=lead.epoch)
    await journal.append([submitted(1)])
    yield journal
    await journal.close()


async def test_who_leads_writes_and_who_was_deposed_does_not(
    database: Database, old: PostgresJournal
) -> None:
    lead = await seat(database, "ben").acquire()
    new = PostgresJournal(database, epoch=lead.epoch)
    await new.append([submitted(2)])

    for attempt in (
        old.append([submitted(3)]),
        old.append([submitted(3), filled(3, 1)], claim=COMMAND),
        old.append([], claim=COMMAND),
    ):
        with pytest.raises(Deposed):
            await attempt

    await new.append([submitted(4)], claim=COMMAND)
    assert [order.key for order in (await new.remember()).orders] == [1, 2, 4]
    assert (await new.remember()).trade_ids == frozenset()


async def test_a_journal_that_finds_itself_deposed_ends_the_lead(database: Database) -> None:
    lead = await seat(database, "ada").acquire()
    journal = PostgresJournal(database, epoch=lead.epoch, on_deposed=lead.end)
    lead.confirm(lead.moment() + 1000)
    assert lead.may_act()
    await seat(database, "ben").acquire()

    with pytest.raises(Deposed):
        await journal.append([submitted(1)])

    assert not lead.may_act()
    assert not lead.may_listen()
    await journal.close()


async def test_all_who_wait_to_write_together_are_deposed(
    database: Database, old: PostgresJournal
) -> None:
    await seat(database, "ben").acquire()

    answers = await asyncio.gather(
        *(old.append([submitted(key)]) for key in range(2, 30)), return_exceptions=True
    )

    assert {type(answer) for answer in answers} == {Deposed}
    assert [order.key for order in (await old.remember()).orders] == [1]


async def test_who_waited_for_its_turn_while_another_took_over_does_not_write(
    database: Database, old: PostgresJournal
) -> None:
    """The turn is had after the epoch has changed, by a statement that began before."""
    connection = await database.connect()
    async with connection.transaction():
        await connection.execute(WAIT_FOR_WRITERS)
        late = asyncio.create_task(old.append([submitted(2)]))

        async def waits() -> object:
            return await connection.fetchval(
                "SELECT pid FROM pg_stat_activity WHERE query LIKE '%INTO journal%' "
                "AND wait_event_type = 'Lock'"
            )

        await eventually_asked(waits)
        await connection.execute("UPDATE leadership SET epoch = epoch + 1")
    await connection.close()

    with pytest.raises(Deposed):
        await late
    assert [order.key for order in (await old.remember()).orders] == [1]


async def test_who_writes_without_an_epoch_is_let_through(database: Database) -> None:
    await seat(database, "ada").acquire()

    (entry,) = await PostgresJournal(database).append([submitted(1)])

    assert entry.event == submitted(1)


@contextlib.asynccontextmanager
async def another_process(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """One that leads, for the lease of the house."""
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", leader.__name__, url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert program.stdout is not None
    try:
        assert await program.stdout.readline() == b"leads\n"
        yield program
    finally:
        with contextlib.suppress(ProcessLookupError):
            program.kill()
        await program.wait()


async def test_a_leader_that_was_killed_here_is_followed_long_before_its_lease_is_over(
    database_url: str, database: Database
) -> None:
    async with another_process(database_url) as program:
        ben = seat(database, "ben", LEASE_SECONDS)
        taking = asyncio.create_task(ben.acquire())
        await asyncio.sleep(0.1)
        assert not taking.done()
        program.kill()

        lead = await asyncio.wait_for(taking, LEASE_SECONDS / 4)

    assert lead.before is not None
    assert lead.before.name == "another process"


async def test_the_session_of_a_frozen_leader_is_ended(
    database_url: str, database: Database
) -> None:
    async with another_process(database_url) as program:
        os.kill(program.pid, signal.SIGSTOP)
        ben = seat(database, "ben", LEASE_SECONDS)
        lead = await asyncio.wait_for(ben.acquire(), 3 * LEASE_SECONDS)
        await ben.renew()

        async def sessions() -> list[object]:
            connection = await database.connect()
            rows = await connection.fetch(
                "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
            )
            await connection.close()
            return [row["pid"] for row in rows]

        async def one() -> bool:
            await ben.renew()
            return len(await sessions()) == 1

        assert await eventually_asked(one)
        os.kill(program.pid, signal.SIGCONT)
        assert program.stdout is not None
        assert await program.stdout.readline() == b"deposed\n"
        assert lead.may_act()


async def test_a_connection_lost_over_a_reign_does_not_end_it(database: Database) -> None:
    ada = seat(database, "ada", LEASE_SECONDS)
    lead = await ada.acquire()
    connection = await database.connect()
    ended = await connection.fetch(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks "
        "WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
    )
    assert len(ended) == 1

    await ada.renew()

    assert lead.may_act()
    held = await connection.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
    assert held == 1
    await connection.close()
