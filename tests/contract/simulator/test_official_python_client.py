"""The exchange's official Python client, used as it is against the simulator."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.contract.simulator.client import KEY, SECRET, Wire
from tests.contract.simulator.seen import Seen

INTERPRETER = os.environ.get("BFXAPI_PYTHON", "")
SCRIPT = Path(__file__).with_name("official_python_client.py")


@pytest.mark.skipif(
    not INTERPRETER, reason="BFXAPI_PYTHON names no interpreter that has bitfinex-api-py"
)
@pytest.mark.parametrize(
    "config", [{"symbols": ("tBTCUSD", "tETHUSD", "tBTCF0:USTF0")}], indirect=True
)
async def test_the_official_client_trades_here(wire: Wire) -> None:
    urls = wire.simulator.rest_url, wire.simulator.ws_url
    process = await asyncio.create_subprocess_exec(
        INTERPRETER, str(SCRIPT), *urls, KEY, SECRET, stdout=-1, stderr=-1
    )
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, err.decode()
    said = Seen.read(out.decode())

    rest = said["rest"]
    assert rest["submitted"] == ["on-req", "SUCCESS", "Submitting 1 orders.", 77]
    assert rest["cancelled"] == ["SUCCESS", "ACTIVE"]
    assert rest["many"] == ["Submitting 2 order cancellations.", 2]
    assert rest["positions"][0][0] == "tETHUSD"
    assert [rest["book"], rest["candles"]] == [50, 10]
    assert "not enough exchange balance" in rest["refusal"]
    assert rest["claimed"] == ["pm-req", "SUCCESS", "tETHUSD"]
    assert [rest["tickers_history"], rest["stats"], rest["by_id"]] == [3, 4, 1]
    assert [rest["derivatives"], rest["derivatives_then"]] == [["tBTCF0:USTF0"], 2]
    assert [rest["increase"], rest["moved"]] == ["USD", "SUCCESS"]
    heard = {str(name) for name in said["websocket"]}
    assert {"authenticated", "order_new", "order_cancel", "t_book_snapshot"} <= heard
    assert {"wallet_update", "trade_execution_update", "base_margin_info"} <= heard
