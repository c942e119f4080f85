"""A websocket that hands on each message where it is read: no queue, no task woken for each."""

import asyncio
from collections import deque
from collections.abc import Callable

from websockets.asyncio.client import ClientConnection
from websockets.frames import DATA_OPCODES, Frame, Opcode
from websockets.protocol import Event, State

SPELL = 4_000
_TEXT = Opcode.TEXT

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
        self._parts = bytearray()
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

    def turn_away(self) -> None:
        """Hear no more, so that a farewell is not kept waiting behind what nobody takes."""
        self._deaf = True
        self._take = None
        self._kept.clear()
        self._read_on()

    def process_event(self, event: Event) -> None:
        """Messages go to whoever takes them, all else its usual way."""
        take = self._take
        if isinstance(event, Frame) and event.opcode is _TEXT and event.fin and take is not None:
            # as in `_hand_on`: the way of nearly all messages is kept short
            try:
                take(bytes(event.data))
            except Exception as error:  # told by `spell`, where somebody can hear it
                self._fail(error)
            else:
                self._left -= 1
                if not self._left:
                    self._end_spell()
        elif isinstance(event, Frame) and event.opcode in DATA_OPCODES:
            self._join(event)
        else:
            super().process_event(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """What waits in a spell need not wait any longer."""
        super().connection_lost(exc)
        self._end_spell()

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
        self._parts += frame.data
        if frame.fin:
            message = bytes(self._parts)
            self._parts.clear()
            if self._take is None:
                self._keep(message)
            else:
                self._hand_on(self._take, message)

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
