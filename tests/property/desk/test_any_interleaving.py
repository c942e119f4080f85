"""Whatever order the exchange's words arrive in, and however often, the same facts remain."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.book import Book
from engine.digest import digest
from engine.model.event import FeeSettled, OrderClosed, OrderFilled, OrderSubmitted
from engine.model.ids import CommandId, OrderId, OrderKey, TradeId
from engine.model.order import Fill, Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.report import FillReport, OrderReport, Report, SubmissionNoted
from engine.model.symbol import Symbol

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CID = OrderKey(1_790_000_000_000)
ID = OrderId(1_187_238_101)
TERMS = OrderTerms(
    symbol=Symbol("tBTCUSD"),
    side=Side.BUY,
    amount=Decimal("1"),
    type=OrderType.LIMIT,
    price=Decimal(30000),
)


def submitted() -> Book:
    book = Book()
    order = Order(
        key=CID,
        terms=TERMS,
        status=OrderStatus.PENDING,
        remaining=TERMS.amount,
        created_at=NOW,
        updated_at=NOW,
        command_id=CommandId("card:1"),
    )
    book.apply(OrderSubmitted(at=NOW, order=order))
    return book


def told(status: OrderStatus, remaining: str, step: int) -> OrderReport:
    return OrderReport(
        order_id=ID,
        cid=CID,
        terms=TERMS,
        status=status,
        remaining=Decimal(remaining),
        average=Decimal(30000) if remaining != "1" else None,
        text=status.name,
        created_at=NOW,
        # The exchange's clock may be behind ours.
        updated_at=NOW + timedelta(milliseconds=step - 400),
    )


def trade(number: int, amount: str) -> tuple[FillReport, FillReport]:
    fill = Fill(
        trade_id=TradeId(number),
        order_id=ID,
        symbol=TERMS.symbol,
        side=Side.BUY,
        amount=Decimal(amount),
        price=Decimal(30000),
        maker=False,
        at=NOW,
    )
    settled = replace(fill, fee=Decimal("-0.002") * fill.amount, fee_currency="BTC")
    return FillReport(fill=fill, cid=CID), FillReport(fill=settled, cid=CID)


LIFE: tuple[Report, ...] = (
    SubmissionNoted(cid=CID, order_id=ID),
    told(OrderStatus.WORKING, "1", 1),
    *trade(1, "0.4"),
    told(OrderStatus.PARTLY_FILLED, "0.6", 2),
    *trade(2, "0.6"),
    told(OrderStatus.FILLED, "0", 3),
)


@given(
    order=st.permutations(range(len(LIFE))),
    repeats=st.lists(st.integers(0, len(LIFE) - 1), max_size=12),
    places=st.lists(st.integers(0, len(LIFE)), min_size=12, max_size=12),
)
def test_same_facts_from_any_interleaving(
    order: list[int], repeats: list[int], places: list[int]
) -> None:
    heard = [LIFE[index] for index in order]
    for place, repeat in zip(places, repeats, strict=False):
        heard.insert(place, LIFE[repeat])
    book = submitted()
    events = []
    for report in heard:
        for event in digest(book, report, NOW):
            book.apply(event)
            events.append(event)
    final = book.orders[CID]
    assert final.status is OrderStatus.FILLED
    assert final.remaining == 0
    assert len(book.orders) == 1
    assert not book.orphans
    assert sum(isinstance(event, OrderClosed) for event in events) == 1
    fills = [event.fill.trade_id for event in events if isinstance(event, OrderFilled)]
    assert sorted(fills) == [1, 2]
    assert book.settled_ids == {1, 2}
    settled = [event for event in events if isinstance(event, FeeSettled)]
    assert len(settled) <= 2
