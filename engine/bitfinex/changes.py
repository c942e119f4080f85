"""Changes of open orders to the exchange's `ou` (facts sheet 3, 4.2, 6.7)."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from engine.bitfinex.encode import Fields, flags_of, message, named, until
from engine.model.approval import ApprovedChange
from engine.model.change import OrderChange
from engine.model.errors import InvalidInput
from engine.model.money import plain
from engine.model.order import OrderTerms, OrderType


def changed_fields(approved: ApprovedChange) -> Fields:
    """Update fields, the same for the socket's `ou` and for REST.

    A new size travels as `delta`: signed like the order, added to what remains when it arrives,
    so that a fill on the way costs nothing. `amount` would set what remains.
    """
    order, change = approved.order, approved.change
    fields = named(order)
    named_only = len(fields)
    fields.update(_prices(order.terms, change))
    if change.amount is not None and change.amount != order.terms.amount:
        fields["delta"] = plain((change.amount - order.terms.amount) * order.terms.side.sign)
    if change.good_until is not None:
        fields["tif"] = until(change.good_until)
    if _has_flags(change):
        fields["flags"] = int(flags_of(_flagged(order.terms, change)))
    if len(fields) == named_only:
        raise InvalidInput("This would change nothing.")
    return fields


def change_frame(approved: ApprovedChange) -> bytes:
    """`[0,"ou",null,{...}]`."""
    return message((0, "ou", None, changed_fields(approved)))


def _prices(terms: OrderTerms, change: OrderChange) -> Iterator[tuple[str, str]]:
    for price, names, what in (
        (change.price, _LIMITS, "limit price"),
        (change.trigger, _TRIGGERS, "stop price"),
        (change.trail, _TRAILS, "distance"),
    ):
        if price is not None:
            yield _field(names.get(terms.type), terms.type, what), _positive(price, what)


_LIMITS = {
    OrderType.LIMIT: "price",
    OrderType.FOK: "price",
    OrderType.IOC: "price",
    OrderType.STOP_LIMIT: "price_aux_limit",
}
_TRIGGERS = {OrderType.STOP: "price", OrderType.STOP_LIMIT: "price"}
_TRAILS = {OrderType.TRAILING_STOP: "price_trailing"}


def _field(name: str | None, kind: OrderType, what: str) -> str:
    if name is None:
        raise InvalidInput(f"A {kind} order has no {what} to change.")
    return name


def _positive(price: Decimal, what: str) -> str:
    if price <= 0:
        raise InvalidInput(f"A {what} is more than nothing.")
    return plain(price)


def _has_flags(change: OrderChange) -> bool:
    return not (change.post_only is None and change.reduce_only is None and change.hidden is None)


def _flagged(terms: OrderTerms, change: OrderChange) -> OrderTerms:
    """The exchange takes all flags anew: those that stay must be said again."""
    return replace(
        terms,
        post_only=terms.post_only if change.post_only is None else change.post_only,
        reduce_only=terms.reduce_only if change.reduce_only is None else change.reduce_only,
        hidden=terms.hidden if change.hidden is None else change.hidden,
    )
