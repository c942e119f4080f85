"""What the exchange says of an order changes what it speaks of, and nothing else is lost."""

from dataclasses import MISSING, fields, replace
from datetime import UTC, datetime
from decimal import Decimal

from engine.model.ids import CommandId, OrderId, OrderKey
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Origin, Side
from engine.model.symbol import Symbol

AT = datetime(2026, 1, 2, tzinfo=UTC)
TERMS = OrderTerms(
    symbol=Symbol("tBTCUSD"), side=Side.BUY, amount=Decimal(2), type=OrderType.STOP_LIMIT
)
FULL = Order(
    key=OrderKey(1),
    terms=TERMS,
    status=OrderStatus.PENDING,
    remaining=Decimal(2),
    created_at=AT,
    updated_at=AT,
    order_id=OrderId(7),
    average=Decimal(3),
    reason="none",
    origin=Origin.ADOPTED,
    actor_id="somebody",
    command_id=CommandId("wish"),
    partner=OrderKey(2),
    bracket=OrderKey(3),
)


def test_no_field_is_left_out_of_this_test() -> None:
    idle = [
        field.name
        for field in fields(Order)
        if field.default is not MISSING and getattr(FULL, field.name) == field.default
    ]
    assert idle == []


def test_it_is_the_order_with_what_was_told() -> None:
    terms, later = replace(TERMS, type=OrderType.LIMIT), AT.replace(hour=3)
    told = FULL.as_told(
        order_id=OrderId(9),
        terms=terms,
        status=OrderStatus.PARTLY_FILLED,
        remaining=Decimal(1),
        average=Decimal(4),
        updated_at=later,
        reason="a reason",
    )
    assert told == replace(
        FULL,
        order_id=OrderId(9),
        terms=terms,
        status=OrderStatus.PARTLY_FILLED,
        remaining=Decimal(1),
        average=Decimal(4),
        updated_at=later,
        reason="a reason",
    )
