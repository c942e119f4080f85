"""What is written down of people's doings where no other event tells of them."""

import asyncio
import re
from collections.abc import Sequence
from functools import cache
from typing import Final

import structlog

from engine.floor import Floor
from engine.model.errors import JournalUnavailable
from engine.model.event import CommandRefused, Event
from engine.model.ids import CommandId
from engine.model.people_event import CommandCarriedOut, StrangerTurnedAway
from engine.model.result import Refused
from engine.model.use_cases import Errand
from engine.via import stamped

MOST_OWED: Final = 500
PATIENCE: Final = 0.25
TOLD_BEFORE: Final = frozenset({"decided_before", "already_decided", "shown_before"})
"""Codes of answers to a wish that the journal has told of already."""

log = structlog.get_logger()


class Minutes:
    """Who did or was refused what; what the database is away for is written down later."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._late = 0
        self._writing: set[asyncio.Task[None]] = set()

    def begin(self, errand: Errand) -> None:
        """A wish is under way: from here on it is watched whether an event tells of it."""
        self._floor.traced.setdefault(errand.command_id, False)

    async def end(self, errand: Errand, command: str, result: object) -> None:
        """It has come to its result, which is told if nothing else has told of it."""
        told = self._floor.traced.pop(errand.command_id, True)
        owed = any(claim == errand.command_id for _, claim in self._floor.owed)
        if told or owed or getattr(result, "repeated", False):
            return
        who = errand.actor.actor_id
        if not isinstance(result, Refused):
            await self.carried_out(who, command)
        elif not any(reason.code in TOLD_BEFORE for reason in result.reasons):
            reasons = [reason.sentence for reason in result.reasons]
            await self.refused(who, command, reasons, errand.command_id)

    def forget(self, errand: Errand) -> None:
        """It failed: what is known of it is in the log."""
        self._floor.traced.pop(errand.command_id, None)

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
        """Nobody's answer waits for long on this, least of all a cancel's."""
        writing = asyncio.create_task(self._record(event))
        self._writing.add(writing)
        writing.add_done_callback(self._written)
        await asyncio.wait({writing}, timeout=PATIENCE)

    async def _record(self, event: Event) -> None:
        try:
            await self._floor.record([event])
        except JournalUnavailable as error:
            log.warning("minutes_late", kind=type(event).__name__, detail=error.sentence)
            self._owe(event)

    def _written(self, writing: "asyncio.Task[None]") -> None:
        self._writing.discard(writing)
        if not writing.cancelled() and (error := writing.exception()) is not None:
            log.error("minutes_not_written", detail=repr(error))

    def _owe(self, event: Event) -> None:
        if len(self._floor.owed) >= MOST_OWED:
            return
        self._late += 1
        claim = CommandId(f"minutes:{event.at.isoformat()}:{self._late}")
        self._floor.owed.append((stamped([event]), claim))


def name_of(wish: object) -> str:
    """What a command or question is called in the journal: `place_order`."""
    return _name_of(type(wish).__name__)


@cache
def _name_of(kind: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower()
