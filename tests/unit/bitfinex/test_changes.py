"""What an open order is to become, as the exchange wants it said."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.bitfinex.changes import change_frame, changed_fields
from engine.model.approval import ApprovedChange
from engine.model.change import OrderChange
from engine.model.errors import InvalidInput
from engine.model.order import Order, OrderType, Side
from tests.unit.bitfinex.answering import order_in_book, terms_of


def fields(order: Order, **change: object) -> dict[str, str | int]:
    wanted = OrderChange(**change)  # type: ignore[arg-type]  # a test's shorthand
    return dict(changed_fields(ApprovedChange(order=order, change=wanted)))


def test_a_price() -> None:
    assert fields(order_in_book(), price=Decimal(31000)) == {"id": 118, "price": "31000"}


@pytest.mark.parametrize(
    ("side", "size", "delta"),
    [
        (Side.BUY, "0.7", "0.2"),
        (Side.BUY, "0.3", "-0.2"),
        (Side.SELL, "0.7", "-0.2"),
        (Side.SELL, "0.3", "0.2"),
    ],
)
def test_a_size_is_a_difference_signed_like_the_order(side: Side, size: str, delta: str) -> None:
    """It is added to what remains, and what remains of a sell is negative."""
    order = order_in_book(terms_of(side=side))
    assert fields(order, amount=Decimal(size)) == {"id": 118, "delta": delta}


def test_a_fill_on_the_way_does_not_change_the_difference() -> None:
    partly = order_in_book(remaining=Decimal("0.1"))
    assert fields(partly, amount=Decimal("0.7")) == fields(order_in_book(), amount=Decimal("0.7"))


def test_an_order_known_by_cid_only() -> None:
    assert fields(order_in_book(order_id=None), price=Decimal(1)) == {
        "cid": 1700000000001,
        "cid_date": "2026-03-01",
        "price": "1",
    }


def test_stops() -> None:
    stop = order_in_book(terms_of(OrderType.STOP, trigger=Decimal(29000)))
    assert fields(stop, trigger=Decimal(28000)) == {"id": 118, "price": "28000"}
    limit = order_in_book(terms_of(OrderType.STOP_LIMIT, trigger=Decimal(2), price=Decimal(1)))
    assert fields(limit, trigger=Decimal(20), price=Decimal(10)) == {
        "id": 118,
        "price": "20",
        "price_aux_limit": "10",
    }
    trailing = order_in_book(terms_of(OrderType.TRAILING_STOP, trail=Decimal(150)))
    assert fields(trailing, trail=Decimal(90)) == {"id": 118, "price_trailing": "90"}


def test_flags_that_stay_are_said_again() -> None:
    order = order_in_book(terms_of(hidden=True, reduce_only=True))
    assert fields(order, post_only=True)["flags"] == 64 + 1024 + 4096
    assert fields(order, hidden=False)["flags"] == 1024
    assert "flags" not in fields(order, price=Decimal(1))


def test_an_end() -> None:
    end = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
    assert fields(order_in_book(), good_until=end)["tif"] == "2026-04-01 12:00:00"


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (OrderType.MARKET, {"price": Decimal(1)}),
        (OrderType.STOP, {"price": Decimal(1)}),
        (OrderType.LIMIT, {"trigger": Decimal(1)}),
        (OrderType.LIMIT, {"trail": Decimal(1)}),
        (OrderType.TRAILING_STOP, {"trigger": Decimal(1)}),
        (OrderType.LIMIT, {"price": Decimal(0)}),
        (OrderType.LIMIT, {}),
        (OrderType.LIMIT, {"amount": Decimal("0.5")}),
    ],
)
def test_what_makes_no_sense_never_leaves(kind: OrderType, change: dict[str, Decimal]) -> None:
    with pytest.raises(InvalidInput):
        fields(order_in_book(terms_of(kind)), **change)


def test_the_frame() -> None:
    change = ApprovedChange(order=order_in_book(), change=OrderChange(price=Decimal(1)))
    assert json.loads(change_frame(change)) == [0, "ou", None, {"id": 118, "price": "1"}]
