"""Small real pictures."""

import struct
import zlib

from aiogram.types import BufferedInputFile


def png(width: int, height: int, colour: tuple[int, int, int] = (40, 120, 220)) -> bytes:
    """A PNG of one colour."""
    row = b"\0" + bytes(colour) * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(row * height)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def picture(width: int = 40, height: int = 30) -> BufferedInputFile:
    """A picture to send."""
    return BufferedInputFile(png(width, height), "chart.png")
