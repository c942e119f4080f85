"""JSON as the exchange writes it: rows by index, short or long, and money exact to the digit."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

import msgspec

Row = Sequence[object]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAGNITUDE = 40
_NOTHING = Decimal(0)
_FURTHEST = 253_402_300_799_999

# also hostile depths, digits, exponents and bytes
NOT_READABLE = (msgspec.MsgspecError, ValueError, RecursionError, InvalidOperation)

_events = msgspec.json.Decoder(dict[str, object])
_exact_rows = msgspec.json.Decoder(list[object], float_hook=Decimal)
_exact = msgspec.json.Decoder(object, float_hook=Decimal)


class Unreadable(ValueError):
    """A frame or a field that is not what the facts sheet says; the words say which."""


def event(raw: bytes) -> dict[str, object]:
    """An object frame (facts sheet 6)."""
    try:
        return _events.decode(raw)
    except NOT_READABLE as error:
        raise Unreadable(f"not an event: {error}") from None


def exact_row(raw: bytes) -> Row:
    """An array frame whose numbers are `int` or `Decimal`."""
    try:
        return _exact_rows.decode(raw)
    except NOT_READABLE as error:
        raise Unreadable(f"not a row: {error}") from None


def anything(raw: bytes) -> object:
    """Any JSON, numbers as `int` or `Decimal`."""
    try:
        return _exact.decode(raw)
    except NOT_READABLE as error:
        raise Unreadable(f"not JSON: {error}") from None


def row_of(value: object) -> Row:
    """`value` as a row; `Unreadable` if it is none."""
    if isinstance(value, list):
        return value
    raise Unreadable(f"not a row: {value!r}")


def field(row: Row, index: int) -> object:
    """The field at `index`; None where the row is shorter."""
    return row[index] if index < len(row) else None


def number(row: Row, index: int) -> Decimal | None:
    """A number exactly as written, also when written as text; None for null or absent."""
    value = field(row, index)
    if value is None:
        return None
    if type(value) is int or type(value) is str:
        value = _decimal(value, index)
    if type(value) is Decimal and is_figure(value):
        return value
    if type(value) is Decimal and value.is_zero():
        return _NOTHING  # however many digits it was written with
    raise Unreadable(f"field {index} is not a number: {value!r}")


def is_figure(value: Decimal) -> bool:
    """Whether it is a number, and of a size that numbers of the exchange may have."""
    return value.is_finite() and -_MAGNITUDE < value.adjusted() < _MAGNITUDE


def money(row: Row, index: int) -> Decimal:
    """As `number`, and it must be there."""
    value = number(row, index)
    if value is None:
        raise Unreadable(f"field {index} is missing")
    return value


def integer(row: Row, index: int) -> int | None:
    """A whole number; a fraction, as some time stamps carry, is cut off."""
    value = number(row, index)
    return None if value is None else int(value)


def identity(row: Row, index: int) -> int:
    """As `integer`, and it must be there."""
    value = integer(row, index)
    if value is None:
        raise Unreadable(f"field {index} is missing")
    return value


def text(row: Row, index: int) -> str:
    """A text; empty for null or absent."""
    value = field(row, index)
    if value is None or type(value) is str:
        return value or ""
    raise Unreadable(f"field {index} is not a text: {value!r}")


def moment(row: Row, index: int) -> datetime | None:
    """Milliseconds since the epoch, perhaps with a fraction, as aware UTC."""
    millis = number(row, index)
    return None if millis is None else moment_of(millis)


def moment_of(millis: int | Decimal) -> datetime:
    """Milliseconds since the epoch, perhaps with a fraction, as aware UTC."""
    if not 0 <= millis <= _FURTHEST:
        raise Unreadable(f"not a time: {millis}")
    return _EPOCH + timedelta(microseconds=int(millis * 1000))


def mapping(value: object) -> Mapping[str, object]:
    """An object, also when written as a text of JSON; empty for null and all else."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            value = anything(value.encode())
        except Unreadable:
            return {}
    return value if isinstance(value, dict) else {}


def truth(row: Row, index: int) -> bool:
    """Whether a flag of 0 and 1 is set; not for null or absent."""
    value = field(row, index)
    return value is True or (value is not False and number(row, index) == 1)


def millis(at: datetime) -> int:
    """As the exchange counts time: whole milliseconds since the epoch, rounded down."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def _decimal(value: int | str, index: int) -> Decimal:
    try:
        return Decimal(value)
    except InvalidOperation:
        raise Unreadable(f"field {index} is not a number: {value!r}") from None
