"""What may be asked of a resting order, of several at once, and how long they live."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.contract.simulator.client import Wire, kinds

LIMIT = {"type": "EXCHANGE LIMIT", "symbol": "tBTCUSD", "amount": "0.1", "price": "20000"}


async def test_an_update_changes_every_field_it_names(wire: Wire) -> None:
    trader = await wire.trader()
    row = (await trader.placed(2, **LIMIT, cid=31))[1][2]
    day = datetime.fromtimestamp(int(row[4]) / 1000, UTC).strftime("%Y-%m-%d")
    until = int((await wire.state())["now"]) + 3_600_000
    change = {"delta": "0.05", "gid": 9, "flags": 64, "tif": until, "lev": 5}
    await trader.send([0, "ou", None, {"cid": 31, "cid_date": day, **change}])
    note, changed = await trader.account_frames(2)
    assert [note[2][6], changed[1], changed[2][0]] == ["SUCCESS", "ou", row[0]]
    assert [changed[2][1], changed[2][6], changed[2][7]] == [9, Decimal("0.15"), Decimal("0.1")]
    assert [changed[2][10], changed[2][12], changed[2][24]] == [until, 64, 1]
    await wire.control("clock", advance_seconds=3_601)
    (ended,) = await trader.account_frames(1)
    assert [ended[1], ended[2][13]] == ["oc", "CANCELED"]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"amount": "-0.1"}, "amount: invalid"),
        ({"delta": "-0.1"}, "amount: invalid"),
        ({"price": "0"}, "price: invalid"),
        ({"lev": 0}, "lev: invalid"),
        ({"tif": "2001-01-01 00:00:00"}, "tif: invalid"),
    ],
)
async def test_an_update_that_makes_no_sense_is_refused(
    wire: Wire, change: dict[str, object], refusal: str
) -> None:
    row = (await wire.post("auth/w/order/submit", LIMIT))[1][4][0]
    status, body = await wire.post("auth/w/order/update", {"id": row[0], **change})
    assert [status, body[2]] == [500, refusal]
    assert (await wire.post("auth/r/orders"))[1][0][:14] == row[:14].value


async def test_a_changed_stop_fires_where_the_market_already_is(wire: Wire) -> None:
    trader = await wire.trader()
    stop = {"type": "EXCHANGE STOP", "symbol": "tBTCUSD", "amount": "-0.001"}
    row = (await trader.placed(2, **stop, price="29000"))[1][2]
    await trader.send([0, "ou", None, {"id": row[0], "price": "30100"}])
    frames = await trader.account_frames(7)
    assert kinds(frames) == ["n", "ou", "oc", "te", "tu", "wu", "wu"]


async def test_a_trailing_distance_can_be_changed(wire: Wire) -> None:
    trader = await wire.trader()
    trailing = {"type": "EXCHANGE TRAILING STOP", "amount": "-0.001", "price_trailing": "500"}
    row = (await trader.placed(2, **trailing))[1][2]
    await trader.send([0, "ou", None, {"id": row[0], "price_trailing": "900"}])
    changed = (await trader.account_frames(2))[1][2]
    assert [changed[16], changed[18]] == [29100, 900]


async def test_an_oco_in_the_margin_wallet_shares_its_group(wire: Wire) -> None:
    trader = await wire.trader()
    oco = {"type": "LIMIT", "amount": "0.01", "price": "29000", "flags": 16384, "gid": 12}
    note, limit, stop = await trader.placed(
        3, **oco, price_oco_stop="31000", cid=1, cid_oco=2, symbol="tBTCUSD"
    )
    assert [note[2][6], limit[2][8], stop[2][8]] == ["SUCCESS", "LIMIT", "STOP"]
    assert [limit[2][1], stop[2][1], limit[2][2], stop[2][2]] == [12, 12, 1, 2]
    assert stop[2][25] == limit[2][0]
    await trader.send([0, "oc_multi", None, {"gid": [12]}])
    assert kinds(await trader.account_frames(3)) == ["n", "oc", "oc"]


async def test_operations_pause_over_rest_and_socket(wire: Wire) -> None:
    trader = await wire.trader()
    operations = [["on", {**LIMIT, "gid": 3}], ["pause", 30], ["oc_multi", {"gid": [3]}]]
    status, done = await wire.post("auth/w/order/multi", {"ops": operations})
    assert [status, [str(one[1]) for one in done[4]]] == [200, ["on-req", "oc_multi-req"]]
    assert kinds(await trader.account_frames(4)) == ["n", "on", "n", "oc"]
    await trader.send([0, "ox_multi", None, operations])
    assert kinds(await trader.account_frames(4)) == ["n", "on", "n", "oc"]
    await trader.send([0, "ox_multi", None, operations * 26])
    (refused,) = await trader.account_frames(1)
    assert [refused[2][1], refused[2][6], refused[2][7]] == [
        "ox_multi-req",
        "ERROR",
        "ops: invalid",
    ]


@pytest.mark.parametrize(
    "config", [{"symbols": ("tBTCF0:USTF0",), "balances": {"margin:USTF0": 9_000}}], indirect=True
)
async def test_a_perpetual_is_traded_with_leverage(wire_without_spot: Wire) -> None:
    wire = wire_without_spot
    trader = await wire.trader()
    await wire.control("price", symbol="tBTCF0:USTF0", price="30000")
    order = {"symbol": "tBTCF0:USTF0", "amount": "0.001", "price": "0", "lev": 20}
    frames = await trader.placed(9, **{**order, "type": "MARKET"})
    assert kinds(frames) == ["n", "pn", "oc", "te", "tu", "wu", "miu", "miu", "pu"]
    assert [frames[1][2][15], frames[2][2][31]] == [1, {"$F33": 20, "lev": 20}]
    assert frames[4][2][10] == "USTF0"
    (refused,) = await trader.placed(1, **{**order, "type": "EXCHANGE MARKET"})
    assert refused[2][7] == "symbol: invalid"
    (row,) = (await wire.get("status/deriv?keys=ALL"))[1]
    assert [row[0], row[3], len(row)] == ["tBTCF0:USTF0", 30000, 24]
    conf = (await wire.get("conf/pub:list:pair:futures,pub:list:pair:exchange"))[1]
    assert conf == [["BTCF0:USTF0"], []]
    await trader.send({"event": "subscribe", "channel": "status", "key": "deriv:tBTCF0:USTF0"})
    told = await trader.event("subscribed")
    assert len((await trader.frame(told["chanId"]))[1]) == 23
