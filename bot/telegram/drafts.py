"""Trading windows somebody is changing: theirs alone until saved, and kept over a restart."""

import asyncio
from dataclasses import dataclass

import msgspec

from bot.telegram.ports import Shelf
from engine.model.actor import Actor
from engine.model.windows import TradingWindows

_KIND = "windows"


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsDraft:
    """`windows` as they are to be; `base` were in force when somebody began to change them."""

    base: TradingWindows
    windows: TradingWindows


class WindowsDrafts:
    """One draft a person."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._turn = asyncio.Lock()

    async def of(self, actor: Actor, in_force: TradingWindows) -> WindowsDraft | None:
        """What this person is changing; what is in force already is no draft any more."""
        async with self._turn:
            body = await self._shelf.get(_KIND, actor.actor_id)
            if body is None:
                return None
            draft = msgspec.json.decode(body, type=WindowsDraft)
            if draft.windows != in_force:
                return draft
            await self._shelf.remove(_KIND, actor.actor_id)
            return None

    async def put(self, actor: Actor, draft: WindowsDraft) -> None:
        """Keep it, in place of what was."""
        async with self._turn:
            await self._shelf.put(_KIND, actor.actor_id, msgspec.json.encode(draft))

    async def remove(self, actor: Actor) -> None:
        """It is wanted no longer."""
        async with self._turn:
            await self._shelf.remove(_KIND, actor.actor_id)
