"""Several processes at one folder: one owner, the others join and never stop it."""

import asyncio
import contextlib
import os
from pathlib import Path

import asyncpg
import pytest

from db.embedded import EmbeddedPostgres
from db.errors import DatabaseNotStarted
from tests.integration.embedded.owner import write
from tests.integration.embedded.processes import (
    Owner,
    ask,
    eventually_answers,
    eventually_async,
    notes,
    notes_at,
    postmaster,
)


async def test_a_second_process_joins_and_does_not_stop_the_server(used_folder: Path) -> None:
    async with EmbeddedPostgres(used_folder, fsync=False) as server:
        first = postmaster(used_folder)
        with Owner(used_folder) as second:
            report = second.report()
            assert (report.owner, report.dsn) == (False, server.dsn)
            assert second.finish() == 0
        assert postmaster(used_folder) == first
        assert second.last_words in await notes_at(server.dsn)


async def test_a_killed_joiner_does_not_stop_the_server_either(used_folder: Path) -> None:
    async with EmbeddedPostgres(used_folder, fsync=False) as server:
        with Owner(used_folder) as second:
            assert not second.report().owner
            second.kill()
        assert await ask(server.dsn, "SELECT 1") == 1


async def test_simultaneous_first_starts_make_one_server(new_folder: Path) -> None:
    with Owner(new_folder) as one, Owner(new_folder) as two, Owner(new_folder) as three:
        reports = {owner: owner.report() for owner in (one, two, three)}
        assert sorted(report.owner for report in reports.values()) == [False, False, True]
        assert len({report.dsn for report in reports.values()}) == 1
        for owner, report in sorted(reports.items(), key=lambda pair: pair[1].owner):
            await write(report.dsn, "here")
            assert owner.finish() == 0
    last = sorted(owner.last_words for owner in reports)
    assert await notes(new_folder) == ["here", "here", "here", *last]


async def test_two_objects_of_one_process_share_the_server(used_folder: Path) -> None:
    async with (
        EmbeddedPostgres(used_folder, fsync=False) as first,
        EmbeddedPostgres(used_folder, fsync=False) as second,
    ):
        assert (first.owner, second.owner) == (True, False)
        assert first.url == second.url


async def test_a_full_server_can_still_be_joined(used_folder: Path) -> None:
    async with EmbeddedPostgres(used_folder, fsync=False) as server:
        taken: list[asyncpg.Connection] = []
        with contextlib.suppress(asyncpg.TooManyConnectionsError):
            while len(taken) < 100:
                taken.append(await asyncpg.connect(server.dsn))
        assert len(taken) < 100
        joined = EmbeddedPostgres(used_folder, fsync=False)
        await joined.start()
        assert not joined.owner
        for connection in taken:
            await connection.close()


async def test_a_service_waits_until_it_owns_the_server(used_folder: Path) -> None:
    command = EmbeddedPostgres(used_folder, fsync=False)
    await command.start()
    with Owner(used_folder, "--own") as service:
        impatient = EmbeddedPostgres(used_folder, fsync=False, join=False, patience=0.1)
        with pytest.raises(DatabaseNotStarted, match=f"Process {os.getpid()} holds it"):
            await impatient.start()
        await command.stop()
        assert service.report().owner
        assert service.finish() == 0


async def test_a_service_joins_another_and_is_its_heir(used_folder: Path, word: str) -> None:
    with Owner(used_folder, "--own") as first:
        address = first.report().dsn
        heir = EmbeddedPostgres(used_folder, fsync=False, join=False)
        await heir.start()
        assert (heir.owner, heir.dsn) == (False, address)
        await write(address, word)
        keeper = asyncio.create_task(heir.keep_running())
        first.kill()
        await eventually_async(lambda: heir.owner)
        await eventually_answers(address)
        assert word in await notes_at(address)
        await end(keeper)
        await heir.stop()


async def test_the_heir_of_a_service_that_stopped_goes_on_at_the_same_address(
    used_folder: Path,
) -> None:
    with Owner(used_folder, "--own") as first:
        address = first.report().dsn
        heir = EmbeddedPostgres(used_folder, fsync=False, join=False)
        await heir.start()
        keeper = asyncio.create_task(heir.keep_running())
        assert first.finish() == 0
        await eventually_async(lambda: heir.owner)
        await eventually_answers(address)
        await end(keeper)
        await heir.stop()


async def end(keeper: "asyncio.Task[None]") -> None:
    keeper.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeper
