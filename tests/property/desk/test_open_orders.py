"""What open orders keep, kept up to date, is what adding them all up comes to."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.clock import SystemClock
from engine.floor import Floor
from engine.memory_journal import MemoryJournal
from engine.model.account import Wallet
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.position import Position
from engine.model.symbol import Symbol
from engine.open_orders import OpenOrders, keeps
from engine.operations.entries import entries, openings, worth_of_entries

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SYMBOLS = [Symbol("tBTCUSD"), Symbol("tETHUSD"), Symbol("tAAVE:USD")]
AMOUNTS = st.decimals("0.00000001", "1000", places=8)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Any order, one of a few keys, in any state."""
    key = draw(st.integers(1, 6))
    terms = OrderTerms(
        symbol=draw(st.sampled_from(SYMBOLS)),
        side=draw(st.sampled_from(Side)),
        amount=Decimal(1000),
        type=OrderType.LIMIT,
        price=draw(st.none() | st.decimals("0.0001", "99999", places=4)),
        wallet=draw(st.sampled_from([Wallet.EXCHANGE, Wallet.MARGIN])),
    )
    return Order(
        key=OrderKey(key),
        terms=terms,
        status=draw(st.sampled_from(OrderStatus)),
        remaining=draw(AMOUNTS),
        created_at=NOW,
        updated_at=NOW,
        partner=OrderKey(7 - key) if draw(st.booleans()) else None,
    )


@given(st.lists(orders(), max_size=30))
def test_the_sums_are_those_of_all_there_are(said: list[Order]) -> None:
    book, newest = OpenOrders(), dict[OrderKey, Order]()
    for order in said:
        book.put(order)
        newest[order.key] = order
    still = {key: order for key, order in newest.items() if order.status.is_open}
    assert {order.key: order for order in book} == still
    assert {o.key for o in book.pending} == {
        key for key, order in still.items() if order.status is OrderStatus.PENDING
    }
    for symbol in {order.terms.symbol for order in said}:
        own = [order for order in still.values() if order.terms.symbol == symbol]
        assert {order.key: order for order in book.of(symbol)} == {o.key: o for o in own}
        assert (symbol in book.symbols) is bool(own)
    special = {order.key for order in book.special}
    plain = [order for order in still.values() if order.key not in special]
    assert all(order.partner is None and keeps(order)[1] for order in plain)
    for purse in {keeps(order)[0] for order in said}:
        kept = [o for o in plain if keeps(o)[0] == purse]
        pending = [o for o in kept if o.status is OrderStatus.PENDING]
        assert book.kept(purse) == sum(keeps(o)[1] for o in kept)
        assert book.pending_kept(purse) == sum(keeps(o)[1] for o in pending)


@given(st.lists(orders(), max_size=12), st.lists(orders(), max_size=3), st.data())
def test_what_may_be_opened_is_what_a_fresh_look_says(
    said: list[Order], leaving: list[Order], data: st.DataObject
) -> None:
    kept, prices = floor_of([]), {Symbol("tBTCUSD"): Decimal(3)}
    for order in said:
        kept.book.open.put(order)
        kept.book.orders[order.key] = order
        if data.draw(st.booleans()):
            symbol = data.draw(st.sampled_from(sorted(SYMBOLS)))
            amount = data.draw(st.sampled_from([Decimal(0), Decimal(-20), Decimal(500)]))
            kept.book.put_position(Position(symbol=symbol, amount=amount, base_price=Decimal(1)))
        kept.in_flight = {o.key: o for o in leaving} if data.draw(st.booleans()) else {}
        there = list(kept.book.open)
        but: Order | None = data.draw(st.sampled_from([None, *there]))
        fresh = floor_of(there)
        fresh.book.orders, fresh.in_flight = kept.book.orders, kept.in_flight
        fresh.book.positions = kept.book.positions
        assert sorted_entries(kept, but) == sorted_entries(fresh, but)
        one, other = (
            worth_of_entries(openings(floor, but), {}, prices.get, lambda symbol: Decimal(2))
            for floor in (kept, fresh)
        )
        assert one == other


def floor_of(open_orders: list[Order]) -> Floor:
    made = Floor(journal=MemoryJournal(), clock=SystemClock())
    for order in open_orders:
        made.book.open.put(order)
    return made


def sorted_entries(floor: Floor, but: Order | None) -> list[tuple[OrderKey, Decimal]]:
    return sorted((order.key, amount) for order, amount in entries(floor, but))
