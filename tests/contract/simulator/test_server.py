"""Starting and stopping: ports, data files, several symbols, and no trace left behind."""

import asyncio
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from engine.simulator.server import Simulator, running
from tests.contract.simulator.client import Wire
from tests.contract.simulator.conftest import QUIET

START = 1_514_764_800_000


async def test_a_taken_port_is_an_os_error(wire: Wire) -> None:
    port = int(wire.simulator.url.rpartition(":")[2])
    second = Simulator(replace(QUIET, port=port))
    with pytest.raises(OSError, match="address"):
        await second.start()
    await second.stop()
    assert (await wire.get("platform/status"))[1] == [1]


async def test_stopping_twice_and_leaving_sockets_open_is_fine(
    session: aiohttp.ClientSession,
) -> None:
    before = asyncio.all_tasks()
    async with running(QUIET) as simulator:
        socket = await Wire(simulator, session).trader()
        await simulator.stop()
        assert await socket.ended()
    assert asyncio.all_tasks() <= before


async def test_candle_files_are_replayed_with_their_past_behind_them(
    session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    path = tmp_path / "tLTCUSD-1m-2018.csv"
    prices = [(200 + step, 201 + step, 202 + step, 199) for step in range(60)]
    rows = [
        f"{START + step * 60_000},{','.join(map(str, four))},5" for step, four in enumerate(prices)
    ]
    path.write_text("\n".join(rows))
    config = replace(QUIET, data=[path], replay_history_minutes=50, feed_paused=True)
    async with running(config) as simulator:
        wire = Wire(simulator, session)
        candles = (await wire.get("candles/trade:1m:tLTCUSD/hist?limit=100"))[1]
        past = [row for row in candles if row[4] == 199 and row[5] == 5]
        assert len(past) == 29
        assert [past[0][1], past[-1][1]] == [228, 200]
        now = int((await wire.state())["now"])
        assert 0 <= now - int(past[0][0]) < 180_000
        assert "LTCUSD" in str((await wire.get("conf/pub:list:pair:exchange"))[1])


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("tBTCUSD.csv", "", "holds no candles"),
        ("tBTCUSD.csv", "1,2,3", "not a candle row"),
    ],
)
async def test_bad_data_files_are_named(tmp_path: Path, name: str, text: str, words: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=words):
        await Simulator(replace(QUIET, data=[tmp_path / name])).start()


async def test_a_damaged_state_file_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "exchange.json"
    path.write_text('{"version": 1, "accounts"')
    with pytest.raises(ValueError, match=r"exchange\.json: not a simulator state"):
        await Simulator(replace(QUIET, state=path)).start()
    assert path.read_text() == '{"version": 1, "accounts"'
