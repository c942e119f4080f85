"""How long a standby needs until it can trade: `python -m tests.bench.takeover`.

The leader is killed on the same machine, killed as if on another, frozen, and stopped. Real
processes, PostgreSQL with everything it does to keep its promises, the simulator, the local
Telegram. Options: --rounds N (3).
"""

import argparse
import asyncio
import signal
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from db import schema
from db.embedded import EmbeddedPostgres
from tests.journeys.pair import Member, Pair, pair
from tests.zygote import Zygote

End = Callable[[Pair, Member], Awaitable[None]]


async def killed(house: Pair, leader: Member) -> None:
    leader.kill()


async def killed_elsewhere(house: Pair, leader: Member) -> None:
    assert house.eye is not None
    await house.eye.execute("UPDATE leadership SET process = 'elsewhere ' || process")
    leader.kill()


async def frozen(house: Pair, leader: Member) -> None:
    leader.freeze()


async def stopped(house: Pair, leader: Member) -> None:
    leader.process.kill(signal.SIGTERM)


async def main(rounds: int, zygote: Zygote) -> None:
    """Measure and print a table."""
    for end in (killed, killed_elsewhere, frozen, stopped):
        times = [await _takeover(end, zygote) for _ in range(rounds)]
        name = end.__name__.replace("_", " ")
        print(f"{name:18} median {statistics.median(times):5.2f} s, longest {max(times):5.2f} s")


async def _takeover(end: End, zygote: Zygote) -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with EmbeddedPostgres(folder / "postgres") as server:
            await schema.upgrade(server.url)
            async with pair(server.url, folder, zygote) as house:
                ada = await house.start("ada")
                await ada.ready()
                ben = await house.start("ben")
                await ben.stands_by("ada")
                began = time.perf_counter()
                await end(house, ada)
                await ben.ready()
                return time.perf_counter() - began


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    with Zygote() as mother:
        asyncio.run(main(parser.parse_args().rounds, mother))
