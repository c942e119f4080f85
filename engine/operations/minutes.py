"""What is written down of people's doings where no other event tells of them."""

from collections.abc import Sequence
from typing import Final

import structlog

from engine.floor import Floor
from engine.model.errors import JournalUnavailable
from engine.model.event import CommandRefused, Event
from engine.model.ids import CommandId
from engine.model.people_event import CommandCarriedOut, StrangerTurnedAway

MOST_OWED: Final = 500

log = structlog.get_logger()


class Minutes:
    """Who did or was refused what; what the database is away for is written down later."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._late = 0

    async def refused(
        self,
        actor_id: str,
        command: str,
        reasons: Sequence[str],
        command_id: CommandId | None = None,
    ) -> None:
        """Somebody wished something and was told no; never what a wish was worded with."""
        now = self._floor.clock.now()
        await self._write(
            CommandRefused(
                at=now,
                actor_id=actor_id,
                command=command,
                command_id=command_id,
                reasons=tuple(reasons),
            )
        )

    async def carried_out(self, actor_id: str, command: str, outcome: str = "done") -> None:
        """Somebody did something that leaves no other trace of them."""
        now = self._floor.clock.now()
        event = CommandCarriedOut(at=now, actor_id=actor_id, command=command, outcome=outcome)
        await self._write(event)

    async def turned_away(self, actor_id: str) -> None:
        """Somebody unknown tried to come in; how often that is told is the caller's care."""
        await self._write(StrangerTurnedAway(at=self._floor.clock.now(), actor_id=actor_id))

    async def _write(self, event: Event) -> None:
        try:
            await self._floor.record([event])
        except JournalUnavailable as error:
            log.warning("minutes_late", kind=type(event).__name__, detail=error.sentence)
            self._owe(event)

    def _owe(self, event: Event) -> None:
        if len(self._floor.owed) >= MOST_OWED:
            return
        self._late += 1
        claim = CommandId(f"minutes:{event.at.isoformat()}:{self._late}")
        self._floor.owed.append((event, claim))
