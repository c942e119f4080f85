"""Private REST: signatures, nonces, permissions, and the rows it answers with."""

from decimal import Decimal

import pytest

from tests.contract.simulator.client import Wire

LIMIT = {"type": "EXCHANGE LIMIT", "symbol": "tBTCUSD", "amount": "0.1", "price": "20000"}


async def test_no_body_and_an_empty_object_are_both_signed_calls(wire: Wire) -> None:
    for raw in ("", "{}", ' {"all" : 1} '):
        status, wallets = await wire.post("auth/r/wallets", raw=raw)
        assert status == 200
        assert wallets[0] == ["exchange", "USD", 100000, 0, 100000, None, None]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"key": "nobody"}, [10100, "apikey: invalid"]),
        ({"secret": "wrong"}, [10100, "apikey: digest invalid"]),
        ({"nonce": "12x"}, [10100, "nonce: invalid"]),
        ({"nonce": 2**53}, [10100, "nonce: invalid"]),
        ({"nonce": 1}, [10114, "nonce: small."]),
    ],
)
async def test_a_wrong_signature_is_named(
    wire: Wire, change: dict[str, object], refusal: list[object]
) -> None:
    await wire.post("auth/r/wallets")
    status, body = await wire.post("auth/r/wallets", raw="{}", **change)  # type: ignore[arg-type] # one of several keywords
    assert [status, body] == [500, ["error", *refusal]]


async def test_rest_and_websocket_share_one_nonce_per_key(wire: Wire) -> None:
    nonce = 9_007_199_254_740_000
    assert (await wire.post("auth/r/wallets", nonce=nonce))[0] == 200
    socket = await wire.connect()
    failed = await socket.sign_in(nonce=nonce)
    assert [failed["status"], failed["code"], failed["msg"]] == ["FAILED", 10114, "nonce: small."]
    assert (await socket.sign_in(nonce=nonce + 1))["status"] == "OK"
    assert (await wire.post("auth/r/wallets", nonce=nonce + 1))[1][1] == 10114


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"amount": "1e999"}, [10001, "amount: invalid"]),
        ({"amount": "NaN"}, [10001, "amount: invalid"]),
        ({"amount": "0"}, [10001, "amount: invalid"]),
        ({"amount": "0.000000001"}, [10001, "amount: invalid"]),
        ({"amount": "\u0661"}, [10001, "amount: invalid"]),
        ({"price": "-5"}, [10001, "price: invalid"]),
        ({"price": None}, [10001, "price: invalid"]),
        ({"type": "EXCHANGE HOPE"}, [10001, "type: invalid"]),
        ({"symbol": "tNOPEUSD"}, [10020, "symbol: invalid"]),
        ({"symbol": "BTCUSD"}, [10020, "symbol: invalid"]),
        ({"cid": 2**45}, [10020, "cid: invalid"]),
        ({"flags": 1}, [10020, "flags: invalid"]),
        ({"tif": "yesterday"}, [10020, "tif: invalid"]),
        ({"amount": "0.00001"}, [10001, "Invalid order: minimum size for BTCUSD is 0.00004"]),
        ({"amount": "5000"}, [10001, "Invalid order: maximum size for BTCUSD is 2000"]),
    ],
)
async def test_a_bad_order_is_refused_and_leaves_nothing(
    wire: Wire, fields: dict[str, object], refusal: list[object]
) -> None:
    status, body = await wire.post("auth/w/order/submit", {**LIMIT, **fields})
    assert [status, body] == [500, ["error", *refusal]]
    assert (await wire.post("auth/r/orders"))[1] == []


async def test_submit_answers_with_seconds_and_a_list_of_orders(wire: Wire) -> None:
    status, note = await wire.post(
        "auth/w/order/submit", {**LIMIT, "cid": 9, "meta": {"aff_code": "x"}}
    )
    assert [status, len(note), note[1], note[6], note[7]] == [
        200,
        8,
        "on-req",
        "SUCCESS",
        "Submitting 1 orders.",
    ]
    assert int(note[0]) < 10_000_000_000
    row = note[4][0]
    assert [len(row), row[2], row[13], row[31]] == [32, 9, "ACTIVE", {"aff_code": "x"}]


async def test_orders_are_found_by_id_symbol_group_and_cid(wire: Wire) -> None:
    first = (await wire.post("auth/w/order/submit", {**LIMIT, "gid": 1, "cid": 11}))[1][4][0]
    other = {**LIMIT, "symbol": "tETHUSD", "price": "1000", "gid": 2, "cid": 12}
    second = (await wire.post("auth/w/order/submit", other))[1][4][0]

    async def ids(path: str, **body: object) -> list[object]:
        return [row[0].value for row in (await wire.post(path, body))[1]]

    assert await ids("auth/r/orders") == [second[0].value, first[0].value]
    assert await ids("auth/r/orders/tBTCUSD") == [first[0].value]
    assert await ids("auth/r/orders", id=[first[0]]) == [first[0].value]
    assert await ids("auth/r/orders", gid=2) == [second[0].value]
    assert await ids("auth/r/orders", cid=12) == [second[0].value]


async def test_update_cancel_and_multi_over_rest(wire: Wire) -> None:
    row = (await wire.post("auth/w/order/submit", LIMIT))[1][4][0]
    updated = (await wire.post("auth/w/order/update", {"id": row[0], "price": "21000"}))[1]
    assert [updated[1], updated[4][16]] == ["ou-req", 20000]
    cancelled = (await wire.post("auth/w/order/cancel", {"id": row[0]}))[1]
    assert [cancelled[1], cancelled[4][13], cancelled[4][16]] == ["oc-req", "ACTIVE", 21000]
    gone = await wire.post("auth/w/order/cancel", {"id": row[0]})
    assert [gone[0], gone[1]] == [500, ["error", 10001, "Order not found."]]

    operations = [
        ["on", {**LIMIT, "gid": 4}],
        ["on", {**LIMIT, "amount": "x"}],
        ["oc_multi", {"gid": [4]}],
    ]
    done = (await wire.post("auth/w/order/multi", {"ops": operations}))[1]
    assert [done[1], done[6]] == ["ox_multi-req", "SUCCESS"]
    assert [(str(one[1]), str(one[6])) for one in done[4]] == [
        ("on-req", "SUCCESS"),
        ("on-req", "ERROR"),
        ("oc_multi-req", "SUCCESS"),
    ]
    assert len((await wire.post("auth/r/orders"))[1]) == 0
    too_many = await wire.post("auth/w/order/multi", {"ops": operations * 26})
    assert too_many[1] == ["error", 10020, "ops: invalid"]


async def test_history_trades_and_ledgers_tell_the_same_story(wire: Wire) -> None:
    market = {**LIMIT, "type": "EXCHANGE MARKET", "amount": "0.001", "price": "0"}
    row = (await wire.post("auth/w/order/submit", market))[1][4][0]
    history = (await wire.post("auth/r/orders/hist"))[1]
    assert [history[0][0], history[0][13]] == [row[0], "EXECUTED @ 30001.0(0.001)"]
    trade = (await wire.post("auth/r/trades/hist"))[1][0]
    assert [len(trade), trade[3], trade[9], trade[10]] == [12, row[0], Decimal("-0.000002"), "BTC"]
    of_order = (await wire.post(f"auth/r/order/tBTCUSD:{row[0]}/trades"))[1]
    assert [of_order[0][0], of_order[0][6], of_order[0][7]] == [trade[0], None, None]
    ledgers = (await wire.post("auth/r/ledgers/BTC/hist"))[1]
    assert [[str(one[5]), len(one)] for one in ledgers] == [["-0.000002", 9], ["0.001", 9]]
    assert ledgers[0][6] == Decimal("2.000998")


async def test_margin_summary_permissions_and_what_can_be_bought(wire: Wire) -> None:
    base = (await wire.post("auth/r/info/margin/base"))[1]
    assert base == ["base", [0, 0, 50000, 50000, 0]]
    symbol = (await wire.post("auth/r/info/margin/tBTCUSD"))[1]
    assert [symbol[0], symbol[1], symbol[2][0], len(symbol[2])] == ["sym", "tBTCUSD", 50000, 8]
    assert len((await wire.post("auth/r/info/margin/sym_all"))[1]) == 4
    fees = (await wire.post("auth/r/summary"))[1]
    assert [fees[4][0][0], fees[4][1][0], len(fees)] == [Decimal("0.001"), Decimal("0.002"), 10]
    assert (await wire.post("auth/r/permissions"))[1][2] == ["orders", 1, 1]
    asked = {"symbol": "tBTCUSD", "dir": -1, "rate": "30000", "type": "EXCHANGE"}
    assert (await wire.post("auth/calc/order/avail", asked))[1] == [-2]
    assert len((await wire.post("auth/r/info/user"))[1]) == 55


@pytest.mark.parametrize(
    "config",
    [{"keys": {"all": "s1", "watch": "s2"}, "read_only": ["watch"]}],
    indirect=True,
)
async def test_a_read_only_key_may_look_but_not_touch(wire: Wire) -> None:
    assert (await wire.post("auth/r/wallets", key="watch", secret="s2"))[0] == 200
    status, body = await wire.post("auth/w/order/submit", LIMIT, key="watch", secret="s2")
    assert [status, body] == [500, ["error", 10001, "api_key: permission invalid"]]
    watcher = await wire.trader("watch", "s2")
    (note,) = await watcher.placed(1, type="EXCHANGE LIMIT", amount="0.1", price="20000")
    assert [note[2][6], note[2][7]] == ["ERROR", "api_key: permission invalid"]
    assert (await wire.post("auth/w/order/submit", LIMIT, key="all", secret="s1"))[0] == 200
    assert [frame[1] for frame in await watcher.account_frames(2)] == ["n", "on"]


@pytest.mark.parametrize(
    "config",
    [{"keys": {"real": "s1", "paper": "s2"}, "paper": ["paper"], "accounts": {"paper": "paper"}}],
    indirect=True,
)
async def test_a_paper_key_trades_paper_only(wire: Wire) -> None:
    refused = await wire.post("auth/w/order/submit", LIMIT, key="paper", secret="s2")
    assert refused[1] == ["error", 10001, "trading: invalid symbol (paper)"]
    paper = {**LIMIT, "symbol": "tTESTBTC:TESTUSD"}
    assert (await wire.post("auth/w/order/submit", paper, key="paper", secret="s2"))[0] == 200
    assert (await wire.post("auth/r/orders", key="real", secret="s1"))[1] == []
