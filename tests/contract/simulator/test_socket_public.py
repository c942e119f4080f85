"""The public websocket: events, channels, flags and refusals."""

import zlib

import pytest

from engine.simulator.wire.json import encode
from tests.contract.simulator.client import Socket, Wire
from tests.contract.simulator.seen import Seen

BOOK = {"event": "subscribe", "channel": "book", "symbol": "tBTCUSD", "prec": "P0", "len": "25"}


async def subscribed(socket: Socket, **fields: object) -> tuple[Seen, Seen]:
    """The confirmation and the snapshot."""
    await socket.send({"event": "subscribe", **fields})
    confirmation = await socket.event("subscribed")
    return confirmation, await socket.frame(confirmation["chanId"].value)


async def test_ping_conf_and_unknown_events(wire: Wire) -> None:
    socket = await wire.connect()
    await socket.send({"event": "ping", "cid": 1234})
    assert (await socket.receive())["cid"] == 1234
    await socket.send({"event": "conf", "flags": 196608})
    assert await socket.receive() == {"event": "conf", "status": "OK", "flags": 196608}
    await socket.raw.send_str("not json")
    await socket.send({"event": "nope"})
    assert await socket.receive() == {
        "event": "error",
        "msg": "event: invalid (nope)",
        "code": 10000,
    }


async def test_subscribe_echoes_and_snapshots(wire: Wire) -> None:
    socket = await wire.connect()
    fields = {"channel": "book", "symbol": "BTCUSD", "len": 25, "subId": "mine"}
    confirmation, snapshot = await subscribed(socket, **fields)
    assert confirmation == {
        "event": "subscribed",
        "channel": "book",
        "chanId": confirmation["chanId"].value,
        "symbol": "tBTCUSD",
        "prec": "P0",
        "freq": "F0",
        "len": "25",
        "subId": "mine",
        "pair": "BTCUSD",
    }
    assert [len(snapshot[1]), len(snapshot[1][0])] == [50, 3]
    _, ticker = await subscribed(socket, channel="ticker", symbol="tBTCUSD")
    assert len(ticker[1]) == 10
    _, trades = await subscribed(socket, channel="trades", symbol="tBTCUSD")
    assert len(trades[1][0]) == 4
    candles, rows = await subscribed(socket, channel="candles", key="trade:1m:tBTCUSD")
    assert candles["key"] == "trade:1m:tBTCUSD"
    assert int(rows[1][0][0]) > int(rows[1][1][0])


@pytest.mark.parametrize(
    ("fields", "code", "text"),
    [
        ({"channel": "book", "symbol": "tNOPEF0:USTF0"}, 10300, "symbol: invalid"),
        ({"channel": "book", "symbol": "tBTCUSD", "prec": "P7"}, 10300, "precision: invalid"),
        ({"channel": "book", "symbol": "tBTCUSD", "len": "26"}, 10300, "length: invalid"),
        ({"channel": "gossip", "symbol": "tBTCUSD"}, 10300, "channel: unknown"),
        ({"channel": "candles", "key": "trade:9m:tBTCUSD"}, 10300, "key: invalid"),
    ],
)
async def test_refused_subscriptions_repeat_the_request(
    wire: Wire, fields: dict[str, object], code: int, text: str
) -> None:
    socket = await wire.connect()
    await socket.send({"event": "subscribe", **fields})
    refused = await socket.receive()
    assert [refused["event"], refused["code"], refused["msg"]] == ["error", code, text]
    for name, value in fields.items():
        assert refused[name] == value
    assert refused["pair"] == fields["symbol"][1:] if "symbol" in fields else "pair" not in refused  # type: ignore[index] # a text


async def test_twice_and_too_many_and_unknown_unsubscribe(wire: Wire) -> None:
    socket = await wire.connect()
    confirmation, _ = await subscribed(socket, channel="ticker", symbol="tBTCUSD")
    await socket.send({"event": "subscribe", "channel": "ticker", "symbol": "tBTCUSD"})
    twice = await socket.event("error")
    assert [twice["msg"], twice["code"]] == ["subscribe: dup", 10301]
    assert twice["chanId"] == confirmation["chanId"]

    for timeframe in ("1m", "5m", "15m", "30m", "1h", "3h", "6h", "12h", "1D", "1W", "14D", "1M"):
        for symbol in ("tBTCUSD", "tETHUSD", "tETHBTC"):
            key = f"trade:{timeframe}:{symbol}"
            await socket.send({"event": "subscribe", "channel": "candles", "key": key})
    limit = await socket.event("error")
    assert [limit["msg"], limit["code"]] == ["subscribe: limit", 10305]

    await socket.send({"event": "unsubscribe", "chanId": confirmation["chanId"]})
    gone = await socket.event("unsubscribed")
    assert [gone["status"], gone["chanId"]] == ["OK", confirmation["chanId"].value]
    await socket.send({"event": "unsubscribe", "chanId": 1})
    wrong = await socket.until(lambda one: one.is_event and one["code"] == 10400)
    assert wrong["msg"] == "unsubscribe: invalid"


async def test_a_status_subscription_is_never_answered(wire: Wire) -> None:
    socket = await wire.connect()
    await socket.send({"event": "subscribe", "channel": "status", "key": "deriv:tBTCF0:USTF0"})
    await socket.send({"event": "ping", "cid": 1})
    assert (await socket.receive())["event"] == "pong"


async def test_te_comes_before_tu_and_ticker_and_candles_follow(wire: Wire) -> None:
    socket = await wire.connect()
    trades, _ = await subscribed(socket, channel="trades", symbol="tBTCUSD")
    ticker, _ = await subscribed(socket, channel="ticker", symbol="tBTCUSD")
    candles, _ = await subscribed(socket, channel="candles", key="trade:1m:tBTCUSD")
    await wire.control("price", symbol="tBTCUSD", price="30100")
    first, second = await socket.frame(trades["chanId"]), await socket.frame(trades["chanId"])
    assert [first[1], second[1]] == ["te", "tu"]
    assert first[2] == second[2].value
    assert first[2][3] == 30100
    assert (await socket.frame(ticker["chanId"]))[1][6] == 30100
    assert (await socket.frame(candles["chanId"]))[1][2] == 30100


@pytest.mark.parametrize("precision", ["P0", "R0"])
@pytest.mark.parametrize("bulk", [False, True])
@pytest.mark.parametrize("config", [{"checksum_interval": 0.0}], indirect=True)
async def test_a_book_kept_from_updates_matches_every_checksum(
    wire: Wire, precision: str, bulk: bool
) -> None:
    socket = await wire.connect()
    await socket.send({"event": "conf", "flags": 131072 + (536870912 if bulk else 0)})
    fields = {"channel": "book", "symbol": "tBTCUSD", "prec": precision, "len": "25"}
    confirmation, snapshot = await subscribed(socket, **fields)
    book: dict[tuple[str, bool], Seen] = {}
    for row in snapshot[1]:
        _apply(book, row, precision)
    matched = 0
    for price in ("30004", "29990", "30001.5", "30400", "29000"):
        await wire.control("price", symbol="tBTCUSD", price=price)
        while True:
            frame = await socket.frame(confirmation["chanId"])
            if frame[1] == "cs":
                assert int(frame[2]) == _checksum(book, precision)
                matched += 1
                break
            for row in frame[1] if bulk else [frame[1]]:
                _apply(book, row, precision)
    assert matched == 5
    assert len(book) == 50


def _apply(book: dict[tuple[str, bool], Seen], row: Seen, precision: str) -> None:
    bid = not str(row[2]).startswith("-")
    gone = row[1] == 0
    if gone:
        assert row[2] in (1, -1)
        del book[str(row[0]), bid]
    else:
        book[str(row[0]), bid] = row


def _checksum(book: dict[tuple[str, bool], Seen], precision: str) -> int:
    column = 1 if precision == "R0" else 0

    def place(row: Seen) -> tuple[float, int]:
        return float(str(row[column])), int(row[0]) if precision == "R0" else 0

    bids = [row for (_, bid), row in book.items() if bid]
    asks = sorted((row for (_, bid), row in book.items() if not bid), key=place)
    bids.sort(key=lambda row: (-place(row)[0], place(row)[1]))
    cells = [
        encode(cell.value)
        for pair in zip(bids, asks, strict=True)
        for row in pair
        for cell in (row[0], row[2])
    ]
    value = zlib.crc32(":".join(cells).encode())
    return value - 2**32 if value >= 2**31 else value


@pytest.mark.parametrize("config", [{"heartbeat": 0.05}], indirect=True)
async def test_sequence_numbers_have_no_gap_and_heartbeats_beat(wire: Wire) -> None:
    socket = await wire.connect()
    await socket.send({"event": "conf", "flags": 65536 + 32768})
    await socket.event("conf")
    await socket.sign_in()
    await subscribed_quietly(socket)
    await socket.order(type="EXCHANGE MARKET", amount="0.001", price="0")
    await wire.control("price", symbol="tBTCUSD", price="30010")
    public, private, beats = 0, 0, 0
    while beats < 6:
        frame = await socket.receive()
        if frame.is_event:
            continue
        tail = frame[-3:] if frame[0] == 0 and frame[1] != "hb" else frame[-2:]
        answers = frame[1] == "n"
        public += 0 if answers else 1
        assert int(tail[0]) == public, frame
        if len(tail) == 3:
            private += 0 if answers else 1
            assert int(tail[1]) == private, frame
        assert int(tail[-1]) > 1_600_000_000_000
        beats += frame[1] == "hb"
    assert private > 7


async def subscribed_quietly(socket: Socket) -> None:
    await socket.send(BOOK)
    await socket.send({"event": "subscribe", "channel": "trades", "symbol": "tBTCUSD"})


@pytest.mark.parametrize("config", [{"idle_timeout": 0.05}], indirect=True)
async def test_a_socket_that_says_nothing_is_cut_off(wire: Wire) -> None:
    assert await (await wire.connect()).ended()
