"""Channel 0: signing in, snapshots, calc, filters, multi operations, the dead-man switch."""

import pytest

from tests.contract.simulator.client import KEY, Wire, kinds


async def test_signing_in_is_followed_by_snapshots(wire: Wire) -> None:
    await (await wire.trader()).placed(9, type="MARKET", amount="0.001", price="0")
    socket = await wire.connect()
    welcome = await socket.sign_in()
    assert [welcome["status"], welcome["chanId"], welcome["userId"]] == ["OK", 0, 269312]
    assert welcome["caps"]["orders"] == {"read": 1, "write": 1}
    frames = await socket.account_frames(8)
    assert kinds(frames) == ["ps", "ws", "os", "fos", "fcs", "fls", "miu", "bu"]
    assert [len(frames[0][2][0]), len(frames[1][2][0])] == [20, 7]
    assert frames[1][2][0] == ["exchange", "USD", 100000, 0, None, None, None]
    assert [frames[6][2][0], len(frames[6][2][1]), len(frames[7][2])] == ["base", 5, 2]


async def test_a_wrong_secret_fails_and_leaves_the_socket_open(wire: Wire) -> None:
    socket = await wire.connect()
    failed = await socket.sign_in(KEY, "wrong")
    assert failed == {
        "event": "auth",
        "status": "FAILED",
        "chanId": 0,
        "code": 10100,
        "msg": "apikey: digest invalid",
    }
    await socket.signed_in()
    again = await socket.sign_in()
    assert [again["status"], again["msg"]] == ["FAILED", "auth: dup"]


async def test_orders_before_signing_in_are_ignored(wire: Wire) -> None:
    socket = await wire.connect()
    await socket.order(type="EXCHANGE MARKET", amount="0.001", price="0")
    await socket.nothing_more()
    assert (await wire.state())["trades"] == []


async def test_calc_fills_in_what_the_snapshots_leave_out(wire: Wire) -> None:
    trader = await wire.trader()
    await trader.placed(2, type="EXCHANGE LIMIT", amount="0.1", price="20000")
    asked = [["wallet_exchange_USD"], ["margin_base"], ["margin_sym_tBTCUSD"], ["balance"]]
    await trader.send([0, "calc", None, [*asked, ["position_tBTCUSD"], ["funding_sym_fUSD"]]])
    wallet, base, symbol, balance = await trader.account_frames(4)
    assert [wallet[1], wallet[2][2], wallet[2][4]] == ["wu", 100000, 98000]
    assert [base[1], base[2][0], symbol[2][0], balance[1]] == ["miu", "base", "sym", "bu"]
    await trader.nothing_more()


async def test_filters_let_only_their_kind_through(wire: Wire) -> None:
    trader = await wire.trader()
    socket = await wire.connect()
    await socket.sign_in(filter=["wallet-exchange-BTC", "trading-tETHUSD"])
    assert kinds(await socket.account_frames(3)) == ["ps", "ws", "os"]
    await trader.placed(6, type="EXCHANGE MARKET", amount="0.001", price="0")
    (only,) = await socket.account_frames(1)
    assert only[2][:2] == ["exchange", "BTC"]
    await socket.nothing_more()


async def test_every_client_of_a_user_hears_the_same(wire: Wire) -> None:
    first, second = await wire.trader(), await wire.trader()
    await first.order(type="EXCHANGE MARKET", amount="0.001", price="0")
    heard = [await one.account_frames(6) for one in (first, second)]
    assert [str(frame) for frame in heard[0]] == [str(frame) for frame in heard[1]]
    await first.send([0, "n", None, {"type": "ucm-test", "info": {"a": 1}}])
    (echoed,) = await second.account_frames(1)
    assert [echoed[1], echoed[2][1], echoed[2][4]] == ["n", "ucm-test", {"a": 1}]


async def test_multi_operations_run_in_order(wire: Wire) -> None:
    trader = await wire.trader()
    order = {"symbol": "tBTCUSD", "type": "EXCHANGE LIMIT", "amount": "0.1", "price": "20000"}
    operations = [
        ["on", {**order, "gid": 8}],
        ["on", {**order, "gid": 8}],
        ["oc_multi", {"gid": [8]}],
    ]
    await trader.send([0, "ox_multi", None, operations])
    frames = await trader.account_frames(7)
    assert kinds(frames) == ["n", "on", "n", "on", "n", "oc", "oc"]


async def test_the_dead_mans_switch_cancels_every_order(wire: Wire) -> None:
    watcher = await wire.trader()
    holder = await wire.trader(dms=4)
    await holder.placed(2, type="EXCHANGE LIMIT", amount="0.1", price="20000")
    await holder.placed(2, type="EXCHANGE STOP", amount="-0.1", price="20000")
    await watcher.account_frames(4)
    await holder.raw.close()
    ended = await watcher.account_frames(2)
    assert [str(frame[2][13]) for frame in ended] == ["CANCELED", "CANCELED"]


async def test_without_it_orders_outlive_the_socket(wire: Wire) -> None:
    holder = await wire.trader()
    await holder.placed(2, type="EXCHANGE LIMIT", amount="0.1", price="20000")
    await holder.raw.close()
    socket = await wire.connect()
    await socket.sign_in()
    frames = await socket.account_frames(7)
    assert len(frames[2][2]) == 1


@pytest.mark.parametrize("payload", [None, 7, "x", [], [["on"]], {"id": "x"}, {"id": -1}])
async def test_odd_inputs_do_no_harm(wire: Wire, payload: object) -> None:
    trader = await wire.trader()
    for kind in ("on", "ou", "oc", "oc_multi", "ox_multi", "calc", "n", "fon", "nope"):
        await trader.send([0, kind, None, payload])
    await trader.send([0])
    await trader.send({"event": "ping", "cid": 1})
    assert (await trader.event("pong"))["cid"] == 1
