"""What is ruled at the server's console, by another process: heard by the service that runs."""

from typing import Final

import structlog

from engine.floor import Floor
from engine.model.errors import JournalUnavailable
from engine.model.people_event import SecondFactorSet
from engine.people.second_factor import SecondFactor
from engine.via import CONSOLE

LOOK_AGAIN_SECONDS: Final = 0.5

log = structlog.get_logger()


class Console:
    """Looks for new rulings twice a second: there an index finds them, and there are few."""

    def __init__(self, floor: Floor, factor: SecondFactor) -> None:
        self._floor = floor
        self._factor = factor
        self._seen = 0

    async def begin(self) -> None:
        """Whatever is ruled from now on is heard; `JournalUnavailable`."""
        self._seen = await self._floor.journal.last_seq()

    async def run(self) -> None:
        """Listen for ever; ends only by cancellation."""
        while True:
            await self._floor.clock.sleep(LOOK_AGAIN_SECONDS)
            try:
                await self._look()
            except JournalUnavailable as error:
                log.warning("console_not_heard", detail=error.sentence)

    async def _look(self) -> None:
        for entry in await self._floor.journal.rulings(self._seen):
            event, self._seen = entry.event, entry.seq
            if event.via != CONSOLE:
                continue
            self._floor.hear(event)
            if isinstance(event, SecondFactorSet):
                self._factor.distrust(event.member_id)
            log.warning("ruled_at_the_console", kind=type(event).__name__)
