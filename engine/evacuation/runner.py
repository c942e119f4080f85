"""Sees a panic through: looks, does what is due, looks again; for ever, while something is left."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace

import structlog

from engine.evacuation.acts import EvacuationActs
from engine.floor import Floor
from engine.model.errors import ExchangeError, InvalidInput
from engine.model.ids import CidSource
from engine.model.panic import Panic
from engine.operations.cancelling import Cancelling
from engine.operations.panic_scene import PanicScene
from engine.operations.sending import Sending
from engine.panic.plan import (
    CANCELLING,
    Cancel,
    End,
    Pause,
    Release,
    Send,
    Settle,
    Step,
    Tell,
    plan,
)
from engine.panic.situation import Situation
from engine.risk.policy import RiskPolicyEngine

IDLE_SECONDS = 60.0
LOOK_SECONDS = 0.25
"""Between two looks in a panic: pauses end, and nobody rings for that."""

PAIRS_AGAIN_SECONDS = 5.0

log = structlog.get_logger()


@dataclass(slots=True)
class Evacuation:
    """One panic at a time, however many call it."""

    floor: Floor
    scene: PanicScene
    acts: EvacuationActs
    _learning: "asyncio.Task[None] | None" = None

    @classmethod
    def at(
        cls,
        scene: PanicScene,
        risk: RiskPolicyEngine,
        cids: CidSource,
        sending: Sending,
        cancelling: Cancelling,
        doubt: Callable[[], None],
    ) -> "Evacuation":
        """With hands to act, at this account."""
        acts = EvacuationActs(
            scene=scene,
            risk=risk,
            cids=cids,
            sending=sending,
            cancelling=cancelling,
            doubt=doubt,
        )
        return cls(scene.floor, scene, acts)

    async def run(self) -> None:
        """Wait for a panic and see it through; ends only by cancellation."""
        while True:
            self.scene.forget()
            if await self.floor.until(lambda: self._panic is not None, IDLE_SECONDS):
                async with asyncio.TaskGroup() as group:
                    await self._see_through(group)

    @property
    def _panic(self) -> Panic | None:
        return self.floor.book.panic.running

    async def _see_through(self, group: asyncio.TaskGroup) -> None:
        while (panic := self._panic) is not None:
            if not self.scene.market.known_pairs and self._learning is None:
                self._learning = group.create_task(self._learn_pairs())
            now = self.scene.situation(panic)
            for step in plan(now):
                await self._take(group, panic, step)
            seen = self.scene.situation(panic)
            await self.floor.until(lambda: self._has_moved(seen), LOOK_SECONDS)  # noqa: B023

    def _has_moved(self, seen: Situation) -> bool:
        panic = self._panic
        return panic is None or replace(self.scene.situation(panic), now=seen.now) != seen

    async def _take(self, group: asyncio.TaskGroup, panic: Panic, step: Step) -> None:
        """What waits for an answer goes on beside the rest; never twice at once."""
        acts = self.acts
        match step:
            case Pause():
                await acts.pause(panic)
            case Release():
                await acts.release(panic)
            case Cancel(keys):
                acts.asking(keys)
                self._begin(group, CANCELLING, acts.cancel(panic, keys))
            case Send(stake):
                self._begin(group, stake.name, acts.send(panic, step))
            case Settle(leg):
                await acts.settle(panic, leg)
            case Tell():
                await acts.tell(panic, step)
            case End():
                await acts.end(panic, step, self._still(panic, step))

    def _still(self, panic: Panic, step: End) -> Callable[[], bool]:
        return lambda: self._panic == panic and plan(self.scene.situation(panic)) == (step,)

    def _begin(
        self, group: asyncio.TaskGroup, name: str, work: Coroutine[None, None, None]
    ) -> None:
        if name in self.scene.busy:
            work.close()
            return
        self.scene.busy.add(name)
        group.create_task(self._work(name, work))

    async def _work(self, name: str, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        finally:
            self.scene.busy.discard(name)
            self.floor.wake()

    async def _learn_pairs(self) -> None:
        """What sizes the exchange takes; it is sent to without knowing, where it does not say."""
        try:
            await self.scene.market.pairs()
        except (ExchangeError, InvalidInput) as error:
            log.warning("panic_pairs_unknown", detail=error.sentence)
            await self.floor.until(lambda: self._panic is None, PAIRS_AGAIN_SECONDS)
        finally:
            self._learning = None
