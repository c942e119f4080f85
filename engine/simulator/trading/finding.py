"""Which orders a cancellation means."""

from collections.abc import Iterator

from engine.simulator.trading.account import Account
from engine.simulator.trading.order import Order
from engine.simulator.trading.request import (
    HIGHEST_CID,
    HIGHEST_ID,
    day_of,
    not_found,
    read_day,
    read_ids,
    read_integer,
)
from engine.simulator.wire.json import Fields, Json
from engine.simulator.wire.refusal import parameter


def one_order(account: Account, fields: Fields) -> Order:
    """The open order of `{id}` or `{cid, cid_date}`; raises `Refusal`."""
    order_id = read_integer(fields, "id", HIGHEST_ID)
    if order_id is not None:
        found = account.orders.get(order_id)
    else:
        found = _by_cid(account, fields.get("cid"), fields.get("cid_date"))
    if found is None:
        raise not_found()
    return found


def many_orders(account: Account, fields: Fields) -> Iterator[Order]:
    """The open orders of `{id: [...], cid: [[cid, date]], gid: [...], all: 1}`."""
    if fields.get("all"):
        yield from account.orders.values()
        return
    if "id" in fields:
        wanted = set(read_ids(fields["id"], "id"))
        yield from [order for order in account.orders.values() if order.id in wanted]
    if "gid" in fields:
        groups = set(read_ids(fields["gid"], "gid"))
        yield from [order for order in account.orders.values() if order.gid in groups]
    for pair in _pairs(fields.get("cid")):
        found = _by_cid(account, *pair)
        if found is not None:
            yield found


def _by_cid(account: Account, cid: Json, day: Json) -> Order | None:
    number = read_integer({"cid": cid}, "cid", HIGHEST_CID)
    if number is None:
        raise parameter("id")
    wanted = read_day(day)
    matching = [
        order
        for order in account.orders.values()
        if order.cid == number and day_of(order.created) == wanted
    ]
    return matching[-1] if matching else None


def _pairs(given: Json) -> Iterator[tuple[Json, Json]]:
    if given is None:
        return
    if not isinstance(given, list) or len(given) > 1_000:
        raise parameter("cid")
    for pair in given:
        if not isinstance(pair, list) or len(pair) != 2:
            raise parameter("cid")
        yield pair[0], pair[1]
