"""What goes out on one socket: sequence numbers, time stamps, order of sending."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import IntFlag

from aiohttp import web

from engine.simulator.faults import Faults
from engine.simulator.trading.floor import names_of
from engine.simulator.wire.json import Fields, Json, Row, encode

MOST_WAITING = 500_000
GARBAGE = '[0,"te",['
Deed = Callable[[], Awaitable[None]]


class ConfFlag(IntFlag):
    """Flags of the `conf` event (sheet, 6.2)."""

    TIMESTAMP = 32768
    SEQ_ALL = 65536
    OB_CHECKSUM = 131072
    BULK = 536870912


class Outlet:
    """Frames in, texts out, in order; a reader who is too slow is cut off."""

    def __init__(
        self, socket: web.WebSocketResponse, now: Callable[[], int], faults: Faults
    ) -> None:
        self._socket = socket
        self._now = now
        self._faults = faults
        self._waiting: asyncio.Queue[str | Deed] = asyncio.Queue()
        self._public = 0
        self._private = 0
        self.flags = ConfFlag(0)
        self.silent = False
        self.key = ""

    @property
    def overrun(self) -> bool:
        return self._waiting.qsize() > MOST_WAITING

    def event(self, message: Fields) -> None:
        self._put(encode(message))

    def frame(self, channel: int, *body: Json, of: str = "") -> None:
        """An array frame with the tail that `conf` asked for; `of` names its public channel."""
        if self._faults.waiting:
            self._mistreated(channel, body, of)
        else:
            self._put(encode(self._numbered(channel, body)))

    def then(self, deed: Deed) -> None:
        """Do something when all is sent, and send nothing after it."""
        self._waiting.put_nowait(deed)

    async def run(self) -> None:
        """Send until cancelled or the socket is gone."""
        while True:
            text = await self._waiting.get()
            if not isinstance(text, str):
                await text()
                return
            try:
                await self._socket.send_str(text)
            except (ConnectionError, RuntimeError):
                return

    def _numbered(self, channel: int, body: tuple[Json, ...]) -> Row:
        row: Row = [channel, *body]
        if self.flags & ConfFlag.SEQ_ALL:
            row += self._tail(channel, body)
        if self.flags & ConfFlag.TIMESTAMP:
            row.append(self._now())
        return row

    def _mistreated(self, channel: int, body: tuple[Json, ...], of: str) -> None:
        """The frame with what is scripted for its type or channel."""
        kind = body[0] if isinstance(body[0], str) else ""
        where = f"{of} {names_of(kind, body[-1])}"
        if self._takes("mute", where):
            return
        if self._takes("sequence_gap", where):
            self._numbered(channel, ("", None))
        if self._takes("unknown_frame", where):
            self._put(encode({"event": "novelty", "chanId": channel}))
            self._put(encode(self._numbered(channel, ("zz", [1, "new", None]))))
        if self._takes("garbage", where):
            self._put(GARBAGE)
        if kind == "cs" and isinstance(body[-1], int) and self._takes("wrong_checksum", where):
            body = (kind, body[-1] ^ 1)
        if channel == 0 and kind != "hb":
            body = (kind, self._faults.reshaped(body[-1], kind, self.key))
        row = self._numbered(channel, body)
        if not self._takes("lost_frame", where):
            self._put(encode(row))

    def _takes(self, kind: str, where: str) -> bool:
        return self._faults.take(kind, where, self.key) is not None

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
