"""The book checksum of websocket channels."""

from collections.abc import Sequence
from itertools import zip_longest
from zlib import crc32

from engine.simulator.wire.json import Row, encode

DEPTH = 25


def checksum_text(bids: Sequence[Row], asks: Sequence[Row]) -> str:
    """The text whose CRC is sent: first and last column of bid and ask in turn (sheet, 6.5)."""
    pairs = zip_longest(bids[:DEPTH], asks[:DEPTH])
    sides = (row for pair in pairs for row in pair if row is not None)
    return ":".join(f"{encode(row[0])}:{encode(row[-1])}" for row in sides)


def checksum(bids: Sequence[Row], asks: Sequence[Row]) -> int:
    """Signed 32-bit CRC of the 25 best rows of either side, as they went over the wire."""
    value = crc32(checksum_text(bids, asks).encode())
    return value - 2**32 if value >= 2**31 else value
