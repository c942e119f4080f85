"""PostgreSQL dies, and somebody wants everything stopped: pressed, done, and written later."""

from pathlib import Path

import asyncpg

from db import schema
from db.embedded import EmbeddedPostgres
from tests.eventually import eventually_asked
from tests.journeys.people import QUICK, Person
from tests.journeys.test_panic import left_at, never_twice, places
from tests.postmaster import kill
from tests.stage import OLIVIA, scenery, service_on

OWN = "SELECT count(*) FROM orders WHERE command_id LIKE 'panic:%' AND status = 'filled'"
CALLS = "SELECT count(*) FROM journal WHERE kind = 'PanicCalled'"


async def test_all_is_flat_at_the_exchange_before_the_database_is_back(tmp_path: Path) -> None:
    async with EmbeddedPostgres(tmp_path / "postgres", fsync=False) as server:
        await schema.upgrade(server.url)
        async with scenery(server.url, tmp_path, QUICK) as stage, service_on(stage):
            olivia = Person(stage, OLIVIA)
            await olivia.places("/buy tBTCUSD 0.01 limit 20000")
            await places(olivia, "/sell tETHUSD 0.5 margin", "Confirm sell", "Filled")
            await kill(server)
            # long enough that no nonce is left of those set aside in the database
            await stage.passes(130)
            card = await olivia.asks("/panic", "Panic?", "Cancel 1 open order", "1 position")
            await olivia.taps(card, "PANIC")

            async def flat() -> bool:
                return await left_at(stage) == ([], [])

            await eventually_asked(flat, 20.0)
            await olivia.sees(card, "Waiting for the database", "no open orders, no positions")
            await olivia.asks("/buy tBTCUSD 0.01", "Not sent", "paused")
            await never_twice(stage)

            await server.start()
            await olivia.sees(
                card, "Over. No margin position is open", "tETHUSD: closed, 0.5 ETH at"
            )
            await olivia.asks("/status", "Trading is paused")
            await olivia.asks("/audit", "called a panic")
            await never_twice(stage)
            eye = await asyncpg.connect(server.url.replace("+asyncpg", ""))
            assert (await eye.fetchval(CALLS), await eye.fetchval(OWN)) == (1, 1)
            await eye.close()
