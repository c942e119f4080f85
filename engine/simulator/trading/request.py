"""What a client asks for, read from JSON with the exchange's refusals."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from engine.simulator.trading.order import TYPES, ZERO, Flag
from engine.simulator.wire.json import Fields, Json
from engine.simulator.wire.numbers import cut_price, to_eight
from engine.simulator.wire.refusal import Refusal, generic, parameter

HIGHEST_CID = 2**45 - 1
HIGHEST_ID = 2**53 - 1
HIGHEST_LEVERAGE = 100
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
LONGEST_NUMBER = 40
LARGEST = Decimal("1e15")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """A submit: prices cut to five digits, the amount signed with eight decimals."""

    symbol: str
    kind: str
    amount: Decimal
    price: Decimal = ZERO
    price_aux_limit: Decimal = ZERO
    price_trailing: Decimal = ZERO
    price_oco_stop: Decimal = ZERO
    cid: int | None = None
    cid_oco: int | None = None
    gid: int | None = None
    flags: int = 0
    tif: int | None = None
    lev: int | None = None
    meta: dict[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An update: what is None stays as it is."""

    amount: Decimal | None = None
    delta: Decimal | None = None
    price: Decimal | None = None
    price_aux_limit: Decimal | None = None
    price_trailing: Decimal | None = None
    gid: int | None = None
    flags: int | None = None
    tif: int | None = None
    lev: int | None = None


def read_new_order(fields: Fields) -> NewOrder:
    """The submit fields of the sheet, 4.2; raises `Refusal` naming the wrong one."""
    kind, symbol = fields.get("type"), fields.get("symbol")
    if not isinstance(symbol, str):
        raise parameter("symbol")
    if not isinstance(kind, str) or kind not in TYPES:
        raise generic("type: invalid")
    amount = read_number(fields, "amount")
    if not amount or not (amount := to_eight(amount)):
        raise generic("amount: invalid")
    return NewOrder(
        symbol=symbol,
        kind=kind,
        amount=amount,
        price=read_price(fields, "price") or ZERO,
        price_aux_limit=read_price(fields, "price_aux_limit") or ZERO,
        price_trailing=read_price(fields, "price_trailing") or ZERO,
        price_oco_stop=read_price(fields, "price_oco_stop") or ZERO,
        cid=read_integer(fields, "cid", HIGHEST_CID),
        cid_oco=read_integer(fields, "cid_oco", HIGHEST_CID),
        gid=read_integer(fields, "gid", HIGHEST_ID),
        flags=read_flags(fields) or 0,
        tif=read_tif(fields),
        lev=read_leverage(fields),
        meta=read_meta(fields),
    )


def read_change(fields: Fields) -> Change:
    """The update fields of the sheet, 3; raises `Refusal` naming the wrong one."""
    return Change(
        amount=read_number(fields, "amount"),
        delta=read_number(fields, "delta"),
        price=read_price(fields, "price"),
        price_aux_limit=read_price(fields, "price_aux_limit"),
        price_trailing=read_price(fields, "price_trailing"),
        gid=read_integer(fields, "gid", HIGHEST_ID),
        flags=read_flags(fields),
        tif=read_tif(fields),
        lev=read_leverage(fields),
    )


def read_number(fields: Fields, name: str) -> Decimal | None:
    """A number or its text; refused when it is none, not finite or beyond all reason."""
    given = fields.get(name)
    if given is None or given == "":
        return None
    if isinstance(given, bool) or not isinstance(given, str | int | Decimal):
        raise generic(f"{name}: invalid")
    text = str(given)
    if len(text) > LONGEST_NUMBER or not NUMBER.fullmatch(text):
        raise generic(f"{name}: invalid")
    try:
        value = Decimal(text)
    except InvalidOperation as broken:
        raise generic(f"{name}: invalid") from broken
    if abs(value) > LARGEST:
        raise generic(f"{name}: invalid")
    return value


def read_price(fields: Fields, name: str) -> Decimal | None:
    value = read_number(fields, name)
    if value is None:
        return None
    if value < 0:
        raise generic(f"{name}: invalid")
    return cut_price(value)


def read_integer(fields: Fields, name: str, highest: int) -> int | None:
    """A whole number from 0 to `highest`, as a number or as text."""
    given = fields.get(name)
    if given is None:
        return None
    if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 20:
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= highest:
        raise parameter(name)
    return given


def read_flags(fields: Fields) -> int | None:
    flags = read_integer(fields, "flags", HIGHEST_ID)
    known = Flag.HIDDEN | Flag.CLOSE | Flag.REDUCE_ONLY | Flag.POST_ONLY | Flag.OCO
    if flags is not None and flags & ~(known | Flag.NO_VAR_RATES):
        raise parameter("flags")
    return flags


def read_leverage(fields: Fields) -> int | None:
    """1 to 100; only derivatives make something of it."""
    leverage = read_integer(fields, "lev", HIGHEST_LEVERAGE)
    if leverage == 0:
        raise parameter("lev")
    return leverage


def read_tif(fields: Fields) -> int | None:
    """`YYYY-MM-DD HH:MM:SS` in UTC, or ms, as ms."""
    given = fields.get("tif")
    if given is None:
        return None
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if not isinstance(given, str):
        raise parameter("tif")
    try:
        moment = datetime.fromisoformat(given.replace("Z", "+00:00"))
    except ValueError as broken:
        raise parameter("tif") from broken
    return int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1000)


def read_meta(fields: Fields) -> dict[str, int | str]:
    given = fields.get("meta")
    if given is None:
        return {}
    if not isinstance(given, dict) or len(encoded := str(given)) > 2_000 or not encoded:
        raise parameter("meta")
    return {key: item for key, item in given.items() if isinstance(item, int | str)}


def read_ids(given: Json, name: str) -> list[int]:
    """A list of ids, numbers or texts; one alone is a list too."""
    listed = given if isinstance(given, list) else [given]
    if len(listed) > 1_000:
        raise parameter(name)
    found = [read_integer({name: item}, name, HIGHEST_ID) for item in listed]
    return [number for number in found if number is not None]


def read_day(given: Json) -> str:
    """A `YYYY-MM-DD` day as it stands."""
    if isinstance(given, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", given, re.ASCII):
        return given
    raise parameter("cid_date")


def day_of(mts: int) -> str:
    """The UTC day of a time in ms."""
    return datetime.fromtimestamp(mts / 1000, UTC).strftime("%Y-%m-%d")


def not_found() -> Refusal:
    return generic("Order not found.")
