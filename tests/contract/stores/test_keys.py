"""What a store of idempotency keys promises."""

import asyncio

from bot.web.keys import KeyStore


async def test_a_key_belongs_to_what_it_came_with_first(keys: KeyStore) -> None:
    assert await keys.first("rest:tg:1:/pause:a", "11") == "11"
    assert await keys.first("rest:tg:1:/pause:a", "22") == "11"
    assert await keys.first("rest:tg:1:/pause:a", "11") == "11"
    assert await keys.first("rest:tg:2:/pause:a", "22") == "22"


async def test_of_many_at_once_one_is_first(keys: KeyStore) -> None:
    told = await asyncio.gather(*(keys.first("k", str(n)) for n in range(20)))
    assert len(set(told)) == 1
