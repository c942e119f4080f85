"""The check figure of a book, as the exchange reckons it (facts sheet 6.5)."""

import zlib
from collections.abc import Mapping
from decimal import Decimal
from itertools import zip_longest

LEVELS = 25

# JavaScript writes out what Python would write with an exponent, within these powers of ten
_SMALLEST_PLAIN = -7
_LARGEST_PLAIN = 21


def number_text(value: float) -> str:
    """A number as JavaScript writes it, which is how it stood on the wire: `8.1`, `100`, `7e-7`."""
    text = repr(value)
    if text.endswith(".0"):
        return text[:-2]
    mantissa, mark, power = text.partition("e")
    if not mark:
        return text
    exponent = int(power)
    if _SMALLEST_PLAIN < exponent < _LARGEST_PLAIN:
        return f"{Decimal(text):f}"
    return f"{mantissa}e{exponent:+d}"


def checksum(bids: Mapping[float, float], asks: Mapping[float, float]) -> int:
    """CRC-32, signed, over the best 25 levels of both sides; amounts by price, asks negative."""
    best = zip_longest(
        sorted(bids.items(), reverse=True)[:LEVELS], sorted(asks.items())[:LEVELS], fillvalue=()
    )
    text = ":".join(number_text(figure) for levels in best for level in levels for figure in level)
    found = zlib.crc32(text.encode())
    return found - 2**32 if found >= 2**31 else found
