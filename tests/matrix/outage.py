"""What is lost at the moment: a connection, the service, the database."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Protocol

from db.embedded import EmbeddedPostgres
from tests.matrix.axes import Interruption
from tests.matrix.scene import Scene
from tests.postmaster import kill

Meanwhile = Callable[[], Awaitable[None]]


class Outage(Protocol):
    """A database that goes away and comes back for everybody who uses it."""

    async def begin(self) -> None: ...
    async def end(self) -> None: ...


class SharedOutage:
    """One server's death and return, which so many scenes wait for."""

    def __init__(self, server: EmbeddedPostgres, scenes: int) -> None:
        self._server = server
        self._barrier = asyncio.Barrier(scenes)

    async def begin(self) -> None:
        """Wait for the others; the last one kills."""
        if await self._barrier.wait() == 0:
            await kill(self._server)
        await self._barrier.wait()

    async def end(self) -> None:
        """Wait for the others; the last one starts it again."""
        if await self._barrier.wait() == 0:
            await self._server.start()
        await self._barrier.wait()


async def _nothing_lost(scene: Scene, outage: Outage | None, meanwhile: Meanwhile) -> None:
    _let_go(scene)
    await meanwhile()


async def _connection(scene: Scene, outage: Outage | None, meanwhile: Meanwhile) -> None:
    scene.way.cut()
    await meanwhile()
    _let_go(scene)


async def _service(scene: Scene, outage: Outage | None, meanwhile: Meanwhile) -> None:
    await scene.kill()
    _let_go(scene)
    await meanwhile()
    await scene.start()


async def _database(scene: Scene, outage: Outage | None, meanwhile: Meanwhile) -> None:
    assert outage is not None
    await outage.begin()
    try:
        _let_go(scene)
        await meanwhile()
    finally:
        await outage.end()


INTERRUPTIONS: Final[
    Mapping[Interruption, Callable[[Scene, Outage | None, Meanwhile], Awaitable[None]]]
] = {
    Interruption.NONE: _nothing_lost,
    Interruption.DROP: _connection,
    Interruption.KILL: _service,
    Interruption.DATABASE: _database,
}


def _let_go(scene: Scene) -> None:
    scene.gate.set()
    scene.way.release()
