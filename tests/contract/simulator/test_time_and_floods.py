"""A day in a second, and forty thousand frames at once."""

import time
from decimal import Decimal

import pytest

from tests.contract.simulator.client import Socket, Wire

DAY_MS = 86_400_000
START = 1_790_000_000_000
FRAMES = 40_000


@pytest.mark.parametrize(
    "config",
    [{"feed_paused": False, "clock_start": START, "symbols": ("tBTCUSD",)}],
    indirect=True,
)
async def test_a_day_passes_with_everything_that_is_due_in_it(wire: Wire) -> None:
    trader, watcher = await wire.trader(), await wire.connect()
    key = "trade:1m:tBTCUSD"
    await watcher.send({"event": "subscribe", "channel": "candles", "key": key})
    channel = (await watcher.event("subscribed"))["chanId"]
    await watcher.frame(channel)
    limit = {"type": "EXCHANGE LIMIT", "amount": "0.1", "price": "1000"}
    await trader.order(**limit, tif=START + DAY_MS // 4)
    began = time.process_time()
    told = await wire.control("clock", to=START + DAY_MS)
    spent = time.process_time() - began
    assert told["now"] == START + DAY_MS
    assert spent < 6, f"{spent:.1f} s of CPU for a day of one symbol"

    ended = await trader.until(lambda one: not one.is_event and one[1] == "oc", 20)
    assert START + DAY_MS // 4 <= int(ended[2][5]) < START + DAY_MS // 4 + 120_000
    hist = (await wire.get(f"candles/{key}/hist?limit=10000&start={START}"))[1]
    newest = int(hist[0][0])
    minutes = [int(row[0]) for row in hist]
    assert 1_380 <= len(minutes) <= 1_441
    again = (await wire.get(f"candles/{key}/hist?limit=10000&start={START}&sort=1"))[1]
    assert [int(row[0]) for row in again] == minutes[::-1]
    seen: list[int] = []
    while newest not in seen:
        frame = await watcher.frame(channel)
        if frame[1] != "hb":
            seen.append(int(frame[1][0]))
    assert set(minutes) - set(seen) <= {minutes[-1]}
    assert seen == sorted(seen)
    hours = (await wire.get(f"tickers/hist?symbols=tBTCUSD&start={START}"))[1]
    assert 24 <= len(hours) <= 25


async def flood(socket: Socket, wire: Wire, **fields: object) -> list[str]:
    """Subscribe, let the burst come, and take every frame of it as it is."""
    await socket.send({"event": "conf", "flags": 65_536})
    await socket.send({"event": "subscribe", **fields})
    number = (await socket.event("subscribed"))["chanId"]
    await socket.frame(number)
    symbol = "tBTCUSD"
    told = await wire.control("burst", channel=fields["channel"], symbol=symbol, count=FRAMES)
    assert told["channels"] == 1
    return [(await socket.raw.receive(timeout=20)).data for _ in range(FRAMES)]


@pytest.mark.parametrize(
    "fields",
    [
        {"channel": "ticker", "symbol": "tBTCUSD"},
        {"channel": "book", "symbol": "tBTCUSD"},
        {"channel": "trades", "symbol": "tBTCUSD"},
        {"channel": "candles", "key": "trade:1m:tBTCUSD"},
    ],
)
async def test_a_burst_arrives_whole_and_numbered(wire: Wire, fields: dict[str, object]) -> None:
    socket = await wire.connect()
    began = time.process_time()
    frames = await flood(socket, wire, **fields)
    spent = time.process_time() - began
    numbers = [int(frame.rpartition(",")[2].removesuffix("]")) for frame in frames]
    assert numbers == list(range(numbers[0], numbers[0] + FRAMES))
    assert len(set(frames)) == FRAMES
    assert spent < 30


async def test_the_last_frame_of_a_burst_is_the_truth(wire: Wire) -> None:
    socket = await wire.connect()
    await socket.send({"event": "subscribe", "channel": "ticker", "symbol": "tBTCUSD"})
    number = (await socket.event("subscribed"))["chanId"]
    first = (await socket.frame(number))[1]
    await wire.control("burst", channel="ticker", symbol="tBTCUSD", count=3)
    rows = [(await socket.frame(number))[1] for _ in range(3)]
    assert rows[-1] == first
    assert Decimal(str(rows[0][7])) > Decimal(str(first[7]))
