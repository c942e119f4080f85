"""One websocket to the exchange, kept up for ever (facts sheet 6.1, 9)."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Protocol

import structlog
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.protocol import State

from engine.bitfinex import wire
from engine.bitfinex.broken import Broken, closed_by, refused_by
from engine.bitfinex.direct import DirectConnection
from engine.bitfinex.errors import MAINTENANCE_BEGINS, MAINTENANCE_ENDS, STOP
from engine.bitfinex.pace import Pace, Retry
from engine.model.errors import ExchangeUnreachable, LinkDown
from engine.ports import Clock

SILENCE_SECONDS = 30
READY_SECONDS = 20
SERVED_SECONDS = 10
_OPEN_TIMEOUT = 10
_CLOSE_TIMEOUT = 1
_SEND_TIMEOUT = 10
_FRAME_BYTES = 64 * 1024 * 1024
_VERSION = 2
_OBJECT = b"{"
_PING = b'{"event":"ping","cid":1}'

_log = structlog.get_logger(__name__)


class Listener(Protocol):
    """What a link carries: told everything in order, and free to end a session with `Broken`."""

    @property
    def ready(self) -> bool:
        """Whether the session has come to what it was opened for."""
        ...

    async def attend(self, link: "Link") -> None:
        """Speak for one session, from the exchange's greeting on; ends only by cancellation."""
        ...

    def event(self, event: Mapping[str, object]) -> None:
        """An object frame other than `info`."""
        ...

    def frame(self, raw: bytes) -> None:
        """An array frame."""
        ...

    def maintenance(self, *, active: bool) -> None:
        """What the exchange says of its trading."""
        ...

    def broken(self, broken: Broken) -> None:
        """The session is over, or could not be opened."""
        ...


class Brake(Protocol):
    """What is filled by a link, and may be full."""

    @property
    def full(self) -> bool:
        """Whether nothing more should be read for now."""
        ...

    async def relieved(self) -> None:
        """Wait until there is room again."""
        ...


class Link:
    """Connects, watches over silence, reconnects; what is said on it is the listener's."""

    def __init__(
        self,
        url: str,
        listener: Listener,
        brake: Brake,
        *,
        clock: Clock,
        pace: Pace,
        farewell: Callable[[], bytes | None] = lambda: None,
    ) -> None:
        self._url = url
        self._listener = listener
        self._brake = brake
        self._clock = clock
        self._pace = pace
        self._farewell = farewell
        self._socket: DirectConnection | None = None
        self._greeted = asyncio.Event()
        self._silent = 0
        self._age = 0
        self._braked = False
        self._sessions = 0

    @property
    def reconnects(self) -> int:
        """How often a socket was opened again."""
        return max(0, self._sessions - 1)

    @property
    def is_open(self) -> bool:
        """Whether a frame could leave now."""
        return self._socket is not None and self._socket.state is State.OPEN

    async def run(self) -> None:
        """One session after the other; ends only by cancellation."""
        while True:
            await self._pace.turn()
            retry = await self._session()
            await self._pace.rest(retry, served=self._age >= SERVED_SECONDS)

    async def send(self, message: bytes) -> None:
        """Write a frame at once.

        `LinkDown` when certainly nothing was sent, `ExchangeUnreachable` when nobody knows.
        """
        socket = self._socket
        if socket is None or socket.protocol.state is not State.OPEN:
            raise LinkDown()
        try:
            # what `socket.send` does; a deadline costs, and only a full buffer needs one
            socket.write_text(message)
            if socket.paused:
                async with asyncio.timeout(_SEND_TIMEOUT):
                    await socket.drain()
        # RuntimeError is uvloop's word for a transport that closed a moment ago
        except (WebSocketException, OSError, TimeoutError, RuntimeError) as error:
            raise ExchangeUnreachable() from error

    async def greeted(self) -> None:
        """Return once the exchange has introduced itself in this session."""
        await self._greeted.wait()

    async def _session(self) -> Retry:
        self._greeted.clear()
        self._silent = self._age = 0
        self._braked = False
        try:
            broken = await self._broken()
            _log.info("exchange.link_broken", url=self._url, reason=broken.reason)
            # told before the farewell, which a silent peer draws out
            self._listener.broken(broken)
            return broken.retry
        finally:
            socket, self._socket = self._socket, None
            if socket is not None:
                self._take_leave(socket)
                await socket.close()

    def _take_leave(self, socket: DirectConnection) -> None:
        """Say what is to be said last, where anything can be said."""
        words = self._farewell()
        if words is None or socket.state is not State.OPEN:
            return
        with suppress(WebSocketException, OSError, RuntimeError):
            socket.write_text(words)

    async def _broken(self) -> Broken:
        """Open a socket, and return why it is of no more use."""
        try:
            self._socket = await self._opened()
            self._sessions += 1
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._watch())
                tasks.create_task(self._attend())
                await self._listen(self._socket)
        except Broken as broken:
            return broken
        except BaseExceptionGroup as group:
            _stay_cancelled()
            return _broken_of(group)
        raise AssertionError("a session ends by breaking")

    async def _opened(self) -> DirectConnection:
        try:
            socket = await connect(
                self._url,
                create_connection=DirectConnection,
                compression=None,
                proxy=None,
                ping_interval=None,
                open_timeout=_OPEN_TIMEOUT,
                close_timeout=_CLOSE_TIMEOUT,
                max_size=_FRAME_BYTES,
                # A frame goes to the kernel at once: one that waited for the loop's turn could
                # leave long after it was decided, if we are frozen in between.
                write_limit=0,
            )
        except (OSError, TimeoutError, WebSocketException) as error:
            raise refused_by(error) from error
        if isinstance(socket, DirectConnection):
            return socket
        raise AssertionError("the connection is of the kind that was asked for")

    async def _listen(self, socket: DirectConnection) -> None:
        try:
            while True:
                await socket.spell(self._hear)
                if self._brake.full:
                    await self._slow_down()
        except ConnectionClosed as closed:
            raise closed_by(closed) from closed
        finally:
            socket.turn_away()

    def _hear(self, raw: bytes) -> None:
        self._silent = 0
        if raw.startswith(_OBJECT):
            self._hear_event(raw)
        else:
            self._listener.frame(raw)

    async def _slow_down(self) -> None:
        """Read no further while nobody takes what was read: the exchange's end waits meanwhile."""
        self._braked = True
        await self._brake.relieved()
        self._braked = False
        self._silent = 0

    async def _attend(self) -> None:
        with _broken_when_writing_fails():
            await self._listener.attend(self)

    async def _watch(self) -> None:
        while True:
            await self._clock.sleep(1)
            self._silent += not self._braked
            self._age += 1
            if self._silent == SILENCE_SECONDS // 2 and self.is_open:
                with _broken_when_writing_fails():
                    await self.send(_PING)
            if self._silent > SILENCE_SECONDS:
                raise Broken(f"No word from the exchange for {SILENCE_SECONDS} seconds.")
            if self._age > READY_SECONDS and not self._listener.ready:
                raise Broken("The exchange answered, but did not come to the point.")

    def _hear_event(self, raw: bytes) -> None:
        try:
            event = wire.event(raw)
        except wire.Unreadable as error:
            _log.warning("exchange.event_unreadable", error=str(error))
            return
        if event.get("event") == "info":
            self._hear_info(event)
        else:
            self._listener.event(event)

    def _hear_info(self, event: Mapping[str, object]) -> None:
        code = event.get("code")
        if code == STOP:
            raise Broken("The exchange asked us to reconnect.", Retry.AT_ONCE)
        if code == MAINTENANCE_BEGINS:
            self._listener.maintenance(active=True)
        elif code == MAINTENANCE_ENDS:
            self._listener.maintenance(active=False)
            # everything subscribed before is stale, channel 0 too (6.1)
            raise Broken("The exchange is back from maintenance.", Retry.AT_ONCE)
        elif "version" in event:
            self._hear_greeting(event)

    def _hear_greeting(self, event: Mapping[str, object]) -> None:
        if event["version"] != _VERSION:
            raise Broken("The exchange speaks a version we do not know.", Retry.SLOWLY)
        platform = event.get("platform")
        if isinstance(platform, dict) and "status" in platform:
            self._listener.maintenance(active=platform["status"] == 0)
        self._greeted.set()


@contextmanager
def _broken_when_writing_fails() -> Iterator[None]:
    try:
        yield
    except (LinkDown, ExchangeUnreachable):
        raise Broken("The connection to the exchange broke while writing.") from None


def _stay_cancelled() -> None:
    """A task group whose tasks fail while it is cancelled tells of the failures only."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _broken_of(group: BaseExceptionGroup) -> Broken:
    """The reason a session's tasks ended for; whatever else went wrong goes on up."""
    broken, others = group.split(Broken)
    if others is not None or broken is None:
        raise group
    first: BaseException = broken
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    if not isinstance(first, Broken):
        raise group
    return first
