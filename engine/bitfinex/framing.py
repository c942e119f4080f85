"""Frames of a websocket: where they lie in what was read, and a text as one (RFC 6455, 5.2)."""

import os

PLAIN_TEXT = 0x81
"""How a frame starts that is a whole text message."""

_TWO_BYTES, _EIGHT_BYTES, _MASKED = 126, 127, 128


def bounds(data: bytes, at: int) -> tuple[int, int] | None:
    """Where the payload of the frame at `at` begins and ends; None while its head is not whole.

    Of one that is masked, which a server's must not be, only the first two bytes are told of.
    """
    begin = at + 2
    if begin > len(data):
        return None
    size = data[at + 1]
    if size < _TWO_BYTES:
        return begin, begin + size
    if size >= _MASKED:
        return begin, begin
    begin += 8 if size == _EIGHT_BYTES else 2
    if begin > len(data):
        return None
    return begin, begin + int.from_bytes(data[at + 2 : begin], "big")


def text_frame(message: bytes) -> bytes:
    """A whole text message as a client sends it: under a mask nobody can foresee."""
    size, key = len(message), os.urandom(4)
    mask = key * (size // 4) + key[: size % 4]
    hidden = int.from_bytes(message, "little") ^ int.from_bytes(mask, "little")
    return _head(size) + key + hidden.to_bytes(size, "little")


def _head(size: int) -> bytes:
    if size < _TWO_BYTES:
        return bytes((PLAIN_TEXT, _MASKED | size))
    if size < 1 << 16:
        return bytes((PLAIN_TEXT, _MASKED | _TWO_BYTES)) + size.to_bytes(2, "big")
    return bytes((PLAIN_TEXT, _MASKED | _EIGHT_BYTES)) + size.to_bytes(8, "big")
