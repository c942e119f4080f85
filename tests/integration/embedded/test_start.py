"""Starting and stopping in one process: what is kept, how the server is set, what is refused."""

import asyncio
import stat
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import uvloop
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from db.embedded import EmbeddedPostgres
from db.errors import DatabaseFolderUnusable, DatabaseNotStarted
from tests.integration.embedded.owner import write
from tests.integration.embedded.processes import ask, names, notes, servers_in


def socket_folder(server: EmbeddedPostgres) -> Path:
    return Path(parse_qs(urlsplit(server.dsn).query)["host"][0])


async def test_rows_survive_a_stop_and_a_start(new_folder: Path) -> None:
    async with EmbeddedPostgres(new_folder) as server:
        assert server.owner
        await write(server.dsn, "first")
        assert await ask(server.dsn, "SHOW fsync") == "on"
        assert await ask(server.dsn, "SHOW synchronous_commit") == "on"
        assert await ask(server.dsn, "SHOW full_page_writes") == "on"
    assert servers_in(new_folder) == []
    assert await notes(new_folder) == ["first"]


async def test_sqlalchemy_connects_by_url_as_an_ordinary_role(used_folder: Path) -> None:
    async with EmbeddedPostgres(used_folder, fsync=False) as server:
        engine = create_async_engine(server.url)
        async with engine.connect() as connection:
            role = text("SELECT current_user, current_setting('is_superuser')")
            assert tuple((await connection.execute(role)).one()) == ("genesis", "off")
        await engine.dispose()


async def test_the_server_speaks_utc_and_orders_by_code_point(used_folder: Path) -> None:
    async with EmbeddedPostgres(used_folder, fsync=False) as server:
        assert await ask(server.dsn, "SHOW timezone") == "UTC"
        assert await ask(server.dsn, "SELECT lower('ЦЕНА')") == "цена"
        assert await ask(server.dsn, "SELECT 'b' < 'a'") is False


async def test_only_this_user_reaches_the_socket_and_nothing_listens_on_tcp(
    used_folder: Path,
) -> None:
    async with EmbeddedPostgres(used_folder, fsync=False) as server:
        folder = socket_folder(server)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / ".s.PGSQL.5432").stat().st_mode) == 0o700
        assert await ask(server.dsn, "SHOW listen_addresses") == ""
    assert not folder.exists()


async def test_long_paths_with_spaces_and_signs_are_fine(used_folder: Path) -> None:
    async with EmbeddedPostgres(used_folder, fsync=False) as server:
        assert len(str(used_folder)) > 107
        assert " " in str(used_folder)
        assert await ask(server.dsn, "SELECT 1") == 1


async def test_starting_twice_changes_nothing(used_folder: Path) -> None:
    async with EmbeddedPostgres(used_folder, fsync=False) as server:
        began = await ask(server.dsn, "SELECT pg_postmaster_start_time()")
        await server.start()
        assert await ask(server.dsn, "SELECT pg_postmaster_start_time()") == began


def test_uvloop_serves_as_well(used_folder: Path) -> None:
    async def once() -> object:
        async with EmbeddedPostgres(used_folder, fsync=False) as server:
            return await ask(server.dsn, "SELECT 40 + 2")

    assert uvloop.run(once()) == 42


async def test_an_address_needs_a_start(new_folder: Path) -> None:
    with pytest.raises(RuntimeError, match="has not been started"):
        _ = EmbeddedPostgres(new_folder).url


async def test_another_thread_cannot_own_the_server(new_folder: Path) -> None:
    def start() -> None:
        asyncio.run(EmbeddedPostgres(new_folder, fsync=False).start())

    with pytest.raises(RuntimeError, match="main thread"):
        await asyncio.to_thread(start)


async def test_a_folder_of_another_version_is_left_alone(copied_folder: Path) -> None:
    async with EmbeddedPostgres(copied_folder, fsync=False) as server:
        await write(server.dsn, "kept")
    version = copied_folder / "data/PG_VERSION"
    ours = version.read_text()
    version.write_text("17\n")
    with pytest.raises(DatabaseFolderUnusable, match="made by PostgreSQL 17, and this is 18"):
        await EmbeddedPostgres(copied_folder, fsync=False).start()
    version.write_text(ours)
    assert "kept" in await notes(copied_folder)


async def test_a_damaged_folder_is_named_and_never_made_anew(copied_folder: Path) -> None:
    async with EmbeddedPostgres(copied_folder, fsync=False):
        control = copied_folder / "data/global/pg_control"
    control.write_bytes(bytes(len(control.read_bytes())))
    with pytest.raises(DatabaseNotStarted, match=r"does not start: .*More in") as caught:
        await EmbeddedPostgres(copied_folder, fsync=False).start()
    assert "\n" not in caught.value.sentence
    assert names(copied_folder, "socket") == []
    (copied_folder / "data/PG_VERSION").unlink()
    with pytest.raises(DatabaseFolderUnusable, match="not a whole PostgreSQL data folder"):
        await EmbeddedPostgres(copied_folder, fsync=False).start()
    assert control.exists()


async def test_missing_programs_are_named(new_folder: Path) -> None:
    with pytest.raises(DatabaseNotStarted, match=r"There is no PostgreSQL program .*PG_BINDIR"):
        await EmbeddedPostgres(new_folder, bindir=new_folder / "nowhere").start()


async def test_a_file_in_the_folder_s_place_is_named(new_folder: Path) -> None:
    (new_folder / "state").write_text("not a folder")
    with pytest.raises(DatabaseFolderUnusable, match=r"cannot be made \(File exists\)"):
        await EmbeddedPostgres(new_folder / "state").start()


async def test_the_log_keeps_this_run_and_the_last(used_folder: Path) -> None:
    for _ in range(3):
        async with EmbeddedPostgres(used_folder, fsync=False):
            pass
    assert names(used_folder, "log*") == ["log", "log.previous"]
