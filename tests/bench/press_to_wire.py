"""From the confirming update to the order on the wire: `python -m tests.bench.press_to_wire`.

The service runs in a process of its own with a durable embedded PostgreSQL. Straits in this
process see the update go in and the order come out, so the loopback and this process's own work
are counted too. Beside it: the same host's bare fdatasync and a bare HTTP round trip.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

from db.embedded import EmbeddedPostgres
from tests.journeys.crossing import Crossing, crossing
from tests.strait import Way
from tests.zygote import Zygote

PRESSES = 60


async def main() -> None:
    """Measure and print a table."""
    with tempfile.TemporaryDirectory() as folder, Zygote() as zygote:
        async with (
            EmbeddedPostgres(Path(folder) / "postgres") as server,
            crossing(server.url, Path(folder), zygote) as house,
        ):
            times = [await _press(house) for _ in range(PRESSES)]
            bare = [await _round_trip(house) for _ in range(PRESSES)]
        disk = [_fdatasync(Path(folder)) for _ in range(PRESSES)]
    _print("press to wire", times)
    _print("bare HTTP round trip", bare)
    _print("bare fdatasync", disk)


async def _press(house: Crossing) -> float:
    card = await house.stage.asks("/buy tBTCUSD 0.0005", "Buy 0.0005 BTC")
    await asyncio.sleep(0.1)  # the answer to our own message must not be taken for the press
    house.telegram.watch(Way.IN)
    house.exchange.watch(Way.OUT)
    await house.stage.tap(card, "Confirm buy", wait=0.0)
    await house.stage.becomes(card, "Filled")
    arrived = house.telegram.first_seen(Way.IN)
    left = house.exchange.first_seen(Way.OUT)
    # The lane keeps Telegram's pace of a message a second; let it rest.
    await asyncio.sleep(1.0)
    return left - arrived


async def _round_trip(house: Crossing) -> float:
    async with aiohttp.ClientSession() as http:
        url = f"{house.stage.telegram.url}/control/state"
        await (await http.get(url)).read()
        began = time.perf_counter()
        await (await http.get(url)).read()
        return time.perf_counter() - began


def _fdatasync(folder: Path) -> float:
    with (folder / "sync").open("ab") as file:
        file.write(b"x" * 200)
        file.flush()
        began = time.perf_counter()
        os.fdatasync(file.fileno())
        return time.perf_counter() - began


def _print(name: str, seconds: list[float]) -> None:
    cuts = statistics.quantiles(seconds, n=20)
    sys.stdout.write(
        f"{name:<24} median {statistics.median(seconds) * 1000:7.2f} ms   "
        f"p95 {cuts[18] * 1000:7.2f} ms   min {min(seconds) * 1000:7.2f} ms\n"
    )


if __name__ == "__main__":
    asyncio.run(main())
