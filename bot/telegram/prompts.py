"""Messages that wait for a reply, and the words such a reply is said after."""

import asyncio

from bot.telegram.ports import Shelf

MOST_PROMPTS = 200

_KIND = "prompt"


class Prompts:
    """Kept over a restart; of many the oldest are forgotten."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._lying: dict[str, str] | None = None
        self._looking = asyncio.Lock()

    async def put(self, chat_id: int, message_id: int, words: str) -> None:
        """A reply to this message is said after `words`; without words, after none any more."""
        known, key = await self._known(), _key(chat_id, message_id)
        if words:
            await self._shelf.put(_KIND, key, words.encode())
            known[key] = words
        elif known.pop(key, None) is not None:
            await self._shelf.remove(_KIND, key)
        while len(known) > MOST_PROMPTS:
            oldest = next(iter(known))
            del known[oldest]
            await self._shelf.remove(_KIND, oldest)

    async def words(self, chat_id: int, message_id: int) -> str | None:
        """What a reply to this message is said after, if it waits for one."""
        return (await self._known()).get(_key(chat_id, message_id))

    async def _known(self) -> dict[str, str]:
        async with self._looking:
            if self._lying is None:
                found = await self._shelf.all(_KIND)
                self._lying = {key: body.decode() for key, body in found}
            return self._lying


def _key(chat_id: int, message_id: int) -> str:
    return f"{chat_id}:{message_id}"
