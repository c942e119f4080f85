"""What REST and websocket orders have in common before they reach the venue."""

from typing import NamedTuple

from engine.simulator.keyring import Credential
from engine.simulator.trading.account import Account
from engine.simulator.trading.order import TYPES, Order
from engine.simulator.trading.request import (
    HIGHEST_CID,
    HIGHEST_ID,
    day_of,
    read_integer,
    read_new_order,
    read_number,
)
from engine.simulator.trading.rows import notification_row, request_row
from engine.simulator.wire.json import Fields, Json, Row
from engine.simulator.wire.refusal import GENERIC, RATE_LIMIT, Refusal, generic, parameter
from engine.simulator.world import World

PAPER_PREFIX = "tTEST"
KINDS = ("on", "ou", "oc", "oc_multi")
MOST_OPERATIONS = 75
LONGEST_PAUSE_MS = 10_000


def submit(world: World, credential: Credential, account: Account, fields: Fields) -> list[Row]:
    """Place what `fields` ask for and count the attempt by its cid; raises `Refusal`."""
    world.count_attempt(account, fields.get("cid"))
    if not world.limits.admits_order(account.name, world.floor.now):
        raise Refusal(RATE_LIMIT, "ratelimit: error")
    new = read_new_order(fields)
    if credential.paper and not new.symbol.startswith(PAPER_PREFIX):
        raise generic("trading: invalid symbol (paper)")
    return world.venue.submit(account, new)


class Operation(NamedTuple):
    """One `["on", {...}]` of a multi operation."""

    kind: str
    fields: Fields


class Pause(NamedTuple):
    """One `["pause", milliseconds]`."""

    seconds: float


def read_operations(given: Json) -> list[Operation | Pause]:
    """What a multi operation holds, at most 75; one that is none refuses them all."""
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_OPERATIONS:
        raise parameter("ops")
    return [_read_operation(item) for item in given]


def _read_operation(given: Json) -> Operation | Pause:
    if isinstance(given, list) and len(given) == 2:
        kind, payload = given
        if kind == "pause":
            return _read_pause(payload)
        if kind in KINDS and isinstance(kind, str) and isinstance(payload, dict):
            return Operation(kind, payload)
    raise parameter("ops")


def _read_pause(given: Json) -> Pause:
    milliseconds = read_integer({"pause": given}, "pause", LONGEST_PAUSE_MS)
    return Pause((milliseconds or 0) / 1000)


def refusal_row(now: int, kind: str, fields: Fields, refusal: Refusal) -> Row:
    """The notification of something refused: the data holds only what was asked for."""
    code = None if refusal.code == GENERIC else refusal.code
    return notification_row(
        now, f"{kind}-req", _echo(kind, fields), refusal.text, status="ERROR", code=code
    )


def has_cid(order: Order, fields: Fields) -> bool:
    """Whether the order has the `cid`, and if given the `cid_date`, of a filter."""
    if order.cid != read_integer(fields, "cid", HIGHEST_CID):
        return False
    day = fields.get("cid_date")
    return day is None or day == day_of(order.created)


def _echo(kind: str, fields: Fields) -> Row:
    if kind != "on":
        return request_row(id=_whole(fields, "id"))
    symbol, order_type = fields.get("symbol"), fields.get("type")
    try:
        amount, price = read_number(fields, "amount"), read_number(fields, "price")
    except Refusal:
        amount = price = None
    return request_row(
        cid=_whole(fields, "cid"),
        gid=_whole(fields, "gid"),
        symbol=symbol if isinstance(symbol, str) else None,
        amount=amount,
        kind=order_type if isinstance(order_type, str) and order_type in TYPES else None,
        price=price,
        flags=_whole(fields, "flags"),
    )


def _whole(fields: Fields, name: str) -> int | None:
    try:
        return read_integer(fields, name, HIGHEST_ID)
    except Refusal:
        return None
