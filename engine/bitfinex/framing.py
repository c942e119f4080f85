"""Where frames of a websocket lie in what was read (RFC 6455, section 5.2)."""

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
