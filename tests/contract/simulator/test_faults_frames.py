"""Faults of frames and connections: what a client must live through."""

import asyncio

import aiohttp
import pytest

from tests.contract.simulator.client import Socket, Wire, kinds
from tests.contract.simulator.seen import Seen

LIMIT = {"type": "EXCHANGE LIMIT", "symbol": "tBTCUSD", "amount": "0.1", "price": "20000"}
SEQUENCES, CHECKSUMS = 65_536, 131_072


async def reachable(wire: Wire) -> bool:
    try:
        await wire.state()
    except aiohttp.ClientError:
        return False
    return True


async def test_a_number_is_missing_from_the_sequence(wire: Wire) -> None:
    trader = await wire.trader()
    await trader.send({"event": "conf", "flags": SEQUENCES})
    await trader.event("conf")
    assert (await trader.placed(2, **LIMIT))[1][3:] == [1, 1]
    await wire.control("fault", kind="sequence_gap", where="on")
    assert (await trader.placed(2, **LIMIT))[1][3:] == [3, 3]
    await wire.control("fault", kind="lost_frame", where="on")
    await trader.order(**LIMIT)
    await trader.order(**LIMIT)
    assert [frame[3:].value for frame in await trader.account_frames(3)][-1] == [5, 5]


async def test_a_checksum_is_wrong_once(wire: Wire) -> None:
    socket = await wire.connect()
    await socket.send({"event": "conf", "flags": CHECKSUMS})
    book = {"event": "subscribe", "channel": "book", "symbol": "tBTCUSD"}
    await socket.send(book)
    right = await socket.until(lambda one: not one.is_event and one[1] == "cs")
    await wire.control("fault", kind="wrong_checksum", where="book")
    again = await wire.connect()
    await again.send({"event": "conf", "flags": CHECKSUMS})
    await again.send(book)
    wrong = await again.until(lambda one: not one.is_event and one[1] == "cs")
    assert int(wrong[2]) == int(right[2]) ^ 1
    assert (await wire.state())["faults"] == []


async def test_frames_nobody_has_heard_of(wire: Wire) -> None:
    trader = await wire.trader()
    await wire.control("fault", kind="unknown_frame", where="on")
    await wire.control("fault", kind="garbage", where="oc")
    await trader.order(**LIMIT)
    assert (await trader.event("novelty"))["chanId"] == 0
    assert kinds(await trader.account_frames(2)) == ["zz", "on"]
    await trader.send([0, "oc_multi", None, {"all": 1}])
    await trader.frame(0)
    broken = await trader.raw.receive(timeout=5)
    assert broken.data == '[0,"te",['
    assert (await trader.frame(0))[1] == "oc"


async def test_rows_of_other_years(wire: Wire) -> None:
    trader = await wire.trader()
    await wire.control("fault", kind="short_rows", where="on")
    note, on = await trader.placed(2, **LIMIT)
    assert [len(note[2][4]), len(on[2])] == [32, 26]
    await wire.control("fault", kind="long_rows", where="r/orders")
    assert len((await wire.post("auth/r/orders"))[1][0]) == 35
    await wire.control("fault", kind="short_rows", count=3)
    lengths = [
        len((await wire.post(path))[1][0])
        for path in ("auth/r/orders", "auth/r/wallets", "auth/r/wallets", "auth/r/wallets")
    ]
    assert lengths == [26, 5, 5, 7]


async def test_the_exchange_asks_to_come_back(wire: Wire) -> None:
    trader, other = await wire.trader(), await wire.trader()
    await wire.control("fault", kind="reconnect", where="on")
    await wire.control("fault", kind="close", where="on", code=1012)
    await trader.order(**LIMIT)
    assert (await trader.event("info"))["code"] == 20051
    assert await trader.ended()
    assert trader.raw.close_code == 1012
    assert kinds(await other.account_frames(2)) == ["n", "on"]
    assert (await wire.control("drop", reconnect=True, code=1001))["closed"] == 1
    assert (await other.event("info"))["code"] == 20051
    assert await other.ended()


async def test_maintenance_ends_by_itself(wire: Wire) -> None:
    trader = await wire.trader()
    await wire.control("maintenance", on=True, seconds=0.05)
    assert (await trader.event("info"))["code"] == 20060
    assert (await trader.event("info"))["code"] == 20061
    assert kinds(await trader.placed(2, **LIMIT)) == ["n", "on"]


async def test_the_handshake_is_refused_for_a_time(wire: Wire) -> None:
    await wire.control("fault", kind="429", where="/ws/2", count=2, retry_after=7)
    for _ in range(2):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await wire.connect()
        assert refused.value.status == 429
        assert refused.value.headers is not None
        assert refused.value.headers["retry-after"] == "7"
    await wire.control("fault", kind="html", where="/ws/2", status=520)
    with pytest.raises(aiohttp.WSServerHandshakeError) as edge:
        await wire.connect()
    assert edge.value.status == 520
    await wire.connect()


async def test_the_port_is_closed_for_a_time(wire: Wire) -> None:
    trader = await wire.trader()
    await wire.control("drop", refuse=0.2)
    assert await trader.ended()
    async with asyncio.timeout(5):
        while await reachable(wire):
            pass
        while not await reachable(wire):
            pass
    assert kinds(await (await wire.trader()).placed(2, **LIMIT)) == ["n", "on"]


async def test_answers_say_what_they_are_told_to(wire: Wire) -> None:
    await wire.control("fault", kind="429", code=11010, where="wallets")
    status, body = await wire.post("auth/r/wallets")
    assert [status, body] == [429, ["error", 11010, "ratelimit: error"]]
    await wire.control("fault", kind="error", code=20060, text="maintenance", status=503)
    status, body = await wire.post("auth/r/wallets")
    assert [status, body] == [503, ["error", 20060, "maintenance"]]
    await wire.control("fault", kind="error", text="ERR_WRONG_AMOUNT")
    status, body = await wire.post("auth/r/wallets")
    assert [status, body] == [500, ["error", None, "ERR_WRONG_AMOUNT"]]
    await wire.control("fault", kind="500", lasts=30)
    for _ in range(3):
        assert (await wire.post("auth/r/wallets"))[0] == 503
    await wire.control("fault", clear=True)
    assert (await wire.post("auth/r/wallets"))[0] == 200


async def test_signing_in_fails_as_scripted(wire: Wire) -> None:
    socket = await wire.connect()
    await wire.control("fault", kind="auth_failed", code=10114, text="nonce: small")
    failed = await socket.sign_in()
    assert [failed["status"], failed["code"], failed["msg"]] == ["FAILED", 10114, "nonce: small"]
    assert (await socket.sign_in())["status"] == "OK"


async def test_subscriptions_are_refused_or_forgotten(wire: Wire) -> None:
    socket = await wire.connect()
    ticker = {"event": "subscribe", "channel": "ticker", "symbol": "tBTCUSD"}
    await wire.control("fault", kind="refuse_subscribe", where="ticker", code=10305)
    await wire.control("fault", kind="ignore_subscribe", where="ticker")
    for _ in range(3):
        await socket.send(ticker)
    assert (await socket.event("error"))["code"] == 10305
    assert (await socket.event("subscribed"))["channel"] == "ticker"


async def test_limits_are_switched_on_and_off(wire: Wire) -> None:
    await wire.control("limits", on=True)
    answers = [(await wire.get("trades/tBTCUSD/hist?limit=1"))[0] for _ in range(16)]
    assert answers[-1] == 429
    trader, order = await wire.trader(), {"symbol": "tBTCUSD", "type": "EXCHANGE LIMIT"}
    operations = [["on", {**order, "amount": "0.00001", "price": "20000"}]] * 72
    for _ in range(14):
        await trader.send([0, "ox_multi", None, operations])
    refused = [str(frame[2][7]) for frame in await trader.account_frames(14 * 72)]
    assert refused[999] == "Invalid order: minimum size for BTCUSD is 0.00004"
    assert refused[1_000:] == ["ratelimit: error"] * 8
    await wire.control("limits", on=False)
    assert (await wire.get("trades/tBTCUSD/hist?limit=1"))[0] == 200


async def until_quiet(trader: Socket) -> list[Seen]:
    """The frames of the account up to the answer of a ping."""
    await trader.send({"event": "ping", "cid": 1})
    found: list[Seen] = []
    while not (frame := await trader.receive()).is_event:
        found.append(frame)
    return found


@pytest.mark.parametrize("config", [{"shuffle": True, "seed": 4}], indirect=True)
async def test_a_shuffling_exchange_keeps_each_kind_in_order(wire: Wire) -> None:
    trader = await wire.trader()
    orders, early = set[tuple[str, ...]](), 0
    for _ in range(8):
        await trader.order(type="MARKET", amount="0.001", price="0")
        frames = await until_quiet(trader)
        told = [str(kind) for kind in kinds(frames)]
        assert told.index("te") < told.index("tu")
        assert [str(frame[2][0]) for frame in frames if frame[1] == "miu"] == ["base", "sym"]
        orders.add(tuple(told))
        early += "on" in told
    assert early == 4
    assert len(orders) > 4


async def test_one_channel_falls_mute_and_the_others_go_on(wire: Wire) -> None:
    socket = await wire.connect()
    await socket.send({"event": "conf", "flags": SEQUENCES})
    numbers: list[object] = []
    for channel in ("ticker", "trades"):
        await socket.send({"event": "subscribe", "channel": channel, "symbol": "tBTCUSD"})
        numbers.append((await socket.event("subscribed"))["chanId"])
        await socket.frame(numbers[-1])
    await wire.control("fault", kind="mute", where="ticker", lasts=60)
    await wire.control("price", symbol="tBTCUSD", price="30500")
    told = [await socket.receive() for _ in range(2)]
    assert [[frame[0], frame[1], frame[3]] for frame in told] == [
        [numbers[1], "te", 3],
        [numbers[1], "tu", 4],
    ]
    await wire.control("fault", kind="500")
    await wire.connect()
    assert (await wire.get("platform/status"))[0] == 503


async def test_an_order_over_the_socket_is_refused_as_scripted(wire: Wire) -> None:
    trader = await wire.trader()
    await wire.control("fault", kind="refuse", where="on", code=11010, text="ratelimit: error")
    (note,) = await trader.placed(1, **LIMIT, cid=8)
    assert [note[2][1], note[2][5], note[2][6], note[2][7]] == [
        "on-req",
        11010,
        "ERROR",
        "ratelimit: error",
    ]
    assert [note[2][4][0], note[2][4][2]] == [None, 8]
    assert kinds(await trader.placed(2, **LIMIT)) == ["n", "on"]


async def test_the_exchange_ends_an_order_for_reasons_of_its_own(wire: Wire) -> None:
    trader = await wire.trader()
    row = (await trader.placed(2, **LIMIT))[1][2]
    await wire.control("end", id=row[0], status="INSUFFICIENT BALANCE (U1)")
    (told,) = await trader.account_frames(1)
    assert [told[1], told[2][0], told[2][13]] == ["oc", row[0], "INSUFFICIENT BALANCE (U1)"]
    assert (await wire.state())["orders"] == []


async def test_a_late_answer_belongs_to_an_order_that_is_there(wire: Wire) -> None:
    await wire.control("fault", kind="late_answer", where="order/submit", seconds=30)
    waiting = asyncio.create_task(wire.post("auth/w/order/submit", LIMIT))
    async with asyncio.timeout(5):
        while not (await wire.state())["orders"]:
            pass
    assert not waiting.done()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_cancellation_can_be_cut_off_in_flight(wire: Wire) -> None:
    trader = await wire.trader()
    row = (await trader.placed(2, **LIMIT))[1][2]
    await wire.control("fault", kind="drop_before_ack", where="oc-req")
    market = {"type": "EXCHANGE MARKET", "symbol": "tBTCUSD", "amount": "0.001"}
    assert "oc" in kinds(await trader.placed(6, **market))
    await trader.send([0, "oc", None, {"id": row[0]}])
    assert await trader.ended()
    assert (await wire.state())["orders"] == []
    assert [str(one[13]) for one in (await wire.state())["history"]][-1] == "CANCELED"
