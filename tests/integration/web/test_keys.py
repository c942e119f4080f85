"""A key is held to its words; what stops something does not wait for a database to say so."""

import asyncio

import pytest

from bot.web.keys import KeyUsed, MemoryKeys, bind
from engine.model.errors import JournalUnavailable


class Away:
    """A database that is away, or that says nothing at all."""

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent

    async def first(self, key: str, digest: str) -> str:
        if self._silent:
            await asyncio.Event().wait()
        raise JournalUnavailable


async def test_other_words_under_the_same_key_are_refused() -> None:
    keys = MemoryKeys()
    await bind(keys, "a", b"{}", stops=False)
    await bind(keys, "a", b"{}", stops=True)
    for body in (b"", b"{ }", b'{"spot":true}'):
        for stops in (True, False):
            with pytest.raises(KeyUsed):
                await bind(keys, "a", body, stops=stops)
    await bind(keys, "b", b"", stops=False)


@pytest.mark.parametrize("silent", [True, False])
async def test_a_panic_waits_for_no_database(silent: bool) -> None:
    async with asyncio.timeout(3):
        await bind(Away(silent=silent), "a", b"{}", stops=True)


async def test_what_stops_nothing_is_not_done_without_knowing() -> None:
    with pytest.raises(JournalUnavailable):
        await bind(Away(silent=False), "a", b"{}", stops=False)
