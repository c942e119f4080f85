"""Rows are as long as the sheet says and hold what it says where it says."""

from decimal import Decimal

from engine.simulator.trading.account import LedgerEntry, Position, Wallet
from engine.simulator.trading.order import Execution, Flag, Order, Trade
from engine.simulator.trading.rows import (
    ledger_row,
    notification_row,
    order_row,
    position_row,
    request_row,
    trade_row,
    wallet_row,
)
from engine.simulator.trading.statuses import executed, resting, stopped


def an_order(**changes: object) -> Order:
    order = Order(
        id=1,
        cid=2,
        symbol="tBTCUSD",
        kind="EXCHANGE LIMIT",
        amount=Decimal("0.5"),
        amount_orig=Decimal(1),
        created=10,
        updated=11,
        gid=3,
        price=Decimal(500),
    )
    for name, value in changes.items():
        setattr(order, name, value)
    return order


def test_the_order_row_is_the_sheets_sample_by_index() -> None:
    row = order_row(an_order(flags=Flag.HIDDEN | Flag.POST_ONLY, placed_id=9, tif=77))
    assert len(row) == 32
    assert row[:4] == [1, 3, 2, "tBTCUSD"]
    assert row[4:8] == [10, 11, Decimal("0.5"), 1]
    assert row[8:14] == ["EXCHANGE LIMIT", None, 77, None, 64, "ACTIVE"]
    assert row[16:20] == [500, 0, 0, 0]
    assert row[23:26] == [0, 1, 9]
    assert [row[28], row[31]] == ["API>BFX", {"$F7": 1}]
    assert {index for index, cell in enumerate(row) if cell is None} >= {14, 15, 20, 21, 22, 26, 27}


def test_other_rows_have_their_full_length() -> None:
    detail: dict[str, int | str | None] = {"reason": "TRADE"}
    position = Position(
        id=5,
        symbol="tBTCUSD",
        amount=Decimal(1),
        base_price=Decimal(2),
        created=3,
        updated=4,
        detail=detail,
    )
    assert len(position_row(position)) == 20
    assert position_row(position)[6:10] == [None] * 4
    assert position_row(position, [1, 2, 3, 4])[6:13] == [1, 2, 3, 4, None, 5, 3]
    assert wallet_row(Wallet(kind="exchange", currency="USD"), None)[4] is None
    assert len(wallet_row(Wallet(kind="exchange", currency="USD"), None)) == 7
    assert len(notification_row(1, "on-req", [], "text")) == 8
    assert len(request_row()) == 32
    trade = Trade(
        id=1,
        symbol="tBTCUSD",
        mts=2,
        order_id=3,
        amount=Decimal(1),
        price=Decimal(2),
        kind="LIMIT",
        order_price=Decimal(2),
        maker=True,
        fee=Decimal("-0.1"),
        fee_currency="USD",
        cid=4,
    )
    assert trade_row(trade)[8:] == [1, Decimal("-0.1"), "USD", 4]
    assert trade_row(trade, with_fee=False)[8:] == [1, None, None, 4]
    entry = LedgerEntry(
        id=1,
        currency="USD",
        wallet="margin",
        mts=2,
        amount=Decimal(1),
        balance=Decimal(2),
        text="x",
    )
    assert ledger_row(entry) == [1, "USD", "margin", 2, None, 1, 2, None, "x"]


def test_statuses_read_as_the_recorded_ones() -> None:
    fills = [Execution(Decimal("4304.26318325"), Decimal("0.116163"))]
    assert executed(an_order(fills=fills)) == "EXECUTED @ 4304.2632(0.12)"
    chain = [
        Execution(Decimal("915.9"), Decimal("0.22")),
        Execution(Decimal("916.2"), Decimal("0.78320284")),
    ]
    expected = "EXECUTED @ 916.2(0.78): was PARTIALLY FILLED @ 915.9(0.22)"
    assert executed(an_order(fills=chain)) == expected
    partly = [Execution(Decimal("6600.2"), Decimal("0.02799232"))]
    expected = "CANCELED was: PARTIALLY FILLED @ 6600.2(0.02799232)"
    assert stopped(an_order(fills=partly), "CANCELED") == expected
    assert resting(an_order(fills=[Execution(Decimal(7000), Decimal("0.5"))])) == (
        "PARTIALLY FILLED @ 7000.0(0.5)"
    )
    closing = an_order(flags=Flag.CLOSE, fills=[Execution(Decimal("0.1"), Decimal(50))])
    assert executed(closing) == "EXECUTED @ 0.1(50.0) was ACTIVE (note:POSCLOSE)"
    long = an_order(fills=[Execution(Decimal(1), Decimal(1))] * 40)
    assert len(executed(long)) <= 250
