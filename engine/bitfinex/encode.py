"""The words of trading to the exchange's inputs (facts sheet 4, 6.7)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec

from engine.bitfinex.flags import OrderFlag
from engine.model.account import Wallet
from engine.model.approval import ApprovedOrder
from engine.model.errors import InvalidInput
from engine.model.money import plain
from engine.model.order import Order, OrderTerms, OrderType, Origin

CANCELS_PER_FRAME = 75

Fields = Mapping[str, str | int]
CancelFields = Fields | Mapping[str, Sequence[int] | Sequence[tuple[int, str]]]
_TYPE_NAMES = {(Wallet.EXCHANGE, kind): f"EXCHANGE {kind.upper()}" for kind in OrderType} | {
    (Wallet.MARGIN, kind): kind.upper() for kind in OrderType
}
_encoder = msgspec.json.Encoder()


def message(content: object) -> bytes:
    """JSON text of one frame or request body."""
    return _encoder.encode(content)


def new_order(order: ApprovedOrder) -> Fields:
    """Submit fields (4.2), the same for the socket's `on` and for REST."""
    terms = order.terms
    fields: dict[str, str | int] = {
        "cid": order.key,
        "type": type_name(terms),
        "symbol": terms.symbol,
        "amount": plain(terms.signed_amount),
    }
    fields |= _prices(terms)
    flags = flags_of(terms)
    if terms.oco_stop is not None:
        flags |= OrderFlag.OCO
        fields |= _stop_leg(order, terms.oco_stop)
    if flags:
        fields["flags"] = int(flags)
    if terms.group is not None:
        fields["gid"] = terms.group
    if terms.good_until is not None:
        fields["tif"] = until(terms.good_until)
    if terms.leverage is not None:
        fields["lev"] = terms.leverage
    return fields


def submit_frame(order: ApprovedOrder) -> bytes:
    """`[0,"on",null,{...}]`."""
    return message((0, "on", None, new_order(order)))


def cancel_frames(orders: Sequence[Order]) -> Iterator[bytes]:
    """`oc` for one order; `oc_multi` for several: ids first, then those known by cid only."""
    for kind, fields in cancels(orders):
        yield message((0, kind, None, fields))


def cancels(orders: Sequence[Order]) -> Iterator[tuple[str, CancelFields]]:
    """The inputs that cancel these orders, each with its kind, the same for REST."""
    if len(orders) == 1:
        yield "oc", named(orders[0])
        return
    ids = [found for order in orders if (found := known_id(order)) is not None]
    cids = [(order.key, cid_date(order.created_at)) for order in orders if known_id(order) is None]
    for start in range(0, len(ids), CANCELS_PER_FRAME):
        yield "oc_multi", {"id": ids[start : start + CANCELS_PER_FRAME]}
    for start in range(0, len(cids), CANCELS_PER_FRAME):
        yield "oc_multi", {"cid": cids[start : start + CANCELS_PER_FRAME]}


def calc_frame(names: Sequence[str]) -> bytes:
    """`[0,"calc",null,[[name],...]]`: at most 30 names (6.7)."""
    return message((0, "calc", None, [(name,) for name in names]))


def cid_date(created_at: datetime) -> str:
    """The UTC day under which the exchange files a cid."""
    return created_at.astimezone(UTC).date().isoformat()


def until(moment: datetime) -> str:
    """A time in force as the exchange reads it: UTC, whole seconds, never shortened (4.2)."""
    second = moment.astimezone(UTC).replace(microsecond=0)
    late = timedelta(seconds=1 if moment.microsecond else 0)
    return (second + late).strftime("%Y-%m-%d %H:%M:%S")


def type_name(terms: OrderTerms) -> str:
    """The type with its wallet prefix (4.1)."""
    name = _TYPE_NAMES.get((terms.wallet, terms.type))
    if name is None:
        raise InvalidInput("Orders trade from the exchange or the margin wallet.")
    return name


def _prices(terms: OrderTerms) -> dict[str, str]:
    match terms.type:
        case OrderType.LIMIT | OrderType.FOK | OrderType.IOC:
            return {"price": _needed(terms.price, "limit price")}
        case OrderType.STOP:
            return {"price": _needed(terms.trigger, "stop price")}
        case OrderType.STOP_LIMIT:
            stop, limit = _needed(terms.trigger, "stop price"), _needed(terms.price, "limit price")
            return {"price": stop, "price_aux_limit": limit}
        case OrderType.TRAILING_STOP:
            return {"price_trailing": _needed(terms.trail, "distance")}
        case OrderType.MARKET:
            return {}


def _needed(price: Decimal | None, what: str) -> str:
    if price is None:
        raise InvalidInput(f"This order type needs a {what}.")
    return plain(price)


def flags_of(terms: OrderTerms) -> int:
    """What the terms say as bits (4.3), OCO aside: it belongs to a submit only."""
    flags = 0
    if terms.hidden:
        flags |= OrderFlag.HIDDEN
    if terms.close:
        flags |= OrderFlag.CLOSE
    if terms.reduce_only:
        flags |= OrderFlag.REDUCE_ONLY
    if terms.post_only:
        flags |= OrderFlag.POST_ONLY
    return flags


def known_id(order: Order) -> int | None:
    """The exchange's id of an order, if it is known."""
    if order.order_id is None and order.origin is Origin.ELSEWHERE:
        return order.key
    return order.order_id


def named(order: Order) -> dict[str, str | int]:
    """How the exchange is told which order is meant: by id, else by cid and its day."""
    known = known_id(order)
    if known is not None:
        return {"id": known}
    return {"cid": order.key, "cid_date": cid_date(order.created_at)}


def _stop_leg(order: ApprovedOrder, stop: Decimal) -> dict[str, str | int]:
    if order.terms.type is not OrderType.LIMIT:
        raise InvalidInput("A stop can go with a limit order only.")
    leg: dict[str, str | int] = {"price_oco_stop": plain(stop)}
    if order.partner is not None:
        leg["cid_oco"] = order.partner
    return leg
