"""Plays cells, many at a time on one loop, and says how each ended."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from db.journal import PostgresJournal
from db.session import Database
from engine.memory_journal import MemoryJournal
from engine.ports import Journal
from tests.hurried import HurriedLoop, LoopClock
from tests.matrix.axes import REFUSE, Cell, Fault, Kind, Moment
from tests.matrix.moments import MOMENTS
from tests.matrix.outage import INTERRUPTIONS, Outage, PlayedOutage, SharedOutage
from tests.matrix.scene import LOOK_EVERY, PATIENCE, Scene, scene_on
from tests.matrix.truth import Truth, unsettled
from tests.postmaster import MortalServer

PACE = 200.0
DATABASE_PACE = 30.0
AT_ONCE = 64
STAYS_SO_SECONDS = 15.0
Keep = Callable[[], AbstractAsyncContextManager[Journal]]


@dataclass(frozen=True)
class Outcome:
    """How a cell ended: what must not be, the states its orders came to, whether the fault hit."""

    cell: Cell
    violations: tuple[str, ...]
    endings: str = ""
    met: bool = True

    @property
    def passed(self) -> bool:
        return not self.violations


@asynccontextmanager
async def in_memory(journal: MemoryJournal) -> AsyncIterator[Journal]:
    """A journal that survives the desk, and nothing else."""
    yield journal


@asynccontextmanager
async def in_database(url: str) -> AsyncIterator[Journal]:
    """A journal in PostgreSQL."""
    database = await Database.open(url)
    try:
        yield PostgresJournal(database)
    finally:
        await database.close()


def play_all(cells: Sequence[Cell]) -> list[Outcome]:
    """Those cells that need no database, on a loop of their own."""
    with asyncio.Runner(loop_factory=partial(HurriedLoop, PACE)) as runner:
        return runner.run(_side_by_side(cells))


def play_outage(cells: Sequence[Cell], server: MortalServer) -> list[Outcome]:
    """Those cells whose database is killed: all at their moment when that happens."""
    with asyncio.Runner(loop_factory=partial(HurriedLoop, DATABASE_PACE)) as runner:
        return runner.run(_together(cells, server))


async def _side_by_side(cells: Sequence[Cell]) -> list[Outcome]:
    width = asyncio.Semaphore(AT_ONCE)

    async def one(cell: Cell) -> Outcome:
        journal = MemoryJournal()
        async with width:
            return await play(cell, partial(in_memory, journal), PlayedOutage(journal))

    return list(await asyncio.gather(*(one(cell) for cell in cells)))


async def _together(cells: Sequence[Cell], server: MortalServer) -> list[Outcome]:
    outage = SharedOutage(server, len(cells))
    scenes = zip(cells, await server.databases(len(cells)), strict=True)
    return list(
        await asyncio.gather(*(play(c, partial(in_database, url), outage) for c, url in scenes))
    )


async def play(cell: Cell, keep: Keep, outage: Outage | None = None) -> Outcome:
    """One scene from an empty journal to what is left in the end."""
    clock = LoopClock()
    try:
        async with keep() as journal, scene_on(journal, clock) as scene:
            return await _played(cell, scene, outage)
    except Exception as error:
        if outage is not None:
            await outage.leave()
        return Outcome(cell, (f"the scene broke: {error!r}",))


async def _played(cell: Cell, scene: Scene, outage: Outage | None) -> Outcome:
    await MOMENTS[cell.moment](
        scene, partial(_arm, scene, cell, now=cell.fault.kind is not Kind.RETURN)
    )
    await INTERRUPTIONS[cell.interruption](scene, outage, partial(_meanwhile, scene, cell))
    await _afterwards(scene, cell)
    violations = await _settled(scene)
    truth = Truth(scene, await scene.state(), await scene.entries())
    endings = Counter(str(order.status) for order in truth.orders.values())
    told = ", ".join(f"{count} {status}" for status, count in sorted(endings.items()))
    return Outcome(cell, tuple(violations), told, met=await _met(scene))


async def _arm(scene: Scene, cell: Cell, *, now: bool) -> None:
    fault: Fault = cell.fault
    if now and fault.what == REFUSE:
        scene.refuse(float(str(fault.script["seconds"])))
    elif now and fault.script:
        await scene.control(fault.what, fault.fields(cell.moment))
        scene.armed = fault.script.get("kind") != "partial_fill"


async def _meanwhile(scene: Scene, cell: Cell) -> None:
    """What happens at the exchange while something is away."""
    if cell.fault.kind is Kind.RETURN:
        await _arm(scene, cell, now=True)
    if cell.moment is Moment.PARTLY_FILLED or _fills_unseen(cell):
        await scene.price("19900")


async def _afterwards(scene: Scene, cell: Cell) -> None:
    """What happens when all is back."""
    if cell.moment is Moment.ACKNOWLEDGED and not _fills_unseen(cell):
        await scene.open()
        await scene.price("19900")


def _fills_unseen(cell: Cell) -> bool:
    return cell.moment is Moment.ACKNOWLEDGED and cell.fault.kind is not Kind.FRAMES


async def _settled(scene: Scene) -> list[str]:
    """What is wrong still when all patience is over; what is well must be well a while later."""
    loop, asked_again = asyncio.get_running_loop(), False
    until = loop.time() + PATIENCE
    while loop.time() < until:
        if await _met(scene) and not await _violations(scene):
            await (asyncio.sleep(0) if asked_again else scene.again())
            asked_again = True
            await asyncio.sleep(STAYS_SO_SECONDS)
            if not await _violations(scene):
                return []
        await asyncio.sleep(LOOK_EVERY)
    return await _violations(scene)


async def _met(scene: Scene) -> bool:
    return not (await scene.state())["faults"]


async def _violations(scene: Scene) -> list[str]:
    if early := unsettled(scene):
        return early
    return Truth(scene, await scene.state(), await scene.entries()).violations()
