"""The service in a process of its own, every way to and from it through a strait."""

import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from engine.simulator.config import SimulatorConfig
from tests.eventually import eventually, eventually_asked
from tests.stage import CALM, Stage, ready, scenery
from tests.strait import Strait, strait, to_port, to_socket
from tests.zygote import TASKS_TOLD, Process, Zygote

MOST_TOLD = 60_000
"""So much of a service's log is told of a test that failed."""


@dataclass
class Crossing:
    """A stage whose service can be killed at a chosen point."""

    stage: Stage
    telegram: Strait
    exchange: Strait
    database: Strait
    eye: asyncpg.Connection
    zygote: Zygote
    environ: Mapping[str, str]
    log: Path
    service: Process | None = None

    async def start(self) -> None:
        """Start the service and wait until it is ready to trade."""
        before = len(self.log.read_text()) if self.log.exists() else 0
        self.service = self.zygote.start(self.environ, self.log, brisk=True)

        def listening() -> str | None:
            said = self.log.read_text()[before:] if self.log.exists() else ""
            assert self.service is not None
            assert self.service.alive, said
            found = re.search(r"side_app_listens .*?(http://[\d.:]+)", said)
            return found[1] if found else None

        web = await eventually(listening, patience=30.0)
        assert web is not None
        await ready(web, self.stage.http)

    async def kill(self) -> None:
        """SIGKILL; what was on its way is lost, the ways are open again afterwards."""
        assert self.service is not None
        self.service.close()
        self.service = None
        for way in (self.telegram, self.exchange, self.database):
            way.cut()
            way.release()
        await self.eye.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    async def exists(self, query: str) -> None:
        """Return when the query has a row."""

        async def there() -> bool:
            return await self.eye.fetchrow(query) is not None

        await eventually_asked(there, patience=15.0)


@asynccontextmanager
async def crossing(
    database_url: str,
    folder: Path,
    zygote: Zygote,
    exchange: SimulatorConfig = CALM,
) -> AsyncIterator[Crossing]:
    """Everything set up and the service ready."""
    place = make_url(database_url)
    socket = f"{place.query['host']}/.s.PGSQL.{place.query['port']}"
    async with (
        scenery(database_url, folder, exchange) as stage,
        strait(to_port(make_url(stage.telegram.url).port or 0)) as telegram,
        strait(to_port(make_url(stage.simulator.url).port or 0)) as trading,
        strait(to_socket(socket)) as database,
    ):
        eye = await asyncpg.connect(database_url.replace("+asyncpg", ""))
        local = f"127.0.0.1:{trading.port}"
        environ = {
            **stage.environ,
            "TELEGRAM_API_URL": f"http://127.0.0.1:{telegram.port}",
            "BITFINEX_API_URL": f"http://{local}/v2",
            "BITFINEX_WS_AUTH_URI": f"ws://{local}/ws/2",
            "BITFINEX_WS_PUBLIC_URI": f"ws://{local}/ws/2",
            "DATABASE_URL": f"postgresql+asyncpg://{place.username}@127.0.0.1:{database.port}"
            f"/{place.database}",
            "PORT": "0",
            "LOG_FORMAT": "console",
        }
        made = Crossing(
            stage, telegram, trading, database, eye, zygote, environ, folder / "service.log"
        )
        try:
            await made.start()
            yield made
        except BaseException:
            if made.service is not None:
                made.service.tells_tasks()
                await eventually(lambda: TASKS_TOLD in made.log.read_text())
            sys.stdout.write(made.log.read_text()[-MOST_TOLD:] if made.log.exists() else "")
            raise
        finally:
            if made.service is not None:
                made.service.close()
            await made.eye.close()
