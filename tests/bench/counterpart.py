"""An exchange that only answers: run as a program it prints its port, and keeps the times.

It takes any key, fills nothing, and acknowledges every order at once by `n` and `on`. What it
noted, by cid, is at `/times`: when the order came in, and when the word `on` went out.
"""

import asyncio
import json
import sys
import time

import msgspec
from aiohttp import WSMsgType, web

NOW = 1_790_000_000_000
INFO = {"event": "info", "version": 2, "serverId": "bench", "platform": {"status": 1}}
WALLETS = [["exchange", name, 1_000_000, 0, 1_000_000, None, None] for name in ("USD", "BTC")]
TICKER = [29990, 5, 30010, 5, 0, 0, 30000, 100, 31000, 29000, None]
BOOK = [[30000 - side * (10 + level), 1, side] for side in (1, -1) for level in range(25)]
RATE = [0.001, None, None, None, None, None]
ANSWERS = {
    "auth/r/wallets": WALLETS,
    "auth/r/summary": [None, None, None, None, [RATE, [0.002, *RATE[1:]]], None, None, None],
    "conf/pub:list:pair:exchange": [["BTCUSD"]],
    "ticker/tBTCUSD": TICKER,
    "book/tBTCUSD/P0": BOOK,
}

encode = msgspec.json.encode


class Counterpart:
    """Its answers and its notes."""

    def __init__(self) -> None:
        self.times: dict[int, tuple[float, float]] = {}
        self._orders = 118_000_000

    async def rest(self, request: web.Request) -> web.Response:
        """A canned answer; nothing where there is none."""
        path = request.match_info["path"]
        if path.startswith("conf/"):
            return web.json_response([_conf(key) for key in path[5:].split(",")])
        return web.json_response(ANSWERS.get(path, []))

    async def noted(self, _: web.Request) -> web.Response:
        """The times, by cid."""
        return web.json_response(self.times)

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """One session."""
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        await socket.send_str(json.dumps(INFO))
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                arrived = time.monotonic()
                await self._hear(socket, message.data, arrived)
        return socket

    async def _hear(self, socket: web.WebSocketResponse, text: str, arrived: float) -> None:
        said = json.loads(text)
        if isinstance(said, list):
            if said[1] == "on":
                await self._take(socket, said[3], arrived)
        elif said["event"] == "auth":
            await self._welcome(socket)
        elif said["event"] == "conf":
            await socket.send_str(json.dumps({"event": "conf", "status": "OK", "flags": 0}))
        elif said["event"] == "subscribe":
            await self._subscribe(socket, said)

    async def _welcome(self, socket: web.WebSocketResponse) -> None:
        answer = {"event": "auth", "status": "OK", "chanId": 0, "userId": 1, "caps": {}}
        await socket.send_str(json.dumps(answer))
        for kind, rows in (("ps", []), ("ws", WALLETS), ("os", [])):
            await socket.send_str(json.dumps([0, kind, rows]))

    async def _subscribe(self, socket: web.WebSocketResponse, said: dict[str, object]) -> None:
        number = 30 if said["channel"] == "ticker" else 40
        answer = {**said, "event": "subscribed", "chanId": number, "pair": "BTCUSD"}
        await socket.send_str(json.dumps(answer))
        await socket.send_str(json.dumps([number, TICKER if number == 30 else BOOK]))

    async def _take(
        self, socket: web.WebSocketResponse, wish: dict[str, str], arrived: float
    ) -> None:
        self._orders += 1
        cid = int(wish["cid"])
        row = _order(self._orders, cid, wish)
        note = [NOW, "on-req", None, None, row, None, "SUCCESS", "Submitting."]
        await socket.send_str(encode([0, "n", note]).decode())
        answer = encode([0, "on", row]).decode()
        self.times[cid] = (arrived, time.monotonic())
        await socket.send_str(answer)


def _order(number: int, cid: int, wish: dict[str, str]) -> list[object]:
    row: list[object] = [None] * 32
    row[0:6] = [number, None, cid, wish["symbol"], NOW + number, NOW + number]
    row[6:9] = [float(wish["amount"]), float(wish["amount"]), wish["type"]]
    row[12:14] = [0, "ACTIVE"]
    row[16:20] = [float(wish["price"]), 0, 0, 0]
    row[23:25] = [0, 0]
    row[28] = "API>BFX"
    return row


def _conf(key: str) -> object:
    if key == "pub:info:pair":
        return [["BTCUSD", [None, None, None, "0.00004", "2000.0", *[None] * 7]]]
    return ["BTCUSD"] if key.startswith("pub:list:pair") else []


async def main() -> None:
    """Serve until the starter is gone."""
    counterpart = Counterpart()
    app = web.Application()
    app.router.add_get("/ws/2", counterpart.socket)
    app.router.add_get("/times", counterpart.noted)
    app.router.add_route("*", "/v2/{path:.*}", counterpart.rest)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
