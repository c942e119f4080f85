"""What is lost at the moment: a connection, the service, the database."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Protocol

from engine.memory_journal import MemoryJournal
from tests.matrix.axes import Interruption
from tests.matrix.scene import Scene
from tests.postmaster import MortalServer

AWAY_SECONDS: Final = 3.0
Meanwhile = Callable[[], Awaitable[None]]


class Outage(Protocol):
    """A database that goes away and comes back."""

    async def begin(self) -> None:
        """From here on it does not answer."""

    async def end(self) -> None:
        """From here on it does."""

    async def leave(self) -> None:
        """This scene has broken, and waits for neither."""


class PlayedOutage:
    """A journal in memory that does not answer for a while."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal

    async def begin(self) -> None:
        """It does not answer."""
        self._journal.available = False

    async def end(self) -> None:
        """It answers, a while later."""
        await asyncio.sleep(AWAY_SECONDS)
        self._journal.available = True

    async def leave(self) -> None:
        """Nobody else waits."""


class SharedOutage:
    """One server's death and return, which so many scenes wait for together."""

    def __init__(self, server: MortalServer, scenes: int) -> None:
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
        for step, deed in (("begin", self._server.kill), ("end", self._server.revive)):
            over, arrived = self._over[step], self._arrived[step]
            if arrived and arrived + self._gone >= self._scenes and not over.is_set():
                self._arrived[step] = -self._scenes  # nobody else does it meanwhile
                await deed()
                over.set()


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
    Interruption.OUTAGE: _database,
    Interruption.DATABASE: _database,
}


def _let_go(scene: Scene) -> None:
    scene.gate.set()
    scene.way.release()
