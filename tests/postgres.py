"""A real PostgreSQL for the tests: one server a session (and xdist worker), one database a test."""

import asyncio
import itertools
import shutil
from collections.abc import Iterator

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from db.embedded import EmbeddedPostgres
from tests.swept import Fresh, read_fresh, swept

NOTHING = "template1"


class Databases:
    """Makes and drops databases on the session's server, from synchronous fixtures.

    It has an event loop of its own, so it cannot be used in a coroutine.
    """

    def __init__(self, server: EmbeddedPostgres, runner: asyncio.Runner) -> None:
        self._server = server
        self._runner = runner
        self._numbers = itertools.count(1)
        self._fresh: dict[str, Fresh] = {}
        self._clean: dict[str, list[str]] = {}
        self._connection = runner.run(asyncpg.connect(server.dsn))

    def lend(self, template: str) -> str:
        """A database as fresh as a new copy of `template`, in a tenth of the time."""
        if template != NOTHING and template not in self._fresh:
            self._fresh[template] = self._runner.run(read_fresh(self._dsn(template)))
        clean = self._clean.get(template)
        return clean.pop() if clean else self.create(template)

    def give_back(self, name: str, template: str) -> None:
        """Sweep a database for whoever comes next; it goes where that cannot be done."""
        fresh = self._fresh.get(template)
        if fresh is not None and self._runner.run(swept(self._dsn(name), fresh)):
            self._clean.setdefault(template, []).append(name)
        else:
            self.drop(name)

    def create(self, template: str = NOTHING) -> str:
        """A new database's name; a copy of `template`, to which nobody may be connected then."""
        name = f"test_{next(self._numbers)}"
        # Copying files is the faster way where a checkpoint need not wait for the disk.
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def url(self, name: str) -> str:
        """For SQLAlchemy; without `+asyncpg` it serves `asyncpg.connect`."""
        return make_url(self._server.url).set(database=name).render_as_string(hide_password=False)

    def _dsn(self, name: str) -> str:
        return self.url(name).replace("+asyncpg", "")

    def close(self) -> None:
        self._runner.run(self._connection.close())

    def _run(self, statement: str) -> None:
        self._runner.run(self._connection.execute(statement))


@pytest.fixture(scope="session")
def postgres_runner() -> Iterator[asyncio.Runner]:
    # With a factory, the runner leaves the thread's current event loop to pytest-asyncio.
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        yield runner


@pytest.fixture(scope="session")
def postgres_server(
    tmp_path_factory: pytest.TempPathFactory, postgres_runner: asyncio.Runner
) -> Iterator[EmbeddedPostgres]:
    """The session's server; its folder is removed at the end."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), fsync=False)
    postgres_runner.run(server.start())
    yield server
    postgres_runner.run(server.stop())
    shutil.rmtree(server.folder)


@pytest.fixture(scope="session")
def databases(
    postgres_server: EmbeddedPostgres, postgres_runner: asyncio.Runner
) -> Iterator[Databases]:
    """The session's `Databases`."""
    made = Databases(postgres_server, postgres_runner)
    yield made
    made.close()


@pytest.fixture(scope="session")
def database_template() -> str:
    """What each test's database is a copy of; override it to begin with the schema in place."""
    return NOTHING


@pytest.fixture
def database_url(databases: Databases, database_template: str) -> Iterator[str]:
    """A fresh database for one test, as a SQLAlchemy URL for asyncpg."""
    name = databases.lend(database_template)
    yield databases.url(name)
    databases.give_back(name, database_template)
