"""Whether we trade at all."""

from engine.floor import Floor
from engine.model.errors import DuplicateCommand
from engine.model.event import TradingPaused, TradingResumed
from engine.model.result import DeskStatus, Reason, Refused, TradingState
from engine.model.use_cases import Errand
from engine.operations.refusing import CHANGED_SINCE, did

PANIC_RUNNING = (
    "The panic is not over: what is left is still being closed. /panic shows how far it has come; "
    "resume when it has ended."
)


class TradingOperations:
    """Pause, resume, status."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    async def pause(self, errand: Errand, reason: str) -> TradingState | Refused:
        """No new exposure until resumed; survives a restart. Pausing twice keeps the first."""
        if self._floor.book.paused is not None:
            return TradingState(self._floor.book.paused)
        actor = errand.actor
        paused = TradingPaused(
            at=self._floor.clock.now(), actor_id=actor.actor_id, name=actor.name, reason=reason
        )
        try:
            await self._floor.record([paused], claim=errand.command_id)
        except DuplicateCommand:
            if self._floor.book.paused is None:
                return CHANGED_SINCE
        return TradingState(self._floor.book.paused)

    async def resume(self, errand: Errand) -> TradingState | Refused:
        """New exposure is allowed again."""
        if self._floor.book.panic.running is not None:
            return Refused((Reason("panic_running", PANIC_RUNNING),))
        if self._floor.book.paused is None:
            if await did(self._floor, errand, TradingResumed):
                return TradingState(None)
            return Refused((Reason("not_paused", "Trading is not paused; nothing to resume."),))
        actor = errand.actor
        resumed = TradingResumed(
            at=self._floor.clock.now(), actor_id=actor.actor_id, name=actor.name
        )
        try:
            await self._floor.record([resumed], claim=errand.command_id)
        except DuplicateCommand:
            if self._floor.book.paused is not None:
                return CHANGED_SINCE
        return TradingState(self._floor.book.paused)

    async def status(self) -> DeskStatus:
        """The desk at a glance."""
        floor = self._floor
        return DeskStatus(
            closed_because=floor.closed_because(),
            link_since=floor.gate.link_since,
            maintenance=floor.book.maintenance,
            paused=floor.book.paused,
            open_orders=sum(1 for _ in floor.book.open_orders()),
            pending=tuple(order.key for order in floor.book.pending()),
            positions=len(floor.book.positions),
            breakers=tuple(sorted(floor.book.breakers)),
        )
