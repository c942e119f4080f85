"""A plain client of the simulator's wires, knowing nothing but the facts sheet."""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Callable, Iterable

import aiohttp

from engine.simulator.server import Simulator
from tests.contract.simulator.seen import Seen

KEY, SECRET = "demo-key", "demo-secret"
_nonces = itertools.count(time.time_ns() // 1000)


def signature(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha384).hexdigest()


def dumped(message: object) -> str:
    return json.dumps(message, default=lambda seen: seen.value)


def kinds(frames: Iterable[Seen]) -> list[object]:
    return [frame[1].value for frame in frames]


class Socket:
    """One websocket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.raw = socket

    async def send(self, message: object) -> None:
        await self.raw.send_str(dumped(message))

    async def receive(self, seconds: float = 5.0) -> Seen:
        message = await self.raw.receive(timeout=seconds)
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise ConnectionError(f"socket ended: {message.type.name}")
        return Seen.read(message.data)

    async def until(self, wanted: Callable[[Seen], bool], seconds: float = 5.0) -> Seen:
        async with asyncio.timeout(seconds):
            while not wanted(frame := await self.receive()):
                pass
            return frame

    async def event(self, name: str) -> Seen:
        return await self.until(lambda one: one.is_event and one["event"] == name)

    async def frame(self, channel: object) -> Seen:
        return await self.until(lambda one: not one.is_event and one[0] == channel)

    async def account_frames(self, count: int) -> list[Seen]:
        """The next frames of channel 0 other than heartbeats."""
        found: list[Seen] = []
        while len(found) < count:
            frame = await self.frame(0)
            if frame[1] != "hb":
                found.append(frame)
        return found

    async def nothing_more(self) -> None:
        """A ping comes back before any account frame: nothing is under way."""
        await self.send({"event": "ping", "cid": 4711})
        frame = await self.until(lambda one: one.is_event or (one[0] == 0 and one[1] != "hb"))
        assert "cid" in frame, frame

    async def ended(self) -> bool:
        """Whether the other side cuts the line."""
        try:
            while True:
                await self.receive()
        except ConnectionError:
            return True
        except TimeoutError:
            return False

    async def sign_in(
        self, key: str = KEY, secret: str = SECRET, nonce: int | None = None, **extra: object
    ) -> Seen:
        number = next(_nonces) if nonce is None else nonce
        payload = f"AUTH{number}"
        fields = {"apiKey": key, "authNonce": number, "authPayload": payload}
        signed = signature(secret, payload)
        await self.send({"event": "auth", **fields, "authSig": signed, **extra})
        return await self.event("auth")

    async def signed_in(self, key: str = KEY, secret: str = SECRET, **extra: object) -> "Socket":
        """Signed in and past the snapshots."""
        assert (await self.sign_in(key, secret, None, **extra))["status"] == "OK"
        await self.until(lambda one: not one.is_event and one[1] == "bu")
        return self

    async def order(self, **fields: object) -> None:
        await self.send([0, "on", None, {"symbol": "tBTCUSD", **fields}])

    async def placed(self, count: int, **fields: object) -> list[Seen]:
        """Send an order; the next frames of the account."""
        await self.order(**fields)
        return await self.account_frames(count)


class Wire:
    """HTTP and websocket calls to one simulator."""

    def __init__(self, simulator: Simulator, session: aiohttp.ClientSession) -> None:
        self.simulator = simulator
        self.session = session
        self._sockets: list[aiohttp.ClientWebSocketResponse] = []

    async def get(self, path: str) -> tuple[int, Seen]:
        async with self.session.get(f"{self.simulator.rest_url}/{path}") as answer:
            return answer.status, Seen.read(await answer.text())

    async def text(self, path: str) -> str:
        async with self.session.get(f"{self.simulator.rest_url}/{path}") as answer:
            return await answer.text()

    async def post(
        self,
        path: str,
        body: object = None,
        *,
        key: str = KEY,
        secret: str = SECRET,
        nonce: object = None,
        raw: str | None = None,
    ) -> tuple[int, Seen]:
        number = str(next(_nonces) if nonce is None else nonce)
        text = raw if raw is not None else "" if body is None else dumped(body)
        headers = {
            "bfx-apikey": key,
            "bfx-nonce": number,
            "bfx-signature": signature(secret, f"/api/v2/{path}{number}{text}"),
            "content-type": "application/json",
        }
        url = f"{self.simulator.rest_url}/{path}"
        async with self.session.post(url, data=text or None, headers=headers) as answer:
            return answer.status, Seen.read(await answer.text())

    async def control(self, path: str, **fields: object) -> Seen:
        url = f"{self.simulator.url}/control/{path}"
        async with self.session.post(url, data=dumped(fields)) as answer:
            text = await answer.text()
            assert answer.status == 200, text
            return Seen.read(text)

    async def state(self) -> Seen:
        async with self.session.get(f"{self.simulator.url}/control/state") as answer:
            return Seen.read(await answer.text())

    async def connect(self) -> Socket:
        """A socket past its greeting."""
        raw = await self.session.ws_connect(self.simulator.ws_url)
        self._sockets.append(raw)
        socket = Socket(raw)
        assert (await socket.receive())["version"] == 2
        return socket

    async def trader(self, key: str = KEY, secret: str = SECRET, **extra: object) -> Socket:
        """A socket that has signed in."""
        return await (await self.connect()).signed_in(key, secret, **extra)

    async def close(self) -> None:
        for socket in self._sockets:
            await socket.close()
