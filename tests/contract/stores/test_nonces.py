"""What a store of nonces promises."""

import asyncio

from engine.ports import NonceStore

KEY = "0123456789abcdef"


async def test_the_first_block_begins_where_it_is_asked_to(nonces: NonceStore) -> None:
    assert (
        await nonces.reserve(KEY, at_least=1_700_000_000_000_000, size=60) == 1_700_000_000_000_000
    )


async def test_blocks_of_a_key_follow_one_another(nonces: NonceStore) -> None:
    await nonces.reserve(KEY, at_least=100, size=10)

    assert await nonces.reserve(KEY, at_least=100, size=5) == 110
    assert await nonces.reserve(KEY, at_least=0, size=5) == 115
    assert await nonces.reserve(KEY, at_least=1000, size=5) == 1000


async def test_keys_have_numbers_of_their_own(nonces: NonceStore) -> None:
    await nonces.reserve(KEY, at_least=100, size=10)

    assert await nonces.reserve("another", at_least=100, size=10) == 100


async def test_of_those_who_ask_at_once_each_gets_other_numbers(nonces: NonceStore) -> None:
    asking = (nonces.reserve(KEY, at_least=100, size=10) for _ in range(20))

    assert sorted(await asyncio.gather(*asking)) == list(range(100, 300, 10))


async def test_numbers_reach_as_far_as_the_exchange_takes_them(nonces: NonceStore) -> None:
    assert await nonces.reserve(KEY, at_least=2**53 - 1, size=60_000_000) == 2**53 - 1
