"""What open orders keep, kept up to date, is what adding them all up comes to."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.model.account import Wallet
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.symbol import Symbol
from engine.open_orders import OpenOrders, keeps

NOW = datetime(2026, 1, 1, tzinfo=UTC)
AMOUNTS = st.decimals("0.00000001", "1000", places=8)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Any order, one of a few keys, in any state."""
    key = draw(st.integers(1, 6))
    terms = OrderTerms(
        symbol=draw(st.sampled_from([Symbol("tBTCUSD"), Symbol("tETHUSD"), Symbol("tAAVE:USD")])),
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
    special = {order.key for order in book.special}
    plain = [order for order in still.values() if order.key not in special]
    assert all(order.partner is None and keeps(order)[1] for order in plain)
    for purse in {keeps(order)[0] for order in said}:
        kept = [o for o in plain if keeps(o)[0] == purse]
        pending = [o for o in kept if o.status is OrderStatus.PENDING]
        assert book.kept(purse) == sum(keeps(o)[1] for o in kept)
        assert book.pending_kept(purse) == sum(keeps(o)[1] for o in pending)
