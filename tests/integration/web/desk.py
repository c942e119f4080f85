"""The side app of a test: its parts, its clock, its answers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
from aiohttp import web

from bot.settings import WebSettings
from bot.web.app import build_web
from bot.web.metrics import Metrics
from bot.web.parts import PartState
from bot.web.server import WebServer
from engine.clock import ManualClock
from tests.unit.bot_frame.environment import loaded

READY = PartState(ready=True, detail="answers")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: str
    headers: Mapping[str, str]


@dataclass
class Desk:
    """Open it once, then ask."""

    client: aiohttp.ClientSession
    clock: ManualClock = field(
        default_factory=lambda: ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    )
    metrics: Metrics = field(default_factory=Metrics)
    states: dict[str, PartState] = field(
        default_factory=lambda: {"database": READY, "exchange": READY}
    )
    parts: dict[str, Callable[[], Awaitable[PartState]]] = field(default_factory=dict)
    servers: list[WebServer] = field(default_factory=list)

    async def open(
        self, extend: Callable[[web.Application], object] | None = None, **environ: str
    ) -> None:
        """Listen; `extend` may add routes."""
        settings = loaded(**{"PORT": "0", **environ}).web
        app = self.app(settings)
        if extend is not None:
            extend(app)
        server = WebServer(app, settings)
        await server.start()
        self.servers.append(server)

    def app(self, settings: WebSettings) -> web.Application:
        asked = {name: self._asked(name) for name in self.states} | self.parts
        return build_web(
            settings=settings, parts=asked, metrics=self.metrics, clock=self.clock, version="1.2.3"
        )

    @property
    def url(self) -> str:
        return self.servers[-1].url

    async def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, /, **headers: str
    ) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        asked = self.client.request(method, self.url + path, data=body, headers=named)
        async with asked as response:
            return Answer(response.status, await response.text(), response.headers.copy())

    async def close(self) -> None:
        for server in self.servers:
            await server.stop()

    def _asked(self, name: str) -> Callable[[], Awaitable[PartState]]:
        async def ask() -> PartState:
            return self.states[name]

        return ask
