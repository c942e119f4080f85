"""The database goes away in every way it can, and comes back."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from db import schema
from db.embedded import EmbeddedPostgres
from db.errors import JournalRefused
from db.journal import PostgresJournal
from db.session import Database
from db.statements import WAIT_FOR_WRITERS
from engine.model.entry import Entry
from engine.model.errors import JournalUnavailable, JournalUncertain
from engine.model.ids import CommandId
from tests.contract.journal.made import submitted
from tests.eventually import eventually_asked
from tests.postmaster import kill

WRITERS = """
    SELECT pid FROM pg_stat_activity
    WHERE query LIKE '%INTO journal%' AND state = $1 AND pid <> pg_backend_pid()
"""


@asynccontextmanager
async def no_commits(database: Database) -> AsyncIterator[None]:
    """While this lasts, a writer waits for its turn."""
    connection = await database.connect()
    async with connection.transaction():
        await connection.execute(WAIT_FOR_WRITERS)
        yield
    await connection.close()


async def ask(database: Database, question: str, *values: object) -> list[object]:
    connection = await database.connect()
    try:
        return [row[0] for row in await connection.fetch(question, *values)]
    finally:
        await connection.close()


async def end_writers(database: Database, state: str) -> None:
    """End the sessions that append, as an administrator or a dying server would."""

    async def at_work() -> list[object]:
        return await ask(database, WRITERS, state)

    for pid in await eventually_asked(at_work):
        await ask(database, "SELECT pg_terminate_backend($1, 5000)", pid)


async def keys(journal: PostgresJournal) -> list[int]:
    return [order.key for order in (await journal.remember()).orders]


async def test_a_crashed_server_stops_appends_and_followers_until_it_is_back(
    tmp_path: Path,
) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", fsync=False)
    await server.start()
    await schema.upgrade(server.url)
    database = await Database.open(server.url)
    journal = PostgresJournal(database, poll_seconds=0.05)
    seen: list[Entry] = []

    async def follow() -> None:
        async for batch in journal.follow(0):
            seen.extend(batch)

    following = asyncio.create_task(follow())
    before = await journal.append([submitted(1)])
    await kill(server)

    for question in (journal.append([submitted(2)]), journal.remember(), journal.read(0)):
        with pytest.raises(JournalUnavailable):
            await question
    with pytest.raises(JournalUnavailable):
        await database.ping()
    assert not following.done()

    await server.start()
    after = await journal.append([submitted(3)])
    await database.ping()
    assert await keys(journal) == [1, 3]

    async def caught_up() -> bool:
        return seen == [*before, *after]

    assert await eventually_asked(caught_up)
    following.cancel()
    await asyncio.wait([following])
    await database.close()
    await server.stop()


async def test_a_session_ended_while_idle_is_replaced(
    database: Database, journal: PostgresJournal
) -> None:
    await journal.append([submitted(1)])
    await end_writers(database, "idle")

    await journal.append([submitted(2)])

    assert await keys(journal) == [1, 2]


async def test_a_session_lost_over_an_append_leaves_it_uncertain_and_works_again(
    database: Database, journal: PostgresJournal
) -> None:
    await journal.append([submitted(1)])
    async with no_commits(database):
        lost = asyncio.create_task(journal.append([submitted(2)], claim=CommandId("tg:2")))
        await end_writers(database, "active")
        with pytest.raises(JournalUncertain):
            await lost

    await journal.append([submitted(2)], claim=CommandId("tg:2"))
    assert await keys(journal) == [1, 2]


async def test_all_who_share_a_lost_commit_and_all_who_wait_hear_of_it(
    database: Database, journal: PostgresJournal
) -> None:
    await journal.append([submitted(1)])
    async with no_commits(database):
        writers = [asyncio.create_task(journal.append([submitted(n)])) for n in range(2, 12)]
        await end_writers(database, "active")
        await end_writers(database, "active")
        answers = await asyncio.gather(*writers, return_exceptions=True)

    assert {type(answer) for answer in answers} == {JournalUncertain}
    await journal.append([submitted(12)])
    assert await keys(journal) == [1, 12]


async def test_a_database_that_hangs_is_given_up_and_cannot_write_the_lost_append_later(
    database: Database,
) -> None:
    journal = PostgresJournal(database, answer_seconds=0.15)
    await journal.append([submitted(1)])
    async with no_commits(database):
        with pytest.raises(JournalUncertain):
            await journal.append([submitted(2)])
        with pytest.raises(JournalUnavailable):
            await journal.append([submitted(3)])

    await journal.append([submitted(4)])
    # The second was ended before the third was tried; the third had its chance until the fourth.
    assert await keys(journal) in ([1, 4], [1, 3, 4])
    assert await ask(database, WRITERS, "active") == []


async def test_a_caller_cancelled_over_the_commit_leaves_the_next_one_unharmed(
    database: Database, journal: PostgresJournal
) -> None:
    await journal.append([submitted(1)])
    async with no_commits(database):
        given_up = asyncio.create_task(journal.append([submitted(2)]))
        waiting = asyncio.create_task(journal.append([submitted(3)]))

        async def at_work() -> list[object]:
            return await ask(database, WRITERS, "active")

        await eventually_asked(at_work)
        given_up.cancel()
        await asyncio.wait([given_up])
        assert given_up.cancelled()

    (entry,) = await waiting
    assert (await journal.read(0))[-1] == entry
    assert set(await keys(journal)) in ({1, 3}, {1, 2, 3})


async def test_a_session_that_froze_is_given_up_and_ended_before_another_writes(
    database: Database,
) -> None:
    journal = PostgresJournal(database, answer_seconds=0.15)
    await journal.append([submitted(1)])
    (pid,) = await ask(database, WRITERS, "idle")
    assert isinstance(pid, int)
    os.kill(pid, signal.SIGSTOP)
    try:
        given_up = asyncio.create_task(journal.append([submitted(2)]))
        await asyncio.sleep(0.02)
        given_up.cancel()
        for key in (3, 4):
            with pytest.raises(JournalUnavailable):
                await journal.append([submitted(key)])
    finally:
        os.kill(pid, signal.SIGCONT)

    async def works_again() -> bool:
        try:
            await journal.append([submitted(5)])
        except JournalUnavailable:
            return False
        return True

    assert await eventually_asked(works_again)
    known = await keys(journal)
    assert set(known) in ({1, 5}, {1, 2, 5})
    assert await ask(database, "SELECT pid FROM pg_stat_activity WHERE pid = $1", pid) == []


async def test_what_the_database_will_not_have_is_its_own_callers_fault(
    journal: PostgresJournal,
) -> None:
    impossible = 2**64
    answers = await asyncio.gather(
        *(journal.append([submitted(key)]) for key in (1, 2, impossible, 3)),
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers] == [tuple, tuple, JournalRefused, tuple]
    assert await keys(journal) == [1, 2, 3]


async def test_a_journal_whose_tables_are_gone_says_so_and_recovers(
    database: Database, journal: PostgresJournal
) -> None:
    await journal.append([submitted(1)])
    await ask(database, "ALTER TABLE journal RENAME TO hidden")
    with pytest.raises(JournalRefused):
        await journal.append([submitted(2)])
    await ask(database, "ALTER TABLE hidden RENAME TO journal")

    await journal.append([submitted(3)])

    assert await keys(journal) == [1, 3]


async def test_appends_asked_for_before_the_close_are_written(
    database: Database, journal: PostgresJournal
) -> None:
    writers = [asyncio.create_task(journal.append([submitted(n)])) for n in range(1, 21)]
    await asyncio.sleep(0)

    await journal.close()

    assert all(writer.done() for writer in writers)
    with pytest.raises(JournalUnavailable):
        await journal.append([submitted(99)])
    assert await keys(PostgresJournal(database)) == list(range(1, 21))
