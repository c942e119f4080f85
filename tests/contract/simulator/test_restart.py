"""What is acknowledged survives: a restart, and a kill at any moment."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import aiohttp

from engine.simulator.server import Simulator, running
from engine.simulator.state import StateFile
from tests.contract.simulator.client import Wire
from tests.contract.simulator.conftest import QUIET

SERVE = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from engine.simulator.server import Simulator
from tests.contract.simulator.conftest import QUIET

async def main():
    simulator = Simulator(replace(QUIET, state=Path(sys.argv[1])))
    await simulator.start()
    sys.stdout.write(f"{simulator.url}\\n")
    sys.stdout.flush()
    await asyncio.Event().wait()

asyncio.run(main())
"""
LIMIT = {"type": "EXCHANGE LIMIT", "symbol": "tBTCUSD", "amount": "0.01", "price": "20000"}


async def test_everything_is_there_after_a_restart(
    session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    config = replace(QUIET, state=tmp_path / "deep" / "exchange.json")
    async with running(config) as simulator:
        wire = Wire(simulator, session)
        await wire.control("price", symbol="tBTCUSD", price="31234", hold=True)
        await wire.post("auth/w/order/submit", {**LIMIT, "flags": 16384, "price_oco_stop": "35000"})
        await wire.post("auth/w/order/submit", {**LIMIT, "type": "MARKET"})
        before = await wire.state()
    async with running(config) as simulator:
        wire = Wire(simulator, session)
        after = await wire.state()
        for name in ("orders", "history", "trades", "positions", "wallets", "nonces", "held"):
            assert after[name] == before[name], name
        assert after["prices"]["tBTCUSD"] == 31234
        assert (await wire.post("auth/r/wallets", nonce=1))[1][1] == 10114
        fresh = (await wire.post("auth/w/order/submit", LIMIT))[1][4][0]
        assert int(fresh[0]) > max(int(row[0]) for row in before["orders"])


async def test_sigkill_never_loses_an_acknowledged_order(tmp_path: Path) -> None:
    path = tmp_path / "exchange.json"
    acknowledged: set[int] = set()
    for _ in range(3):
        acknowledged |= await _orders_until_killed(path)
        saved = StateFile(path).read()
        assert saved is not None
        kept = saved.accounts["main"].orders
        assert acknowledged <= set(kept)
    assert len(acknowledged) > 3


async def _orders_until_killed(path: Path) -> set[int]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVE, str(path), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    simulator = Simulator(replace(QUIET, port=int(url.rpartition(":")[2])))
    acknowledged: set[int] = set()
    async with aiohttp.ClientSession() as session:
        wire = Wire(simulator, session)
        killer = asyncio.create_task(_kill_later(process))
        try:
            while True:
                answer = (await wire.post("auth/w/order/submit", LIMIT))[1]
                acknowledged.add(int(answer[4][0][0]))
        except aiohttp.ClientError:
            await killer
    await process.wait()
    return acknowledged


async def _kill_later(process: asyncio.subprocess.Process) -> None:
    await asyncio.sleep(0.15)
    process.kill()
