"""Processes killed at bad moments: no server is left behind and no committed row is lost."""

import asyncio
import os
import signal
from pathlib import Path

import asyncpg
import pytest

from db.embedded import EmbeddedPostgres
from tests.integration.embedded.owner import write
from tests.integration.embedded.processes import (
    Owner,
    ask,
    eventually,
    eventually_answers,
    eventually_async,
    names,
    notes,
    notes_at,
    postmaster,
    servers_in,
)


async def test_a_killed_owner_takes_its_server_along_and_loses_no_row(
    used_folder: Path, word: str
) -> None:
    with Owner(used_folder) as owner:
        await write(owner.report().dsn, word)
        owner.kill()
    eventually(lambda: servers_in(used_folder) == [])
    assert word in await notes(used_folder)


async def test_the_next_start_does_not_wait_for_the_killed_server_to_be_gone(
    used_folder: Path,
    word: str,
) -> None:
    with Owner(used_folder) as owner:
        await write(owner.report().dsn, word)
        owner.kill()
    assert word in await notes(used_folder)


async def test_a_worker_forked_by_the_owner_does_not_hold_the_folder(used_folder: Path) -> None:
    with Owner(used_folder, "--fork") as owner:
        report = owner.report()
        owner.kill()
    try:
        async with EmbeddedPostgres(used_folder, fsync=False) as server:
            assert server.owner
    finally:
        os.kill(report.worker, signal.SIGKILL)


async def test_a_killed_server_is_recovered_by_the_next_owner(used_folder: Path, word: str) -> None:
    with Owner(used_folder) as owner:
        await write(owner.report().dsn, word)
        os.kill(postmaster(used_folder), signal.SIGKILL)
        owner.kill()
    assert (used_folder / "data/postmaster.pid").exists()
    assert word in await notes(used_folder)


async def test_a_killed_server_comes_back_at_the_same_address(used_folder: Path, word: str) -> None:
    async with EmbeddedPostgres(used_folder, fsync=False) as server:
        await write(server.dsn, word)
        address, first = server.dsn, postmaster(used_folder)
        keeper = asyncio.create_task(server.keep_running())
        os.kill(first, signal.SIGKILL)
        await eventually_async(lambda: _other_postmaster(used_folder, first))
        await eventually_answers(address)
        assert word in await notes_at(address)
        keeper.cancel()
        with pytest.raises(asyncio.CancelledError):
            await keeper


async def test_a_killed_server_s_busy_child_is_ended_before_the_next_start(
    used_folder: Path,
    word: str,
) -> None:
    async with EmbeddedPostgres(used_folder, fsync=False) as server:
        await write(server.dsn, word)
        busy = await asyncpg.connect(server.dsn)
        child = await busy.fetchval("SELECT pg_backend_pid()")
        loop = asyncio.create_task(busy.execute("DO $$ BEGIN LOOP END LOOP; END $$"))
        await eventually_async(lambda: _is_busy(child))
        os.kill(postmaster(used_folder), signal.SIGKILL)
        await eventually_async(lambda: not server.running)
        assert child in servers_in(used_folder)
        await server.start()
        assert child not in servers_in(used_folder)
        assert word in await notes_at(server.dsn)
        with pytest.raises((asyncpg.PostgresError, OSError)):
            await loop
        busy.terminate()


async def test_a_kill_while_the_cluster_is_made_leaves_no_half_of_one(new_folder: Path) -> None:
    with Owner(new_folder) as owner:
        eventually(lambda: any(new_folder.glob("data.new-*/base/1")))
        owner.kill()
    assert not (new_folder / "data").exists()
    async with EmbeddedPostgres(new_folder, fsync=False) as server:
        assert await ask(server.dsn, "SELECT 1") == 1
        assert names(new_folder, "data.new-*") == []


async def test_a_cancelled_first_start_cleans_up(new_folder: Path) -> None:
    start = asyncio.create_task(EmbeddedPostgres(new_folder, fsync=False).start())
    await eventually_async(lambda: any(new_folder.glob("data.new-*/base")))
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    assert names(new_folder, "data*") == names(new_folder, "socket") == []


async def test_a_control_c_reaches_the_service_and_not_the_server(used_folder: Path) -> None:
    with Owner(used_folder) as owner:
        owner.report()
        owner.interrupt()
        assert owner.finish() == 130
    assert servers_in(used_folder) == []
    assert owner.last_words in await notes(used_folder)


async def test_stale_files_with_numbers_in_use_again_are_no_obstacle(
    used_folder: Path, word: str
) -> None:
    async with EmbeddedPostgres(used_folder, fsync=False) as server:
        await write(server.dsn, word)
        sockets = Path((used_folder / "socket").read_text())
        pid_file = (used_folder / "data/postmaster.pid").read_text().splitlines()
    _leave_traces(used_folder, sockets, "\n".join([str(os.getpid()), *pid_file[1:]]) + "\n")
    assert word in await notes(used_folder)
    assert names(sockets.parent, sockets.name) == []


async def test_a_remembered_socket_folder_others_can_enter_is_not_used(used_folder: Path) -> None:
    async with EmbeddedPostgres(used_folder, fsync=False):
        pass
    opened = used_folder / "opened"
    opened.mkdir(mode=0o755)
    (used_folder / "socket").write_text(str(opened))
    async with EmbeddedPostgres(used_folder, fsync=False) as server:
        assert str(opened) not in server.dsn
    assert list(opened.iterdir()) == []


def _other_postmaster(folder: Path, first: int) -> bool:
    try:
        return postmaster(folder) != first
    except (OSError, IndexError, ValueError):
        return False


def _leave_traces(folder: Path, sockets: Path, claim: str) -> None:
    # As after a power cut, where this living process got the dead server's number.
    (folder / "data/postmaster.pid").write_text(claim)
    sockets.mkdir(mode=0o700)
    (folder / "socket").write_text(str(sockets))
    (sockets / ".s.PGSQL.5432").write_text("")
    (sockets / ".s.PGSQL.5432.lock").write_text(claim)


def _is_busy(pid: int) -> bool:
    """Whether it has worked for a tenth of a second: more than any short question needs."""
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11]
    return int(ticks) >= 10
