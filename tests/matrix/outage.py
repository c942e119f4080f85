"""What is lost at the moment: a connection, the service, the database."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from db.embedded import EmbeddedPostgres
from tests.matrix.axes import Interruption
from tests.matrix.scene import Scene
from tests.postmaster import kill

Meanwhile = Callable[[], Awaitable[None]]


class SharedOutage:
    """One server's death and return, which so many scenes wait for together."""

    def __init__(self, server: EmbeddedPostgres, scenes: int) -> None:
        self._server = server
        self._scenes = scenes
        self._arrived = {"begin": 0, "end": 0}
        self._over = {"begin": asyncio.Event(), "end": asyncio.Event()}
        self._gone = 0

    async def begin(self) -> None:
        """Wait for the others; then it is killed."""
        await self._arrive("begin")

    async def end(self) -> None:
        """Wait for the others; then it is started again."""
        await self._arrive("end")

    async def leave(self) -> None:
        """Be waited for no longer."""
        self._gone += 1
        await self._turn()

    async def _arrive(self, step: str) -> None:
        self._arrived[step] += 1
        await self._turn()
        await self._over[step].wait()

    async def _turn(self) -> None:
        for step, deed in (("begin", kill), ("end", EmbeddedPostgres.start)):
            over, arrived = self._over[step], self._arrived[step]
            if arrived and arrived + self._gone >= self._scenes and not over.is_set():
                self._arrived[step] = -self._scenes  # nobody else does it meanwhile
                await deed(self._server)
                over.set()


async def _nothing_lost(scene: Scene, outage: SharedOutage | None, meanwhile: Meanwhile) -> None:
    _let_go(scene)
    await meanwhile()


async def _connection(scene: Scene, outage: SharedOutage | None, meanwhile: Meanwhile) -> None:
    scene.way.cut()
    await meanwhile()
    _let_go(scene)


async def _service(scene: Scene, outage: SharedOutage | None, meanwhile: Meanwhile) -> None:
    await scene.kill()
    _let_go(scene)
    await meanwhile()
    await scene.start()


async def _database(scene: Scene, outage: SharedOutage | None, meanwhile: Meanwhile) -> None:
    assert outage is not None
    await outage.begin()
    try:
        _let_go(scene)
        await meanwhile()
    finally:
        await outage.end()


INTERRUPTIONS: Final[
    Mapping[Interruption, Callable[[Scene, SharedOutage | None, Meanwhile], Awaitable[None]]]
] = {
    Interruption.NONE: _nothing_lost,
    Interruption.DROP: _connection,
    Interruption.KILL: _service,
    Interruption.DATABASE: _database,
}


def _let_go(scene: Scene) -> None:
    scene.gate.set()
    scene.way.release()
