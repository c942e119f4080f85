"""A websocket that hands on each message where it is read: no queue, no task woken for each."""

import asyncio
from collections import deque
from collections.abc import Callable

from websockets.asyncio.client import ClientConnection
from websockets.frames import DATA_OPCODES, Frame
from websockets.protocol import Event, State

from engine.bitfinex.framing import PLAIN_TEXT, bounds, text_frame

SPELL = 4_000

Take = Callable[[bytes], None]


class DirectConnection(ClientConnection):
    """Between two spells nothing is handed on: reading pauses, and what was read is kept."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Nothing is handed on before the first spell."""
        super().connection_made(transport)
        self._take: Take | None = None
        self._left = 0
        self._over: asyncio.Future[None] = self.loop.create_future()
        self._failure: Exception | None = None
        self._kept: deque[bytes] = deque()
        self._parts: bytearray | None = None
        self._rest = b""
        self._owed = 0
        self._holds = False
        self._deaf = False

    async def spell(self, take: Take) -> None:
        """Hand on the next `SPELL` messages as they come; other tasks have a turn at the end.

        Raises what `take` raises, and `ConnectionClosed` when everything was handed on.
        """
        self._take, self._left, self._over = take, SPELL, self.loop.create_future()
        try:
            while self._kept and self._take is not None:
                self._hand_on(take, self._kept.popleft())
            if self._over.done():
                await asyncio.sleep(0)
            elif self.state is State.CLOSED:
                raise self.close_exc
            else:
                self._read_on()
                await self._over
        finally:
            self._take = None
        if self._failure is not None:
            raise self._failure

    def write_text(self, message: bytes) -> None:
        """Send a whole text message, or give it to a buffer that is full; as `send` otherwise."""
        self.transport.write(text_frame(message))

    def turn_away(self) -> None:
        """Hear no more, so that a farewell is not kept waiting behind what nobody takes."""
        self._deaf = True
        self._take = None
        self._kept.clear()
        self._read_on()

    def data_received(self, data: bytes) -> None:
        """Text that came whole is handed on; all other frames the protocol is shown, in order."""
        data, self._rest = self._rest + data, b""
        protocol, at = self.protocol, 0
        if self._owed or protocol.state is not State.OPEN:
            at = self._shown(data)
        while at < len(data) and protocol.state is State.OPEN:
            found = bounds(data, at)
            if found is None:
                self._rest = data[at:]
                return
            begin, end = found
            take = self._take
            whole = data[at] == PLAIN_TEXT and end <= len(data) and self._parts is None
            if whole and take is not None:
                self._hand_on(take, data[begin:end])
            else:
                super().data_received(data[at:end])
                self._owed = max(0, end - len(data))
            at = end
        if at < len(data):
            super().data_received(data[at:])

    def process_event(self, event: Event) -> None:
        """Messages go to whoever takes them, all else its usual way."""
        if isinstance(event, Frame) and event.opcode in DATA_OPCODES:
            self._join(event)
        else:
            super().process_event(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """What waits in a spell need not wait any longer."""
        super().connection_lost(exc)
        self._end_spell()

    def _shown(self, data: bytes) -> int:
        """Show the protocol what it waits for: the handshake, the rest of a frame; how much it was.

        The handshake goes line by line, as the first frames may come with its last one.
        """
        at = min(self._owed, len(data))
        if at:
            self._owed -= at
            super().data_received(data[:at])
        while at < len(data) and self.state is State.CONNECTING:
            end = data.find(b"\n", at) + 1 or len(data)
            super().data_received(data[at:end])
            at = end
        return at

    def _hand_on(self, take: Take, message: bytes) -> None:
        try:
            take(message)
        except Exception as error:  # told by `spell`, where somebody can hear it
            self._fail(error)
        else:
            self._left -= 1
            if not self._left:
                self._end_spell()

    def _fail(self, error: Exception) -> None:
        self._failure = error
        self._end_spell()

    def _end_spell(self) -> None:
        self._take = None
        if not self._over.done():
            self._over.set_result(None)

    def _join(self, frame: Frame) -> None:
        """Make a message whole that came in several frames; the protocol bounds its size."""
        parts = bytearray() if self._parts is None else self._parts
        parts += frame.data
        self._parts = None if frame.fin else parts
        if not frame.fin:
            return
        if self._take is None:
            self._keep(bytes(parts))
        else:
            self._hand_on(self._take, bytes(parts))

    def _keep(self, message: bytes) -> None:
        if self._deaf:
            return
        self._kept.append(message)
        if not self._holds and not self.transport.is_closing():
            self._holds = True
            self.transport.pause_reading()

    def _read_on(self) -> None:
        if self._holds:
            self._holds = False
            if not self.transport.is_closing():
                self.transport.resume_reading()
