"""Messages that are taken away after a while: stored as soon as they are shown."""

from datetime import datetime

import structlog

from bot.telegram.ports import Shelf
from bot.telegram.sender import Sender
from engine.model.errors import GenesisError
from engine.ports import Clock

SWEEP_SECONDS = 1.0

_KIND = "fleeting"

log = structlog.get_logger()


class Fleeting:
    """Knows which messages hold what must not stay, over a restart too."""

    def __init__(self, shelf: Shelf, sender: Sender, clock: Clock) -> None:
        self._shelf = shelf
        self._sender = sender
        self._clock = clock
        self._lying: dict[str, datetime] | None = None

    async def put(self, chat_id: int, message_id: int, gone_at: datetime) -> None:
        """Take this message away then."""
        known, key = await self._known(), f"{chat_id}:{message_id}"
        known[key] = gone_at
        await self._shelf.put(_KIND, key, gone_at.isoformat().encode())

    async def clear(self, chat_id: int) -> None:
        """Take all of a chat away now."""
        for key in [key for key in await self._known() if key.startswith(f"{chat_id}:")]:
            await self._take_away(key)

    async def sweep(self) -> None:
        """Take each away as its time comes; ends only by cancellation."""
        while True:
            try:
                await self._sweep()
            except GenesisError as error:
                log.warning("fleeting_left_for_later", detail=error.sentence)
            await self._clock.sleep(SWEEP_SECONDS)

    async def _sweep(self) -> None:
        now = self._clock.now()
        for key in [key for key, gone_at in (await self._known()).items() if gone_at <= now]:
            await self._take_away(key)

    async def _take_away(self, key: str) -> None:
        chat_id, message_id = map(int, key.split(":"))
        await self._sender.delete(chat_id, message_id)
        (await self._known()).pop(key, None)
        await self._shelf.remove(_KIND, key)

    async def _known(self) -> dict[str, datetime]:
        if self._lying is None:
            found = await self._shelf.all(_KIND)
            self._lying = {key: datetime.fromisoformat(body.decode()) for key, body in found}
        return self._lying
