"""What operators are called: remembered, so that an alert can say whose order it is about."""

from collections.abc import Sequence

import structlog

from bot.telegram.ports import Shelf
from engine.model.actor import Actor
from engine.model.errors import InvalidInput, JournalUnavailable
from engine.model.people import Member

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


def called(member: Member, names: Names) -> str:
    """A member's name as Telegram told it last, or as it was when they joined, or their id."""
    bare = member.actor_id.removeprefix("tg:")
    known = names.of(member.actor_id)
    return known if known != bare else member.name or bare


def meant(word: str, members: Sequence[Member], names: Names) -> Member:
    """Whom an id or a name means; `InvalidInput` where that is nobody, or more than one.

    People choose their names: who is called Olivia is no more meant by it than Olivia Berg.
    """
    bare = word.removeprefix("tg:")
    by_id = [member for member in members if member.actor_id in (word, f"tg:{bare}")]
    found = by_id or [m for m in members if _is_called(called(m, names), word)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(member.actor_id.removeprefix("tg:") for member in found)
        raise InvalidInput(f"Several are called “{word[:40]}”; say the id instead: {ids}.")
    raise InvalidInput(f"Nobody here is “{word[:40]}”. /users lists everybody with their ids.")


def _is_called(name: str, word: str) -> bool:
    said, whole = word.lower(), name.lower()
    return said in (whole, *whole.split()[:1])
