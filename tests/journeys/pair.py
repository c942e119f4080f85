"""Several services on one database, each a process of its own; one exchange, one chat."""

import re
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from tests.eventually import eventually, eventually_asked
from tests.journeys.people import QUICK
from tests.stage import Json, Stage, scenery
from tests.strait import Strait, strait, to_socket
from tests.zygote import Process, Zygote

PATIENCE = 30.0


@dataclass
class Member:
    """One of the services."""

    name: str
    process: Process
    log: Path
    stage: Stage
    web: str = ""

    async def listens(self) -> None:
        """Return when its side app answers."""
        self.web = await eventually(self._address, PATIENCE)

    async def asked(self, path: str) -> tuple[int, str]:
        """What its side app answers."""
        async with self.stage.http.get(f"{self.web}/{path}") as answer:
            return answer.status, await answer.text()

    async def part(self, name: str) -> str:
        """What it says of one of its parts; empty where it says nothing."""
        async with self.stage.http.get(f"{self.web}/ready") as answer:
            told: Mapping[str, Mapping[str, Mapping[str, str]]] = await answer.json()
        return told["parts"].get(name, {}).get("detail", "")

    async def is_ready(self) -> bool:
        """Whether it can trade."""
        status, _ = await self.asked("ready")
        return status == 200

    async def ready(self) -> None:
        """Return when it can trade."""
        await eventually_asked(self.is_ready, PATIENCE)

    async def stands_by(self, leader: str) -> None:
        """Return when it says that this one leads."""

        async def does() -> bool:
            return (await self.part("leadership")).startswith(f"standby: {leader} leads since ")

        await eventually_asked(does, PATIENCE)

    def freeze(self) -> None:
        """As a laptop's lid or a busy hypervisor would."""
        self.process.kill(signal.SIGSTOP)

    def wake(self) -> None:
        """As if nothing had been."""
        self.process.kill(signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()

    def says(self, words: str) -> bool:
        """Whether its log has these words."""
        return words in self.log.read_text()

    def _address(self) -> str:
        said = self.log.read_text() if self.log.exists() else ""
        assert self.process.alive, said
        found = re.search(r"side_app_listens .*?(http://[\d.:]+)", said)
        return found[1] if found else ""


@dataclass
class Pair:
    """The services, an eye on their database, and the way to it of one of them."""

    stage: Stage
    folder: Path
    zygote: Zygote
    eye: asyncpg.Connection | None = None
    way: Strait | None = None
    members: list[Member] = field(default_factory=list)

    async def start(self, name: str, **settings: str) -> Member:
        """A service by this name; it listens, and leads or stands by."""
        environ = {**self.stage.environ, "INSTANCE_NAME": name, "LOG_FORMAT": "console"}
        log = self.folder / f"{name}-{len(self.members)}.log"
        process = self.zygote.start({**environ, "PORT": "0", **settings}, log)
        member = Member(name, process, log, self.stage)
        self.members.append(member)
        await member.listens()
        return member

    async def exists(self, query: str) -> None:
        """Return when the query has a row."""
        eye = self.eye
        assert eye is not None

        async def there() -> bool:
            return await eye.fetchrow(query) is not None

        await eventually_asked(there, PATIENCE)

    async def orders(self, symbol: str = "tBTCUSD") -> int:
        """How many orders there are at the exchange; each was asked for once."""
        state: Json = await self.stage.exchange()
        attempts = state["attempts"]
        assert isinstance(attempts, dict)
        assert set(attempts.values()) <= {1}, attempts
        return sum(row[3] == symbol for row in await self.stage.orders_at_exchange())


@asynccontextmanager
async def pair(database_url: str, folder: Path, zygote: Zygote) -> AsyncIterator[Pair]:
    """Everything but the services."""
    async with scenery(database_url, folder, QUICK) as stage:
        made = Pair(stage, folder, zygote)
        if database_url:
            made.eye = await asyncpg.connect(database_url.replace("+asyncpg", ""))
        try:
            yield made
        finally:
            for member in made.members:
                member.process.close()
            if made.eye is not None:
                await made.eye.close()


@asynccontextmanager
async def database_strait(database_url: str) -> AsyncIterator[tuple[Strait, str]]:
    """A way to the database that can be held, and the URL that takes it."""
    place = make_url(database_url)
    socket = f"{place.query['host']}/.s.PGSQL.{place.query['port']}"
    async with strait(to_socket(socket)) as way:
        login = f"{place.username}@127.0.0.1:{way.port}"
        yield way, f"postgresql+asyncpg://{login}/{place.database}"
