"""What operators are called: remembered, so that an alert can say whose order it is about."""

import structlog

from bot.telegram.ports import Shelf
from engine.model.actor import Actor
from engine.model.errors import JournalUnavailable

_KIND = "name"

log = structlog.get_logger()


class Names:
    """Names by actor id, as Telegram told them last."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._known: dict[str, str] = {}

    async def load(self) -> None:
        """Remember those of earlier runs."""
        kept = {key: body.decode() for key, body in await self._shelf.all(_KIND)}
        self._known = kept | self._known

    async def note(self, actor: Actor) -> None:
        """Keep a name that is new; a database that is away for it must not stop its person."""
        if self._known.get(actor.actor_id) == actor.name:
            return
        self._known[actor.actor_id] = actor.name
        try:
            await self._shelf.put(_KIND, actor.actor_id, actor.name.encode())
        except JournalUnavailable as error:
            log.warning("name_not_kept", actor_id=actor.actor_id, detail=error.sentence)

    def of(self, actor_id: str) -> str:
        """The name, or the bare id of somebody who never wrote."""
        return self._known.get(actor_id) or actor_id.removeprefix("tg:")
