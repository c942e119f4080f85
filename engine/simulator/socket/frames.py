"""What goes out on one socket: sequence numbers, time stamps, order of sending."""

import asyncio
from collections.abc import Callable
from enum import IntFlag

from aiohttp import web

from engine.simulator.wire.json import Fields, Json, Row, encode

MOST_WAITING = 200_000


class ConfFlag(IntFlag):
    """Flags of the `conf` event (sheet, 6.2)."""

    TIMESTAMP = 32768
    SEQ_ALL = 65536
    OB_CHECKSUM = 131072
    BULK = 536870912


class Outlet:
    """Frames in, texts out, in order; a reader who is too slow is cut off."""

    def __init__(self, socket: web.WebSocketResponse, now: Callable[[], int]) -> None:
        self._socket = socket
        self._now = now
        self._waiting: asyncio.Queue[str | Callable[[], None]] = asyncio.Queue()
        self._public = 0
        self._private = 0
        self.flags = ConfFlag(0)
        self.silent = False

    @property
    def overrun(self) -> bool:
        return self._waiting.qsize() > MOST_WAITING

    def event(self, message: Fields) -> None:
        self._put(encode(message))

    def frame(self, channel: int, *body: Json) -> None:
        """An array frame with the tail that `conf` asked for."""
        row: Row = [channel, *body]
        if self.flags & ConfFlag.SEQ_ALL:
            row += self._tail(channel, body)
        if self.flags & ConfFlag.TIMESTAMP:
            row.append(self._now())
        self._put(encode(row))

    def then(self, deed: Callable[[], None]) -> None:
        """Do something when all is sent, and send nothing after it."""
        self._waiting.put_nowait(deed)

    async def run(self) -> None:
        """Send until cancelled or the socket is gone."""
        while True:
            text = await self._waiting.get()
            if not isinstance(text, str):
                text()
                return
            try:
                await self._socket.send_str(text)
            except (ConnectionError, RuntimeError):
                return

    def _tail(self, channel: int, body: tuple[Json, ...]) -> Row:
        """The public number; on channel 0 the private one after it.

        Answers to requests (`n ...-req`) advance neither and no notification advances the private
        one: the official Node client's auditor insists.
        """
        kind, payload = body[0], body[-1]
        notifies = channel == 0 and kind == "n"
        answers = notifies and isinstance(payload, list) and str(payload[1]).endswith("-req")
        self._public += not answers
        if channel != 0 or kind == "hb":
            return [self._public]
        self._private += not notifies
        return [self._public, self._private]

    def _put(self, text: str) -> None:
        if not self.silent:
            self._waiting.put_nowait(text)
