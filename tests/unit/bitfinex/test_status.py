"""Status strings, by their beginning."""

from decimal import Decimal

import pytest

from engine.bitfinex.status import closed_status_of, status_of
from engine.model.order import OrderStatus
from tests.unit.bitfinex.recorded import needs_shared, shared

SOME = Decimal("0.5")
CASES = [
    ("ACTIVE", SOME, OrderStatus.WORKING),
    ("ACTIVE (note:POSCLOSE)", SOME, OrderStatus.WORKING),
    ("PARTIALLY FILLED @ 7000.0(0.5)", SOME, OrderStatus.PARTLY_FILLED),
    ("EXECUTED @ 4304.2632(0.12)", Decimal(0), OrderStatus.FILLED),
    ("EXECUTED @ 916.2(0.78): was PARTIALLY FILLED @ 915.9(0.22)", Decimal(0), OrderStatus.FILLED),
    ("FORCED EXECUTED @ 916.2(0.78)", Decimal(0), OrderStatus.FILLED),
    ("EXECUTED @ 0.1(50.0) was ACTIVE (note:POSCLOSE)", Decimal(0), OrderStatus.FILLED),
    ("CANCELED", SOME, OrderStatus.CANCELLED),
    ("CANCELED was: PARTIALLY FILLED @ 6600.2(0.02799232)", SOME, OrderStatus.CANCELLED),
    ("POSTONLY CANCELED", SOME, OrderStatus.CANCELLED),
    ("IOC CANCELED", SOME, OrderStatus.CANCELLED),
    ("FILLORKILL CANCELED", SOME, OrderStatus.CANCELLED),
    ("INSUFFICIENT BALANCE (U1)", SOME, OrderStatus.CANCELLED),
    ("INSUFFICIENT MARGIN was: PARTIALLY FILLED @ 7000.0(0.5)", SOME, OrderStatus.CANCELLED),
    ("RSN_DUST", SOME, OrderStatus.CANCELLED),
    ("RSN_BOOK_SLIP was: PARTIALLY FILLED @ 1.0(1.0)", SOME, OrderStatus.CANCELLED),
    ("RSN_POS_NOTFOUND", SOME, OrderStatus.CANCELLED),
    ("a word of next year", SOME, OrderStatus.CANCELLED),
    (
        "INSUFFICIENT BALANCE (G1) was: ACTIVE (note:POSCLOSE), PARTIALLY FILLED @ 0.008(-0.4)",
        Decimal(0),
        OrderStatus.FILLED,
    ),
]


@pytest.mark.parametrize(("text", "remaining", "status"), CASES)
def test_reads_a_status(text: str, remaining: Decimal, status: OrderStatus) -> None:
    assert status_of(text, remaining) is status


def test_a_closed_order_is_never_open() -> None:
    assert closed_status_of("ACTIVE", SOME) is OrderStatus.CANCELLED


@needs_shared
def test_reads_every_recorded_status() -> None:
    expected = {
        "active": OrderStatus.WORKING,
        "partially_filled": OrderStatus.PARTLY_FILLED,
        "executed": OrderStatus.FILLED,
    }
    samples = shared("order_status_strings.json")
    assert samples
    for sample in samples:
        wanted = expected.get(str(sample["first_word_class"]), OrderStatus.CANCELLED)
        assert status_of(str(sample["status"]), SOME) is wanted
