"""JSON in and out: decimals exactly in, JavaScript's number text out."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

import msgspec

from engine.simulator.wire.numbers import number_text

Json: TypeAlias = "bool | int | float | str | Decimal | Sequence[Json] | Mapping[str, Json] | None"
Row: TypeAlias = list[Json]
Fields: TypeAlias = dict[str, Json]

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_plain = msgspec.json.Encoder()


def encode(value: Json) -> str:
    """Compact JSON text as a JavaScript server writes it."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return _plain.encode(value).decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return number_text(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{encode(key)}:{encode(item)}" for key, item in value.items()) + "}"
    return "[" + ",".join([encode(item) for item in value]) + "]"


def decode(text: str | bytes) -> Json:
    """JSON with fractions as `Decimal`; raises `ValueError` where it is not JSON."""
    try:
        value: Json = _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, ArithmeticError, RecursionError) as broken:
        raise ValueError(f"not JSON: {broken}") from broken
    return value
