"""The exchange's official Node client, used as it is against the simulator."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from tests.contract.simulator.client import KEY, SECRET, Wire
from tests.contract.simulator.seen import Seen

NODE = shutil.which("node") or ""
MODULES = os.environ.get("BFXAPI_NODE_MODULES", "")
SCRIPT = Path(__file__).with_name("official_node_client.js")
SYMBOLS = ("tBTCUSD", "tETHUSD", "tTESTBTC:TESTUSD", "tBTCF0:USTF0")


@pytest.mark.skipif(not NODE, reason="there is no node on this machine")
@pytest.mark.skipif(
    not Path(MODULES, "bitfinex-api-node").is_dir() or not MODULES,
    reason="BFXAPI_NODE_MODULES names no folder that holds bitfinex-api-node",
)
@pytest.mark.parametrize("config", [{"checksum_interval": 0.05, "symbols": SYMBOLS}], indirect=True)
async def test_the_official_node_client_trades_here(wire: Wire) -> None:
    there = wire.simulator
    process = await asyncio.create_subprocess_exec(
        NODE,
        *[str(SCRIPT), MODULES, there.rest_url, there.ws_url, KEY, SECRET, there.url],
        stdout=-1,
        stderr=-1,
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), 30)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, err.decode()
    said = Seen.read(out.decode())
    over_rest(said["rest"])
    over_socket(said["socket"])


def over_rest(rest: Seen) -> None:
    assert [rest["platform"], rest["submitted"]] == [[1], ["tBTCUSD", "ACTIVE", 20000]]
    assert [rest["updated"], rest["cancelled"]] == ["SUCCESS", "SUCCESS"]
    assert rest["active"] == [[True, 20100, "EXCHANGE LIMIT"]]
    assert [rest["legs"], rest["ended"]] == [["EXCHANGE LIMIT", "EXCHANGE STOP"], 2]
    assert rest["multi"] == [["on-req", "SUCCESS"], ["oc_multi-req", "SUCCESS"]]
    assert rest["history"] == ["EXECUTED"] * 2 + ["CANCELED"] * 4
    assert "10001: Invalid order: not enough exchange balance" in rest["refusal"]
    assert [rest["book"], rest["candles"], rest["past"], rest["stats"]] == [50, 7, 3, 2]
    assert [rest["derivatives"], rest["futures"]] == [["tBTCF0:USTF0"], ["BTCF0:USTF0"]]
    assert [rest["ordersById"], rest["orderTrades"], rest["accountTrades"]] == [1, 1, 2]
    assert [rest["positions"], rest["user"]] == [[["tBTCUSD", rest["positions"][0][1], 0]], 269312]


def over_socket(socket: Seen) -> None:
    assert socket["errors"] == []
    assert {"orders", "te", "tu", "ticker", "trades", "margin", "wallets"} <= {
        str(name) for name in socket["told"]
    }
    assert int(socket["checks"]) >= 3
    assert int(socket["rawChecks"]) >= 2
    assert [socket["book"], socket["candles"]] == [[25, 25, True], 240]
    assert [socket["updated"], socket["wallet"]] == [20200, True]
