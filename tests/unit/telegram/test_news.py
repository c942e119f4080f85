"""Journal entries become the messages an operator needs, and no more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.telegram.digest import digested
from bot.telegram.news import news_of
from bot.telegram.tidings import News
from engine.model.account import Balance, Wallet
from engine.model.endpoint import EndpointType
from engine.model.entry import Entry
from engine.model.event import (
    BalanceChanged,
    CancelFailed,
    Event,
    ExchangeLinkLost,
    ExchangeReconciled,
    FeeSettled,
    LeadershipTaken,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderRejected,
    OrderSubmitted,
    PositionChanged,
    ServiceStarted,
    TradingPaused,
    TransportBreakerChanged,
)
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus
from tests.unit.telegram.made import NOW, WORKING, entries, fill, ordered, position

FILLED = ordered(OrderStatus.FILLED, "0")
ACCEPTED = OrderAccepted(at=NOW, order=WORKING)
SUBMITTED = OrderSubmitted(at=NOW, order=ordered(OrderStatus.PENDING))


def told(*events: Event, newest: Order | None = None) -> Sequence[News]:
    return news_of(entries(*events), lambda key: newest)


def test_fills_and_their_fees_are_one_message() -> None:
    (news,) = told(
        OrderFilled(at=NOW, order=WORKING, fill=fill(1, "0.2")),
        FeeSettled(at=NOW, order=WORKING, fill=fill(1, "0.2", "-0.0002")),
        OrderFilled(at=NOW, order=WORKING, fill=fill(2, "0.3", "-0.0003")),
        newest=ordered(OrderStatus.PARTLY_FILLED, "0.5"),
    )
    assert "Bought 0.5 BTC" in news.text
    assert "2 fills" in news.text
    assert "fee 0.0005 BTC" in news.text
    assert "0.5 BTC still open" in news.text
    assert news.actor_id == "tg:5"


def test_calls_that_are_held_back_ring_and_the_end_of_it_does_not() -> None:
    open_, closed = (
        TransportBreakerChanged(
            at=NOW, endpoint_type=EndpointType.PRIVATE_TRADING, open=state, reason="HTTP <502>."
        )
        for state in (True, False)
    )
    first, second = told(open_, closed)
    assert (first.urgent, first.silent, second.urgent) == (True, False, False)
    assert "calls for trading are held back" in first.text
    assert "HTTP &lt;502&gt;." in first.text
    assert "cancels are never held back" in first.text
    assert "answers again" in second.text


def test_fill_that_ends_an_order_says_so_once() -> None:
    (news,) = told(
        OrderFilled(at=NOW, order=WORKING, fill=fill(1, "1")),
        OrderClosed(at=NOW, order=FILLED),
    )
    assert "is filled" in news.text


def test_fills_of_two_orders_are_two_messages() -> None:
    other = replace(WORKING, key=OrderKey(8))
    assert (
        len(
            told(
                OrderFilled(at=NOW, order=WORKING, fill=fill(1, "0.2")),
                OrderFilled(at=NOW, order=other, fill=fill(2, "0.2")),
            )
        )
        == 2
    )


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.LOST])
def test_order_that_ends_without_a_fill(status: OrderStatus) -> None:
    (news,) = told(OrderClosed(at=NOW, order=ordered(status, reason="because <so>")))
    assert "Buy 1 BTC" in news.text
    assert "because &lt;so&gt;" in news.text


def test_rejection_in_the_exchanges_words() -> None:
    rejected = ordered(OrderStatus.REJECTED, reason="not enough balance")
    (news,) = told(OrderRejected(at=NOW, order=rejected))
    assert "Rejected" in news.text
    assert "not enough balance" in news.text
    assert not news.silent


def test_acceptance_is_told_only_where_it_came_late() -> None:
    assert told(SUBMITTED, ACCEPTED) == []
    (news,) = told(ACCEPTED)
    assert "Working" in news.text
    reconciled = ExchangeReconciled(at=NOW, settled=(WORKING.key,))
    assert len(told(ACCEPTED, reconciled, newest=WORKING)) == 2


def test_position_is_told_as_it_became() -> None:
    steps = [position("0.1"), position("0.3"), position("0.6")]
    (news,) = told(*(PositionChanged(at=NOW, position=p) for p in steps))
    assert "opened" in news.text
    assert "long 0.6 BTC" in news.text
    closed = PositionChanged(at=NOW, position=position("0"), before=position("0.6", "-12.5"))
    (news,) = told(closed)
    assert "closed" in news.text
    assert "-12.50 USD" in news.text


def test_refused_cancel_names_the_order() -> None:
    failed = CancelFailed(at=NOW, key=WORKING.key, reason="order not found")
    (news,) = told(failed, newest=WORKING)
    assert "Not cancelled" in news.text
    assert "order not found" in news.text


def test_what_changes_no_decision_is_not_told() -> None:
    balance = Balance(wallet=Wallet.EXCHANGE, currency="USD", total=Decimal(1))
    assert told(SUBMITTED, BalanceChanged(at=NOW, balance=balance)) == []


def test_what_needs_nobody_arrives_without_a_sound() -> None:
    quiet = [ServiceStarted(at=NOW, version="1"), ExchangeReconciled(at=NOW)]
    loud = [
        ServiceStarted(at=NOW, version="1", crashed=True),
        ExchangeReconciled(at=NOW, missed=1),
        ExchangeLinkLost(at=NOW, reason="it went."),
        TradingPaused(at=NOW, actor_id="tg:5", name="O", reason=""),
    ]
    assert all(news.silent for event in quiet for news in told(event))
    assert not any(news.silent for event in loud for news in told(event))


def flood(count: int) -> Sequence[Entry]:
    cancelled = ordered(OrderStatus.CANCELLED)
    return entries(*(OrderClosed(at=NOW, order=cancelled) for _ in range(count)))


def test_many_become_one_digest() -> None:
    few, many = flood(15), flood(16)
    assert len(digested(few, news_of(few, lambda key: None))) == 15
    (news,) = digested(many, news_of(many, lambda key: None))
    assert "16 things happened since 02 Jan 03:04 UTC" in news.text
    assert "/orders" in news.text
    assert not news.silent


LOST = ordered(OrderStatus.LOST, reason="the exchange does not know it")


def test_the_return_of_a_lost_order_is_told_however_fast_it_was() -> None:
    """Its card was given up when it was lost: nothing but an alert tells of it."""
    lost = OrderClosed(at=NOW, order=LOST)
    gone, back = told(SUBMITTED, lost, ACCEPTED)
    assert "Not found" in gone.text
    assert "Working" in back.text
    assert back.urgent


def test_a_settled_order_the_book_has_forgotten_is_still_told() -> None:
    reconciled = ExchangeReconciled(at=NOW, settled=(WORKING.key,))
    assert ["Working" in news.text for news in told(ACCEPTED, reconciled)] == [True, False]


def test_who_was_told_to_wait_is_told_the_answer_in_the_same_batch_too() -> None:
    late = OrderAccepted(at=NOW + timedelta(seconds=9), order=WORKING)
    (news,) = told(SUBMITTED, late)
    assert "Working" in news.text


def test_however_many_are_urgent_each_has_its_line() -> None:
    rejected = [
        OrderRejected(at=NOW, order=ordered(OrderStatus.REJECTED, reason=f"reason {number};"))
        for number in range(40)
    ]
    batch = entries(*rejected)
    digests = digested(batch, news_of(batch, lambda key: None))
    together = "\n".join(news.text for news in digests)
    assert len(digests) == 2
    assert all(f"reason {number};" in together for number in range(40))
    assert all(news.urgent and len(news.text) <= 4096 for news in digests)


def test_who_took_over_says_from_whom_and_why() -> None:
    taken = LeadershipTaken(
        at=NOW, name="ben", epoch=3, before="<ada>", heard_at=NOW - timedelta(seconds=4.3)
    )
    (silent,) = told(taken)
    assert "<code>ben</code> leads now" in silent.text
    assert "<code>&lt;ada&gt;</code> was not heard from for 4 s" in silent.text
    assert (silent.urgent, silent.silent) == (True, False)
    (handed,) = told(replace(taken, heard_at=None))
    assert "stepped down" in handed.text
