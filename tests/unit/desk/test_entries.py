"""What open orders may still open."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.clock import SystemClock
from engine.floor import Floor
from engine.memory_journal import MemoryJournal
from engine.model.account import Wallet
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.position import Position
from engine.model.symbol import Symbol
from engine.operations.entries import entries, openings, worth_of_entries

BTC = Symbol("tBTCUSD")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
BUY = OrderTerms(
    symbol=BTC, side=Side.BUY, amount=Decimal(2), type=OrderType.LIMIT, price=Decimal(100)
)
MARGIN = replace(BUY, wallet=Wallet.MARGIN)
SHORT = replace(MARGIN, side=Side.SELL)


def order(terms: OrderTerms, key: int = 1) -> Order:
    return Order(
        key=OrderKey(key),
        terms=terms,
        status=OrderStatus.WORKING,
        remaining=terms.amount,
        created_at=NOW,
        updated_at=NOW,
    )


def floor(*orders: Order, held: str | None = None) -> Floor:
    made = Floor(journal=MemoryJournal(), clock=SystemClock())
    for each in orders:
        made.book.orders[each.key] = each
        made.book.open.put(each)
    if held is not None:
        made.book.put_position(Position(symbol=BTC, amount=Decimal(held), base_price=Decimal(100)))
    return made


@pytest.mark.parametrize(
    ("there", "amounts"),
    [
        (floor(order(BUY)), ["2"]),
        (floor(replace(order(BUY), remaining=Decimal("0.5"))), ["0.5"]),
        (floor(order(replace(BUY, side=Side.SELL))), []),
        (floor(order(MARGIN), order(SHORT, 2)), ["2", "2"]),
        (floor(order(MARGIN), held="1"), ["2"]),
        (floor(order(SHORT), held="1"), ["1"]),
        (floor(order(SHORT), held="2"), []),
        (floor(order(SHORT), order(SHORT, 2), held="2"), ["2"]),
        (floor(order(SHORT), order(SHORT, 2), held="3"), ["1"]),
        (floor(order(SHORT, 2), order(replace(SHORT, reduce_only=True)), held="2"), ["2"]),
        (floor(order(SHORT), order(replace(SHORT, reduce_only=True), 2), held="2"), []),
        (floor(order(SHORT), replace(order(SHORT, 2), bracket=OrderKey(9)), held="1"), ["1"]),
        (floor(order(replace(SHORT, reduce_only=True))), []),
        (floor(replace(order(MARGIN), bracket=OrderKey(9))), []),
        (
            floor(
                replace(order(BUY, 1), partner=OrderKey(2)),
                replace(order(BUY, 2), partner=OrderKey(1)),
            ),
            ["2"],
        ),
    ],
)
def test_only_what_enlarges_a_holding_counts(there: Floor, amounts: list[str]) -> None:
    assert [str(amount) for _, amount in entries(there)] == amounts


def test_what_is_on_its_way_counts_and_what_is_changed_does_not() -> None:
    there = floor(order(BUY))
    there.in_flight[OrderKey(5)] = order(BUY, 5)
    assert [each.key for each, _ in entries(there)] == [1, 5]
    assert [each.key for each, _ in entries(there, order(BUY))] == [5]


def test_their_worth_is_unknown_where_a_price_is() -> None:
    market = replace(BUY, type=OrderType.MARKET, price=None)
    there = floor(order(BUY), order(market, 2))
    assert worth(there, price="110", rate="2") == {BTC: Decimal(840)}
    assert worth(there, price=None, rate="2") == {BTC: None}
    there.expected[OrderKey(2)] = Decimal(120)
    assert worth(there, price=None, rate="1") == {BTC: Decimal(440)}
    assert worth(there, price=None, rate=None) == {BTC: None}


def worth(there: Floor, price: str | None, rate: str | None) -> Mapping[Symbol, Decimal | None]:
    at = [None if figure is None else Decimal(figure) for figure in (price, rate)]
    return worth_of_entries(openings(there), there.expected, lambda _: at[0], lambda _: at[1])
