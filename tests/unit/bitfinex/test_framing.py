"""However what is sent is cut into pieces on its way, it arrives whole, once and in order."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from engine.bitfinex.direct import DirectConnection
from engine.bitfinex.framing import text_frame

LONG, LONGEST = "m" * 300, "l" * 70_000
SAID = ["", "short", "x" * 125, "y" * 126, LONG, "äöü €", LONGEST]


def framed(opcode: Opcode, payload: bytes, *, fin: bool = True, mask: bool = False) -> bytes:
    return Frame(opcode, payload, fin).serialize(mask=mask, extensions=[])


def spoken() -> bytes:
    """All that is said, with a ping and a message in fragments between."""
    texts = [framed(Opcode.TEXT, text.encode()) for text in SAID]
    texts.insert(3, framed(Opcode.PING, b"are you there"))
    texts.insert(5, framed(Opcode.TEXT, b"", fin=False))
    texts.insert(6, framed(Opcode.PING, b""))
    texts.insert(7, framed(Opcode.CONT, b"in two parts"))
    return b"".join([*texts, framed(Opcode.BINARY, b"bytes"), framed(Opcode.CLOSE, b"\x03\xe8")])


HEARD = [text.encode() for text in (*SAID[:4], "in two parts", *SAID[4:])] + [b"bytes"]


@asynccontextmanager
async def saying(pieces: Sequence[bytes], *, at_once: bool = False) -> AsyncIterator[str]:
    """A server that says these one after the other; `at_once` with its handshake's answer."""

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        protocol = ServerProtocol()
        protocol.receive_data(await reader.readuntil(b"\r\n\r\n"))
        request = protocol.events_received()[0]
        assert isinstance(request, Request)
        protocol.send_response(protocol.accept(request))
        answer = b"".join(protocol.data_to_send())
        with suppress(ConnectionError):
            for piece in (answer + pieces[0], *pieces[1:]) if at_once else (answer, *pieces):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
            writer.write_eof()
            while await reader.read(4096):
                continue
        writer.close()

    server = await asyncio.start_server(play, "127.0.0.1", 0)
    async with server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def heard_from(url: str) -> tuple[list[bytes], int | None]:
    """What arrived until the end, and the code of our farewell."""
    socket = await connect(url, create_connection=DirectConnection, compression=None)
    assert isinstance(socket, DirectConnection)
    heard: list[bytes] = []
    try:
        async with asyncio.timeout(10):
            with suppress(ConnectionClosed):
                while True:
                    await socket.spell(heard.append)
    finally:
        socket.turn_away()
        await socket.close()
    sent = socket.protocol.close_sent
    return heard, sent.code if sent else None


@pytest.mark.parametrize("size", [1, 2, 3, 7, 129, 4096, 10**6])
@pytest.mark.parametrize("at_once", [True, False])
async def test_cut_anywhere_it_arrives_whole(size: int, at_once: bool) -> None:
    said = spoken()
    # the longest message is cut in larger pieces, or the smallest would take all day
    small = said[: len(said) - len(LONGEST) - 8] if size < 100 else said
    pieces = [small[at : at + size] for at in range(0, len(small), size)]
    if rest := said[len(small) :]:
        pieces += [rest[:1], rest[1:3], rest[3:50_000], rest[50_000:-1], rest[-1:]]
    async with saying(pieces, at_once=at_once) as url:
        assert await heard_from(url) == (HEARD, CloseCode.NORMAL_CLOSURE)


@pytest.mark.parametrize(
    "wrong",
    [
        framed(Opcode.TEXT, b"masked", mask=True),
        framed(Opcode.TEXT, b"", fin=False) + framed(Opcode.TEXT, b"not its end"),
        b"\xc1\x03two",
        b"\x83\x00",
    ],
    ids=["masked", "in the midst of another", "of an extension", "of no kind"],
)
async def test_what_a_server_must_not_say_ends_the_session(wrong: bytes) -> None:
    good, late = framed(Opcode.TEXT, b"good"), framed(Opcode.TEXT, b"late")
    async with saying([good + wrong + late]) as url:
        assert await heard_from(url) == ([b"good"], CloseCode.PROTOCOL_ERROR)


@pytest.mark.parametrize("text", SAID)
def test_what_we_say_is_read_as_it_was_said(text: str) -> None:
    reader = ServerProtocol(state=State.OPEN, max_size=None)
    reader.receive_data(text_frame(text.encode()))
    (frame,) = reader.events_received()
    assert isinstance(frame, Frame)
    assert (frame.opcode, frame.fin, bytes(frame.data)) == (Opcode.TEXT, True, text.encode())


def test_each_frame_has_a_mask_of_its_own() -> None:
    assert len({text_frame(b"again") for _ in range(50)}) == 50
