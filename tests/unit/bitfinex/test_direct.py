"""Messages are handed on where they are read: whole, in order, and only while somebody takes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from engine.bitfinex.direct import SPELL, DirectConnection
from tests.unit.bitfinex.doubles import background, eventually

Play = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def connected(play: Play) -> AsyncIterator[DirectConnection]:
    async with serve(play, "127.0.0.1", 0, compression=None, close_timeout=0.1) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        url = f"ws://127.0.0.1:{port}/"
        socket = await connect(url, create_connection=DirectConnection, compression=None)
        assert isinstance(socket, DirectConnection)
        try:
            yield socket
        finally:
            socket.turn_away()
            await socket.close()


async def hear_out(socket: DirectConnection, heard: list[bytes]) -> None:
    """Until the other side hangs up."""
    with suppress(ConnectionClosed):
        while True:
            await socket.spell(heard.append)


async def test_what_is_said_before_anybody_listens_is_kept() -> None:
    async def greet(peer: ServerConnection) -> None:
        for word in ("one", "two", "three"):
            await peer.send(word)

    async with connected(greet) as socket:
        await asyncio.sleep(0.05)
        heard: list[bytes] = []
        await hear_out(socket, heard)
        assert heard == [b"one", b"two", b"three"]


async def test_a_message_in_fragments_arrives_whole_between_others() -> None:
    async def speak(peer: ServerConnection) -> None:
        await peer.send("before")
        await peer.send(["a", "", "b", "c"])
        await peer.send(b"bytes")
        await (await peer.ping())
        await peer.send("after")

    async with connected(speak) as socket:
        heard: list[bytes] = []
        await hear_out(socket, heard)
        assert heard == [b"before", b"abc", b"bytes", b"after"]


async def test_what_the_taker_raises_ends_it_and_nothing_more_is_handed_on() -> None:
    async def speak(peer: ServerConnection) -> None:
        for word in ("good", "bad", "late"):
            await peer.send(word)
        await peer.wait_closed()

    heard: list[bytes] = []

    def take(message: bytes) -> None:
        heard.append(message)
        if message == b"bad":
            raise LookupError(message)

    async with connected(speak) as socket:
        with pytest.raises(LookupError):
            await socket.spell(take)
        assert heard == [b"good", b"bad"]


async def test_between_spells_nothing_is_handed_on_and_the_peer_has_to_wait() -> None:
    sent = [0]

    async def flood(peer: ServerConnection) -> None:
        while True:
            await peer.send("x" * 2_000)
            sent[0] += 1

    async def stalled() -> None:
        while True:
            before = sent[0]
            await asyncio.sleep(0.1)
            if sent[0] == before:
                return

    async with connected(flood) as socket:
        heard: list[bytes] = []
        await socket.spell(heard.append)
        assert len(heard) == SPELL
        async with asyncio.timeout(10):
            await stalled()
        assert len(heard) == SPELL
        await socket.spell(heard.append)
        assert len(heard) == 2 * SPELL
        assert sent[0] >= 2 * SPELL


async def test_other_tasks_have_a_turn_after_every_spell_also_when_everything_is_there() -> None:
    async def flood(peer: ServerConnection) -> None:
        for number in range(3 * SPELL):
            await peer.send(str(number))

    turns = [0]

    async def take_turns() -> None:
        while True:
            turns[0] += 1
            await asyncio.sleep(0)

    async with connected(flood) as socket, background(take_turns()):
        heard: list[bytes] = []
        for spell in range(1, 4):
            before = turns[0]
            await socket.spell(heard.append)
            assert len(heard) == spell * SPELL
            assert turns[0] > before
        assert heard == [str(number).encode() for number in range(3 * SPELL)]


async def test_a_farewell_is_not_kept_waiting_by_what_nobody_takes() -> None:
    said = asyncio.Event()

    async def flood(peer: ServerConnection) -> None:
        for number in range(SPELL):
            await peer.send(str(number) * 1000)
        said.set()
        await peer.wait_closed()

    async with connected(flood) as socket:
        heard: list[bytes] = []
        await eventually(lambda: bool(socket.transport) and not socket.transport.is_reading())
        socket.turn_away()
        async with asyncio.timeout(5):
            await socket.close()
        assert (socket.close_code, heard) == (1000, [])


async def test_a_spell_that_is_broken_off_can_be_followed_by_another() -> None:
    go_on = asyncio.Event()

    async def speak(peer: ServerConnection) -> None:
        await peer.send("first")
        await go_on.wait()
        await peer.send("second")

    async with connected(speak) as socket:
        heard: list[bytes] = []
        waiting = asyncio.ensure_future(socket.spell(heard.append))
        await eventually(lambda: heard == [b"first"])
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        go_on.set()
        await asyncio.sleep(0.05)
        assert heard == [b"first"]
        await hear_out(socket, heard)
        assert heard == [b"first", b"second"]
