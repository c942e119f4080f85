"""A public socket that answers subscriptions and then talks flat out: run as a program.

It prints its port. Every line on its input, `KIND COUNT`, is a burst of that many frames on the
channels subscribed to: of one kind, or of all in turn for `mixed`. Frames carry sequence numbers
where the client asked for them by `conf`, as the exchange's do (facts sheet 6.2).
"""

import asyncio
import json
import sys
from collections.abc import Callable, Mapping
from itertools import count

from websockets.asyncio.server import ServerConnection, serve

INFO = {"event": "info", "version": 2, "serverId": "bench", "platform": {"status": 1}}
SEQUENCED = 65536
NOW = 1_790_000_000_000
CHUNK = 1 << 16

Body = Callable[[int], str]


def _level(step: int, count_: int) -> str:
    bid = step % 2
    price = 73350 - step % 25 if bid else 73351 + step % 25
    return f"[{price},{count_},{'' if bid else '-'}{0.25279457 + step % 7}]"


def _trade(step: int) -> str:
    return f"[{1_560_000_000 + step // 2},{NOW + step},0.0019983,{73350 + step % 9}]"


def _candle(step: int) -> str:
    return f"[{NOW + step // 400 * 60_000},73340,73351,73360,73330.5,{12.5 + step}]"


BODIES: Mapping[str, Body] = {
    "ticker": lambda n: (
        f"[{73350 + n % 9},2.5527,{73351 + n % 9},6.36,1003,0.0138,73350,2638.4,1,1]"
    ),
    "book": lambda n: _level(n, 1 + n % 5),
    "trades": lambda n: f'"{"tu" if n % 2 else "te"}",{_trade(n)}',
    "candles": _candle,
}
SNAPSHOTS: Mapping[str, str] = {
    "ticker": BODIES["ticker"](0),
    "book": f"[{','.join(_level(step, 2) for step in range(50))}]",
    "trades": f"[{_trade(0)}]",
    "candles": f"[{_candle(0)}]",
}


class Session:
    """One client: its channels by kind, and its count of frames."""

    def __init__(self, socket: ServerConnection) -> None:
        self._socket = socket
        self._channels: dict[str, int] = {}
        self._sequenced = False
        self._sequence = count(1)

    async def serve(self) -> None:
        """Answer until it leaves."""
        await self._socket.send(json.dumps(INFO))
        async for text in self._socket:
            said = json.loads(text)
            if said["event"] == "subscribe":
                await self._subscribe(said)
            elif said["event"] == "conf":
                self._sequenced = bool(said["flags"] & SEQUENCED)
                await self._socket.send(json.dumps({**said, "status": "OK"}))

    async def burst(self, kind: str, frames: int) -> None:
        """Talk flat out; the bytes are made before the first of them leaves."""
        kinds = list(self._channels) if kind == "mixed" else [kind]
        made = (self._frame(kinds[step % len(kinds)], step // len(kinds)) for step in range(frames))
        whole = b"".join(_framed(text.encode()) for text in made)
        for start in range(0, len(whole), CHUNK):
            self._socket.transport.write(whole[start : start + CHUNK])
            await asyncio.sleep(0)

    async def _subscribe(self, said: dict[str, str]) -> None:
        kind = said["channel"]
        self._channels[kind] = 30 + len(self._channels)
        answer = {**said, "event": "subscribed", "chanId": self._channels[kind], "pair": "BTCUSD"}
        await self._socket.send(json.dumps(answer))
        await self._socket.send(self._tailed(f"{self._channels[kind]},{SNAPSHOTS[kind]}"))

    def _frame(self, kind: str, step: int) -> str:
        return self._tailed(f"{self._channels[kind]},{BODIES[kind](step)}")

    def _tailed(self, inner: str) -> str:
        return f"[{inner},{next(self._sequence)}]" if self._sequenced else f"[{inner}]"


def _framed(payload: bytes) -> bytes:
    """A text frame as a server sends it (RFC 6455, 5.2)."""
    size = len(payload)
    head = bytes([0x81, size]) if size < 126 else bytes([0x81, 126]) + size.to_bytes(2, "big")
    return head + payload


async def main() -> None:
    """Serve one client after the other until the input ends."""
    sessions: list[Session] = []

    async def meet(socket: ServerConnection) -> None:
        sessions.append(Session(socket))
        await sessions[-1].serve()

    async with serve(meet, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        sys.stdout.write(f"{next(iter(server.sockets)).getsockname()[1]}\n")
        sys.stdout.flush()
        while line := await asyncio.to_thread(sys.stdin.readline):
            kind, frames = line.split()
            await sessions[-1].burst(kind, int(frames))


if __name__ == "__main__":
    asyncio.run(main())
