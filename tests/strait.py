"""A passage between the service and a server: open, held in one direction, or cut."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from enum import Enum

from tests.eventually import eventually

Dial = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


class Way(Enum):
    """A direction through the strait."""

    OUT = "from the service"
    IN = "to the service"


class Strait:
    """Carries bytes both ways; what is held is lost when its connection ends."""

    def __init__(self, dial: Dial) -> None:
        self._dial = dial
        self._open = {way: asyncio.Event() for way in Way}
        self._held = dict.fromkeys(Way, 0)
        self._seen: dict[Way, float | None] = {}
        self._passages: set[asyncio.Task[None]] = set()
        self.port = 0
        self.release()

    def hold(self, way: Way) -> None:
        """Let nothing more through in this direction."""
        self._open[way].clear()

    def release(self) -> None:
        """Let everything through again."""
        for gate in self._open.values():
            gate.set()

    def cut(self) -> None:
        """End every connection now."""
        self._held = dict.fromkeys(Way, 0)
        for passage in self._passages:
            passage.cancel()

    def watch(self, way: Way) -> None:
        """Note when the next bytes come by in this direction."""
        self._seen[way] = None

    def first_seen(self, way: Way) -> float:
        """When the first bytes since `watch` came by, in `time.perf_counter` seconds."""
        seen = self._seen[way]
        assert seen is not None
        return seen

    async def holding(self, way: Way) -> None:
        """Return when something is being held in this direction."""
        await eventually(lambda: self._held[way] > 0)

    async def enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the service."""
        passage = asyncio.current_task()
        assert passage is not None
        self._passages.add(passage)
        try:
            far_reader, far_writer = await self._dial()
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._carry(reader, far_writer, Way.OUT))
                    group.create_task(self._carry(far_reader, writer, Way.IN))
            finally:
                far_writer.close()
        except (OSError, asyncio.CancelledError, ExceptionGroup):
            pass  # either end may leave at any time: that is what a strait is for
        finally:
            writer.close()
            self._passages.discard(passage)

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way
    ) -> None:
        while data := await reader.read(65536):
            if way in self._seen and self._seen[way] is None:
                self._seen[way] = time.perf_counter()
            self._held[way] += 1
            await self._open[way].wait()
            self._held[way] -= 1
            writer.write(data)
            await writer.drain()
        raise ConnectionResetError


@asynccontextmanager
async def strait(dial: Dial) -> AsyncIterator[Strait]:
    """A strait on a free loopback port."""
    passage = Strait(dial)
    server = await asyncio.start_server(passage.enter, "127.0.0.1", 0)
    passage.port = server.sockets[0].getsockname()[1]
    try:
        yield passage
    finally:
        server.close()
        passage.cut()
        with suppress(asyncio.CancelledError):
            await server.wait_closed()


def to_port(port: int) -> Dial:
    """Dials a loopback port."""
    return lambda: asyncio.open_connection("127.0.0.1", port)


def to_socket(path: str) -> Dial:
    """Dials a unix socket."""
    return lambda: asyncio.open_unix_connection(path)
