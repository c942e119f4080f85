"""Everything that can be made to go wrong, and what is true afterwards."""

import aiohttp
import pytest

from tests.contract.simulator.client import Socket, Wire, kinds

LIMIT = {"type": "EXCHANGE LIMIT", "symbol": "tBTCUSD", "amount": "0.1", "price": "20000", "cid": 5}


async def orders(wire: Wire) -> int:
    return len((await wire.state())["orders"])


@pytest.mark.parametrize(
    ("kind", "left"),
    [("drop_before_processing", 0), ("drop_before_ack", 1), ("drop_after_ack", 1)],
)
async def test_a_socket_drops_around_an_order(wire: Wire, kind: str, left: int) -> None:
    trader = await wire.trader()
    await wire.control("fault", kind=kind, where="on")
    await trader.order(**LIMIT)
    if kind == "drop_after_ack":
        (note,) = await trader.account_frames(1)
        assert note[2][6] == "SUCCESS"
    assert await trader.ended()
    assert await orders(wire) == left
    again = await wire.trader()
    assert kinds(await again.placed(2, **LIMIT)) == ["n", "on"]
    attempts = (await wire.state())["attempts"]
    assert attempts["5"] == left + 1


async def test_a_lost_answer_still_places_the_order(wire: Wire) -> None:
    await wire.control("fault", kind="lost_answer", where="order/submit")
    with pytest.raises(aiohttp.ClientError):
        await wire.post("auth/w/order/submit", LIMIT)
    assert await orders(wire) == 1


async def test_a_dropped_request_places_nothing(wire: Wire) -> None:
    await wire.control("fault", kind="drop_before_processing", where="order/submit")
    with pytest.raises(aiohttp.ClientError):
        await wire.post("auth/w/order/submit", LIMIT)
    assert await orders(wire) == 0


async def test_edge_answers_come_as_often_as_scripted(wire: Wire) -> None:
    await wire.control("fault", kind="429", count=2, where="wallets")
    for _ in range(2):
        status, body = await wire.post("auth/r/wallets")
        assert [status, body] == [429, {"error": "ERR_RATE_LIMIT"}]
    await wire.control("fault", kind="500")
    assert (await wire.get("platform/status"))[0] == 503
    await wire.control("fault", kind="html")
    assert (await wire.text("platform/status")).startswith("<!DOCTYPE html>")
    await wire.control("fault", kind="nonce_small")
    assert (await wire.post("auth/r/wallets"))[1] == ["error", 10114, "nonce: small."]
    assert (await wire.post("auth/r/wallets"))[0] == 200
    assert (await wire.state())["faults"] == []


async def test_frames_double_shuffle_and_wait(wire: Wire) -> None:
    trader = await wire.trader()
    await wire.control("fault", kind="duplicate")
    assert kinds(await trader.placed(4, **LIMIT)) == ["n", "n", "on", "on"]
    await wire.control("fault", kind="shuffle")
    market = {"type": "EXCHANGE MARKET", "amount": "0.001", "price": "0"}
    shuffled = kinds(await trader.placed(6, **market))
    assert sorted(map(str, shuffled)) == ["n", "oc", "te", "tu", "wu", "wu"]
    assert shuffled != ["n", "oc", "te", "tu", "wu", "wu"]
    await wire.control("fault", kind="delay", seconds=0.1)
    await trader.order(**LIMIT)
    await trader.send({"event": "ping", "cid": 1})
    assert (await trader.receive())["event"] == "pong"
    assert kinds(await trader.account_frames(2)) == ["n", "on"]


async def test_a_silent_socket_stays_open_and_says_nothing(wire: Wire) -> None:
    trader, witness = await wire.trader(), await wire.trader()
    await wire.control("drop", silent=True)
    await trader.order(**LIMIT)
    with pytest.raises(TimeoutError):
        await trader.receive(0.1)
    assert not trader.raw.closed
    with pytest.raises(TimeoutError):
        await witness.receive(0.05)
    assert await orders(wire) == 1


async def test_drop_cuts_every_socket(wire: Wire) -> None:
    sockets: list[Socket] = [await wire.connect(), await wire.trader()]
    assert (await wire.control("drop"))["dropped"] == 2
    for socket in sockets:
        assert await socket.ended()


async def test_maintenance_closes_trading_and_opens_it_again(wire: Wire) -> None:
    trader = await wire.trader()
    await wire.control("maintenance", on=True)
    assert (await trader.event("info"))["code"] == 20060
    assert (await wire.get("platform/status"))[1] == [0]
    refused = await wire.post("auth/w/order/submit", LIMIT)
    assert refused[1] == ["error", 20060, "maintenance"]
    (note,) = await trader.placed(1, **LIMIT)
    assert [note[2][5], note[2][6]] == [20060, "ERROR"]
    await wire.control("maintenance", on=False)
    assert (await trader.event("info"))["code"] == 20061
    assert kinds(await trader.placed(2, **LIMIT)) == ["n", "on"]


@pytest.mark.parametrize("config", [{"rate_limits": True, "connect_limit": 3}], indirect=True)
async def test_limits_bite_where_they_are_switched_on(wire: Wire) -> None:
    answers = [(await wire.get("trades/tBTCUSD/hist?limit=1"))[0] for _ in range(16)]
    assert answers == [200] * 15 + [429]
    assert (await wire.get("ticker/tBTCUSD"))[0] == 200
    for _ in range(3):
        await wire.connect()
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await wire.connect()
    assert refused.value.status == 429


async def test_balances_and_bad_controls(wire: Wire) -> None:
    trader = await wire.trader()
    await wire.control("balance", currency="USD", amount="12.5")
    (told,) = await trader.account_frames(1)
    assert [told[1], told[2][1], str(told[2][2])] == ["wu", "USD", "12.5"]
    url = wire.simulator.url
    for path, body in [
        ("fault", '{"kind":"hope"}'),
        ("price", '{"symbol":"tBTCUSD","price":"-1"}'),
    ]:
        async with wire.session.post(f"{url}/control/{path}", data=body) as answer:
            assert answer.status == 400
            assert "error" in await answer.json()


@pytest.mark.parametrize(
    "config", [{"feed_paused": False, "clock_start": 1_790_000_000_000}], indirect=True
)
async def test_a_day_passes_when_the_clock_is_told_to(wire: Wire) -> None:
    before = await wire.state()
    assert before["now"] == 1_790_000_000_000
    await wire.control("clock", advance=7_200)
    after = await wire.state()
    assert int(after["now"]) - int(before["now"]) == 7_200_000
    candles = (await wire.get("candles/trade:1h:tBTCUSD/hist?limit=2"))[1]
    assert int(candles[0][0]) == 1_790_000_000_000 // 3_600_000 * 3_600_000 + 7_200_000
    assert int(after["place"]) - int(before["place"]) == 7_200_000


@pytest.mark.parametrize("config", [{"feed_paused": False, "speed": 600.0}], indirect=True)
async def test_a_held_symbol_stands_still_while_others_move(wire: Wire) -> None:
    await wire.control("price", symbol="tBTCUSD", price="31000", hold=True)
    first = int((await wire.state())["place"])
    while int((await wire.state())["place"]) < first + 300_000:
        pass
    assert (await wire.state())["prices"]["tBTCUSD"] == 31000
    await wire.control("price", symbol="tBTCUSD", hold=False)
    while (await wire.state())["prices"]["tBTCUSD"] == 31000:
        pass
    assert abs(float(str((await wire.state())["prices"]["tBTCUSD"])) - 31000) < 600
