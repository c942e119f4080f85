"""Days of several orders, heard in any order, twice, late or not at all: the book stays true."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engine.book import Book
from engine.digest import digest
from engine.model.change import OrderChange
from engine.model.event import (
    AmendRequested,
    Event,
    FeeSettled,
    OrderClosed,
    OrderEvent,
    OrderFilled,
    OrderFound,
    OrderRejected,
    OrderSubmitted,
)
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Order, OrderStatus, OrderType
from engine.model.report import (
    AmendRefused,
    OrderReport,
    OrdersSnapshot,
    Report,
    SubmissionNoted,
    SubmissionRefused,
)
from tests.property.desk.exchange_model import (
    BUY,
    SELL,
    START,
    Truth,
    legacy,
    without_fee,
)

T = TypeVar("T")
PICK = st.integers(0, 1000)
MILLIS = st.sampled_from([0, 0, 1, 5_000])


class AnyDay(RuleBasedStateMachine):
    """Our submissions, the exchange's truth, and a wire that keeps no promise but one: what is
    never said over it is found by the next comparison."""

    def __init__(self) -> None:
        super().__init__()
        self.book = Book()
        self.truth = Truth()
        self.wire: list[Report] = []
        self.events: list[Event] = []
        self.ended: dict[OrderKey, Order] = {}
        self.submitted: list[Order] = []
        self.most_filled: dict[OrderKey, Decimal] = {}

    @rule(arrives=st.booleans(), millis=MILLIS)
    def submit(self, arrives: bool, millis: int) -> None:
        """One of ours leaves; it arrives or it does not."""
        self.truth.tick(millis)
        order = an_order(len(self.submitted))
        self.submitted.append(order)
        self.apply([OrderSubmitted(at=order.created_at, order=order)])
        if arrives:
            row = self.truth.take_in_ours(order.key, order.terms)
            self.wire += [SubmissionNoted(cid=order.key, order_id=row.order_id), row]

    @precondition(lambda self: self.unborn())
    @rule(pick=PICK)
    def refuse(self, pick: int) -> None:
        """The exchange turns away one that it never took in."""
        order = chosen(self.unborn(), pick)
        self.wire.append(SubmissionRefused(cid=order.key, reason="no"))

    @precondition(lambda self: self.unborn())
    @rule(pick=PICK)
    def give_up(self, pick: int) -> None:
        """Two looks did not find it."""
        order = chosen(self.unborn(), pick)
        lost = replace(order, status=OrderStatus.LOST, reason="not found")
        self.apply([OrderClosed(at=START, order=lost)])

    @precondition(lambda self: any(o.status is OrderStatus.LOST for o in self.unborn()))
    @rule(pick=PICK)
    def arrive_late(self, pick: int) -> None:
        """One that we gave up comes to work after all."""
        lost = [o for o in self.unborn() if o.status is OrderStatus.LOST]
        order = chosen(lost, pick)
        self.wire.append(self.truth.take_in_ours(order.key, order.terms))

    @rule(pick=PICK, borrowed=st.booleans())
    def somebody_else(self, pick: int, borrowed: bool) -> None:
        """Another program's order, perhaps under a cid of ours."""
        cid = chosen(self.submitted, pick).key if borrowed and self.submitted else None
        self.wire.append(self.truth.take_in(cid, SELL))

    @precondition(lambda self: self.truth.active())
    @rule(pick=PICK, amount=st.integers(1, 8), millis=MILLIS, old=st.booleans())
    def trade(self, pick: int, amount: int, millis: int, old: bool) -> None:
        """A part trades: a row and two words on the trade, in old form or new."""
        self.truth.tick(millis)
        row, fill = self.truth.trade(chosen(self.truth.active(), pick), amount)
        first, second = without_fee(fill), fill
        self.wire += [row, legacy(first) if old else first, legacy(second) if old else second]

        self.cancel_partner(row)

    @rule(arrives=st.booleans(), named=st.booleans())
    def submit_both(self, arrives: bool, named: bool) -> None:
        """An OCO leaves; the exchange may tell of its stop under a cid that is not ours."""
        limit, stop = an_oco(len(self.submitted))
        self.submitted += [limit, stop]
        self.apply([OrderSubmitted(at=order.created_at, order=order) for order in (limit, stop)])
        if arrives:
            self.wire += self.truth.take_in_both(
                limit.key, limit.terms, stop.key, stop.terms, named=named
            )

    @precondition(lambda self: self.truth.active())
    @rule(
        pick=PICK,
        amount=st.integers(1, 12),
        price=st.integers(29_000, 29_003),
        millis=st.integers(1, 50),
        asked=st.booleans(),
    )
    def amend(self, pick: int, amount: int, price: int, millis: int, asked: bool) -> None:
        """One is changed, by us or by hand; each change has a millisecond of its own."""
        self.truth.tick(millis)
        row = chosen(self.truth.active(), pick)
        known = self.book.find(row.order_id, row.cid)
        if asked and known is not None and known.status.is_open:
            change = OrderChange(amount=Decimal(amount), price=Decimal(price))
            self.apply([AmendRequested(at=START, actor_id="tg:1", key=known.key, change=change)])
        self.wire.append(self.truth.amend(row, amount, price))
        self.truth.tick(1)

    @precondition(lambda self: self.truth.active())
    @rule(pick=PICK)
    def refuse_to_amend(self, pick: int) -> None:
        """A refusal, late or early, of a change that was asked for or was not."""
        row = chosen(self.truth.active(), pick)
        self.wire.append(AmendRefused(order_id=row.order_id, reason="no"))

    @precondition(lambda self: self.truth.active())
    @rule(pick=PICK, millis=MILLIS)
    def cancel(self, pick: int, millis: int) -> None:
        """The exchange ends one."""
        self.truth.tick(millis)
        row = self.truth.cancel(chosen(self.truth.active(), pick))
        self.wire.append(row)
        self.cancel_partner(row)

    def cancel_partner(self, row: OrderReport) -> None:
        """What ends one order of an OCO ends the other."""
        partner = self.truth.partner(row)
        if partner is not None and not self.truth.rows[row.order_id].status.is_open:
            self.wire.append(self.truth.cancel(partner))

    @rule(at_once=st.booleans())
    def snapshot(self, at_once: bool) -> None:
        """All that is active, now or for later, when it is stale."""
        told = OrdersSnapshot(orders=tuple(self.truth.active()))
        if at_once:
            self.hear(told)
        else:
            self.wire.append(told)

    @precondition(lambda self: self.wire)
    @rule(pick=PICK, again=st.booleans())
    def deliver(self, pick: int, again: bool) -> None:
        """Any word that is on the wire, which may come again."""
        index = pick % len(self.wire)
        self.hear(self.wire[index])
        if not again:
            del self.wire[index]

    @rule(lost=st.booleans())
    def compare(self, lost: bool) -> None:
        """The link comes anew: the whole truth, and what was on the wire is gone or late."""
        if lost:
            self.wire.clear()
        self.hear(OrdersSnapshot(orders=tuple(self.truth.active())))
        for row in sorted(self.truth.rows.values(), key=lambda row: row.updated_at):
            self.hear(row)
        for trade in self.truth.trades.values():
            self.hear(trade)
        self.equal()

    def teardown(self) -> None:
        """In the end everything is compared."""
        self.compare(lost=False)
        for word in self.wire:
            self.hear(word)
        self.equal()

    @invariant()
    def one_order_a_wish(self) -> None:
        """A command made one order, or the two of an OCO, and an id of the exchange means one."""
        made = Counter(o.command_id for o in self.book.orders.values() if o.partner is None)
        assert {count for command, count in made.items() if command} <= {1}
        ids = Counter(o.order_id for o in self.book.orders.values() if o.order_id is not None)
        assert set(ids.values()) <= {1}

    @invariant()
    def what_has_traded_stays_traded(self) -> None:
        """Whatever becomes of an order's size."""
        for order in self.book.orders.values():
            assert order.filled >= self.most_filled.get(order.key, Decimal(0)), order
            self.most_filled[order.key] = order.filled

    @invariant()
    def only_open_orders_are_being_changed(self) -> None:
        """Nobody waits for an answer about an order that has ended."""
        assert all(self.book.orders[key].status.is_open for key in self.book.amending)

    @invariant()
    def no_trade_twice(self) -> None:
        """Each trade is news once, and so is its fee."""
        for kind in (OrderFilled, FeeSettled):
            told = Counter(e.fill.trade_id for e in self.events if isinstance(e, kind))
            assert set(told.values()) <= {1}, kind

    def equal(self) -> None:
        """The book holds what the exchange holds, order by order and trade by trade."""
        held = {o.order_id: o for o in self.book.orders.values() if o.order_id is not None}
        for row in self.truth.rows.values():
            if row.order_id not in held:
                assert self.is_no_news(row), row
                continue
            order = held[row.order_id]
            assert (order.status, order.remaining) == (row.status, row.remaining), order
            told = (row.terms.amount, row.terms.price, row.terms.trigger)
            assert (order.terms.amount, order.terms.price, order.terms.trigger) == told, order
            born = self.truth.born.get(row.order_id, row.order_id)
            assert order.key == born, order
        assert not self.book.legs
        assert set(self.truth.trades) == self.book.trade_ids == self.book.settled_ids
        assert not self.book.orphans

    def unborn(self) -> list[Order]:
        """Ours that the exchange never took in, and has not refused."""
        born = set(self.truth.born.values())
        return [
            order
            for ours in self.submitted
            if (order := self.book.orders[ours.key]).key not in born
            and order.status in (OrderStatus.PENDING, OrderStatus.LOST)
            and not any(isinstance(w, SubmissionRefused) and w.cid == order.key for w in self.wire)
        ]

    def is_no_news(self, row: OrderReport) -> bool:
        """Somebody else's order that ended without a trade before we heard of it."""
        theirs = row.order_id not in self.truth.born
        return theirs and not row.status.is_open and row.remaining == row.terms.amount

    def hear(self, report: Report) -> None:
        """As the floor does it."""
        for event in digest(self.book, report, START):
            self.apply([event])

    def apply(self, events: list[Event]) -> None:
        """Events become the book; what has ended stays as it ended."""
        for event in events:
            self.events.append(event)
            self.book.apply(event)
            if isinstance(event, OrderEvent):
                self.ends_once(event)

    def ends_once(self, event: OrderEvent) -> None:
        """A final state is told once, and only trades follow."""
        order, before = event.order, self.ended.get(event.order.key)
        if before is not None:
            assert order.status is before.status
            assert not isinstance(event, OrderClosed | OrderRejected | OrderFound)
        if order.status.is_final:
            self.ended[order.key] = order


def an_order(number: int) -> Order:
    """The next of ours, by a clock that is minutes ahead of the exchange's."""
    at = START + timedelta(seconds=number)
    return Order(
        key=OrderKey(1_790_000_000_000 + number),
        terms=BUY,
        status=OrderStatus.PENDING,
        remaining=BUY.amount,
        created_at=at,
        updated_at=at,
        command_id=CommandId(f"card:{number}"),
    )


def an_oco(number: int) -> tuple[Order, Order]:
    """The next two of ours, which left in one frame."""
    limit, second = an_order(number), an_order(number + 1)
    stop = replace(BUY, type=OrderType.STOP, price=None, trigger=Decimal(31000))
    together = replace(second, terms=stop, command_id=limit.command_id, partner=limit.key)
    return replace(limit, partner=second.key), together


def chosen(things: list[T], pick: int) -> T:
    return things[pick % len(things)]


AnyDay.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
TestAnyDay = AnyDay.TestCase
