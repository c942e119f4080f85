"""What only the journal in PostgreSQL promises: groups, several processes, exactness, damage."""

import asyncio

import pytest

from db.journal import PostgresJournal
from db.session import Database
from engine.model.entry import Entry
from engine.model.errors import JournalDamaged
from engine.model.ids import OrderKey
from tests.contract.journal.made import balance_changed, filled, moment, settled, submitted


async def ask(database: Database, question: str) -> list[object]:
    connection = await database.connect()
    try:
        return [row[0] for row in await connection.fetch(question)]
    finally:
        await connection.close()


async def test_a_burst_is_committed_in_few_groups(
    database: Database, journal: PostgresJournal
) -> None:
    await asyncio.gather(*(journal.append([submitted(n)]) for n in range(1, 201)))

    # All rows of one transaction were recorded at the moment it began.
    (commits,) = await ask(database, "SELECT count(DISTINCT recorded_at) FROM journal")
    assert commits == 2


async def test_what_another_process_writes_is_followed_too(database_url: str) -> None:
    ours, theirs = await Database.open(database_url), await Database.open(database_url)
    reader = PostgresJournal(ours, poll_seconds=0.02)
    stream = reader.follow(0)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)

    entries = await PostgresJournal(theirs).append([submitted(1)])

    async with asyncio.timeout(5):
        assert list(await waiting) == list(entries)
    await ours.close()
    await theirs.close()


async def test_a_follower_of_several_busy_writers_steps_over_nothing(database_url: str) -> None:
    databases = [await Database.open(database_url) for _ in range(3)]
    journals = [PostgresJournal(database, poll_seconds=0.001) for database in databases]
    seen: list[Entry] = []

    async def follow() -> None:
        async for batch in journals[0].follow(0):
            seen.extend(batch)
            if len(seen) >= 180:
                return

    async def write(journal: PostgresJournal, first: int) -> None:
        for n in range(60):
            await journal.append([submitted(first + n)])

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(follow())
        for number, journal in enumerate(journals):
            group.create_task(write(journal, 100 * number + 1))

    assert seen == list(await journals[0].read(0))
    assert [entry.seq for entry in seen] == sorted({entry.seq for entry in seen})
    for database in databases:
        await database.close()


async def test_an_append_is_durable_whatever_the_servers_habit(
    database: Database, journal: PostgresJournal
) -> None:
    await ask(database, "ALTER DATABASE " + database.address.database + " SET synchronous_commit=0")

    connection = await database.connect()
    assert await connection.fetchval("SHOW synchronous_commit") == "on"
    await connection.close()
    await journal.append([submitted(1)])


async def test_money_is_exact_in_every_column(database: Database, journal: PostgresJournal) -> None:
    exact = "12345678901234567890.123456789012345678"
    await journal.append([balance_changed("USD", exact), filled(1, 11), settled(1, 11)])

    assert await ask(database, "SELECT total::text FROM balances") == [exact]
    assert await ask(database, "SELECT fee::text FROM fills") == ["-0.00002"]
    assert await ask(database, "SELECT at FROM fills") == [moment()]


async def test_an_entry_of_a_later_version_is_damage_that_is_named(
    database: Database, journal: PostgresJournal
) -> None:
    await ask(
        database,
        "INSERT INTO journal (kind, at, order_key, body) VALUES ('Teleported', now(), 1, '{}')",
    )

    with pytest.raises(JournalDamaged, match=r"1.*Teleported"):
        await journal.read(0)
    with pytest.raises(JournalDamaged, match=r"1.*Teleported"):
        await journal.life(OrderKey(1))
    with pytest.raises(JournalDamaged, match=r"1.*Teleported"):
        await anext(journal.follow(0))


async def test_a_projection_that_points_astray_is_damage(
    database: Database, journal: PostgresJournal
) -> None:
    await journal.append([submitted(1), balance_changed("USD", "1")])
    await ask(database, "UPDATE orders SET seq = seq + 1")

    with pytest.raises(JournalDamaged, match="BalanceChanged"):
        await journal.order(OrderKey(1))
    with pytest.raises(JournalDamaged, match="BalanceChanged"):
        await journal.remember()
