"""Whatever is open beside a position: what may be opened is what trading it all would open."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import SystemClock
from engine.floor import Floor
from engine.memory_journal import MemoryJournal
from engine.model.account import Wallet
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.position import Position
from engine.model.symbol import Symbol
from engine.operations.entries import entries

BTC = Symbol("tBTCUSD")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
amounts = st.integers(1, 4).map(Decimal)


@st.composite
def orders(draw: st.DrawFn) -> list[Order]:
    """All that sell on margin, of any age, some of them bound to reduce."""
    ages = draw(st.lists(st.integers(0, 9), max_size=6))
    return [_order(key, age, draw(amounts), draw(st.booleans())) for key, age in enumerate(ages)]


def _order(key: int, age: int, amount: Decimal, reduce_only: bool) -> Order:
    terms = OrderTerms(
        symbol=BTC,
        side=Side.SELL,
        amount=amount,
        type=OrderType.LIMIT,
        price=Decimal(30000),
        wallet=Wallet.MARGIN,
        reduce_only=reduce_only,
    )
    return Order(
        key=OrderKey(key + 1),
        terms=terms,
        status=OrderStatus.WORKING,
        remaining=amount,
        created_at=NOW - timedelta(seconds=age),
        updated_at=NOW,
    )


def floor(open_orders: list[Order], held: Decimal) -> Floor:
    made = Floor(journal=MemoryJournal(), clock=SystemClock())
    for each in open_orders:
        made.book.orders[each.key] = each
        made.book.open.put(each)
    made.book.put_position(Position(symbol=BTC, amount=held, base_price=Decimal(30000)))
    return made


@given(orders(), amounts)
@settings(max_examples=300, deadline=None)
def test_it_is_what_is_short_after_all_have_traded_the_older_first(
    open_orders: list[Order], held: Decimal
) -> None:
    there = held
    for order in sorted(open_orders, key=lambda o: (o.created_at, o.key)):
        if order.terms.reduce_only:
            there = max(there - order.remaining, min(there, Decimal(0)))
        else:
            there -= order.remaining
    short = max(-there, Decimal(0))
    assert sum(amount for _, amount in entries(floor(open_orders, held))) == short


@given(orders(), amounts)
@settings(max_examples=100, deadline=None)
def test_nothing_that_may_only_reduce_opens_and_none_opens_more_than_itself(
    open_orders: list[Order], held: Decimal
) -> None:
    for order, amount in entries(floor(open_orders, held)):
        assert not order.terms.reduce_only
        assert 0 < amount <= order.remaining
