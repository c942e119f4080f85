"""Whatever is wished and however the market moves: money stays whole, orders fill once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_DOWN, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.book import Book
from engine.digest import digest
from engine.model.account import Wallet
from engine.model.approval import ApprovedOrder
from engine.model.change import OrderChange
from engine.model.event import OrderSubmitted
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.report import FillReport, OrderReport
from tests.unit.paper.scripted import BTC, PURSE, Paper, by_id

SLACK = Decimal("1e-6")
"""A base price has eight decimals, and a position can be hundreds."""

PRICE = st.integers(80, 120)
SIZE = st.sampled_from(["0.0001", "0.3", "1", "2.5", "40", "90.12345678"])


@dataclass(frozen=True)
class Wish:
    """A new order."""

    kind: OrderType
    side: Side
    amount: str
    price: int
    trigger: int
    oco: bool
    wallet: Wallet
    flag: str
    hours: int

    def act(self, day: "Day") -> None:
        limited = {OrderType.LIMIT, OrderType.IOC, OrderType.FOK, OrderType.STOP_LIMIT}
        stopped = {OrderType.STOP, OrderType.STOP_LIMIT}
        plain = self.kind is OrderType.LIMIT and not self.flag
        day.submit(
            OrderTerms(
                symbol=BTC,
                side=self.side,
                amount=Decimal(self.amount),
                type=self.kind,
                price=Decimal(self.price) if self.kind in limited else None,
                trigger=Decimal(self.trigger) if self.kind in stopped else None,
                trail=Decimal(5) if self.kind is OrderType.TRAILING_STOP else None,
                oco_stop=Decimal(self.trigger) if self.oco and plain else None,
                wallet=self.wallet,
                post_only=self.flag == "post" and self.kind is OrderType.LIMIT,
                reduce_only=self.flag == "reduce" and self.wallet is Wallet.MARGIN,
                close=self.flag == "close" and self.wallet is Wallet.MARGIN,
                good_until=day.paper.now + timedelta(hours=self.hours) if self.hours else None,
            )
        )


@dataclass(frozen=True)
class Move:
    """The market goes there; thin or deep."""

    price: int
    size: float
    last: int | None

    def act(self, day: "Day") -> None:
        bids = [(self.price - 1 - n, self.size) for n in range(3)]
        asks = [(self.price + 1 + n, self.size) for n in range(3)]
        day.paper.market(bids, asks, self.last)


@dataclass(frozen=True)
class Cancel:
    which: int

    def act(self, day: "Day") -> None:
        if (order := day.some(self.which)) is not None:
            day.paper.cancel(order)


@dataclass(frozen=True)
class Amend:
    which: int
    amount: str | None
    price: int | None

    def act(self, day: "Day") -> None:
        if (order := day.some(self.which)) is not None:
            price = Decimal(self.price) if self.price and order.terms.price else None
            amount = Decimal(self.amount) if self.amount else None
            day.paper.amend(order, OrderChange(amount=amount, price=price))


@dataclass(frozen=True)
class Restart:
    def act(self, day: "Day") -> None:
        before = day.paper.venue.picture(day.paper.now)
        day.paper.restart()
        after = day.paper.venue.picture(day.paper.now)
        assert by_id(after) == by_id(before)


@dataclass(frozen=True)
class Wait:
    def act(self, day: "Day") -> None:
        day.paper.now += timedelta(hours=1)
        day.paper.venue.expire(day.paper.now)
        day.paper.save()


class Day:
    """A venue, and a book that is told what it tells."""

    def __init__(self) -> None:
        self.paper = Paper()
        self.book = Book()
        self.orders: list[ApprovedOrder] = []
        self.heard = 0

    def submit(self, terms: OrderTerms) -> None:
        self.paper.now += timedelta(seconds=1)
        approved = self.paper.approved(terms)
        self.orders.append(approved)
        pending = self.paper.known(approved)
        pending = _pending(pending, approved, terms)
        self.book.apply(OrderSubmitted(at=self.paper.now, order=pending))
        if approved.partner is not None:
            stop = _stop_of(pending, approved)
            self.book.apply(OrderSubmitted(at=self.paper.now, order=stop))
        self.paper.send(approved)

    def some(self, which: int) -> ApprovedOrder | None:
        return self.orders[which % len(self.orders)] if self.orders else None

    def listen(self) -> None:
        for report in self.paper.told[self.heard :]:
            for event in digest(self.book, report, self.paper.now):
                self.book.apply(event)
        self.heard = len(self.paper.told)


def _pending(order: Order, approved: ApprovedOrder, terms: OrderTerms) -> Order:
    return Order(
        key=approved.key,
        terms=terms,
        status=OrderStatus.PENDING,
        remaining=terms.amount,
        created_at=order.created_at,
        updated_at=order.updated_at,
        partner=approved.partner,
    )


def _stop_of(first: Order, approved: ApprovedOrder) -> Order:
    assert approved.partner is not None
    return Order(
        key=approved.partner,
        terms=OrderTerms(
            symbol=first.terms.symbol,
            side=first.terms.side,
            amount=first.terms.amount,
            type=OrderType.STOP,
            trigger=first.terms.oco_stop,
            wallet=first.terms.wallet,
        ),
        status=OrderStatus.PENDING,
        remaining=first.remaining,
        created_at=first.created_at,
        updated_at=first.updated_at,
        partner=first.key,
    )


WISHES = st.builds(
    Wish,
    st.sampled_from(OrderType),
    st.sampled_from(Side),
    SIZE,
    PRICE,
    PRICE,
    st.booleans(),
    st.sampled_from([Wallet.EXCHANGE, Wallet.MARGIN]),
    st.sampled_from(["", "", "post", "reduce", "close"]),
    st.sampled_from([0, 0, 2]),
)
DAYS = st.lists(
    st.one_of(
        WISHES,
        WISHES,
        st.builds(Move, PRICE, st.sampled_from([0.1, 1.0, 50.0]), st.none() | PRICE),
        st.builds(Move, PRICE, st.sampled_from([0.1, 1.0, 50.0]), st.none() | PRICE),
        st.builds(Cancel, st.integers(0, 20)),
        st.builds(Amend, st.integers(0, 20), st.none() | SIZE, st.none() | PRICE),
        st.just(Restart()),
        st.just(Wait()),
    ),
    max_size=25,
)


@settings(max_examples=300, deadline=None)
@given(DAYS)
def test_money_stays_whole_and_orders_fill_once(
    deeds: list[Wish | Move | Cancel | Amend | Restart | Wait],
) -> None:
    day = Day()
    for deed in deeds:
        deed.act(day)
        day.listen()
        money_is_whole(day.paper)
        nothing_is_overfilled(day.paper)
        the_book_equals_the_account(day)


def money_is_whole(paper: Paper) -> None:
    """Every purse is what it began with, its trades, and their fees."""
    expected = defaultdict(Decimal, PURSE)
    for trade in settled(paper):
        order = next(r for r in paper.told if isinstance(r, OrderReport) and of(r, trade))
        fill, wallet = trade.fill, order.terms.wallet
        assert fill.fee is not None
        assert fill.fee <= 0
        assert fill.fee_currency is not None
        cost = (fill.price * fill.amount).quantize(Decimal("1e-8"), rounding=ROUND_DOWN)
        expected[wallet, "USD"] -= cost * fill.side.sign
        expected[wallet, fill.fee_currency] += fill.fee
        if wallet is Wallet.EXCHANGE:
            expected[wallet, "BTC"] += fill.amount * fill.side.sign
    for position in paper.papers.positions.values():
        expected[Wallet.MARGIN, "USD"] += position.amount * position.base_price
    for purse, total in paper.papers.balances.items():
        assert abs(total - expected[purse]) <= SLACK, purse
        assert total >= 0 or purse[0] is Wallet.MARGIN
    for balance in paper.venue.picture(paper.now).balances:
        assert balance.available is not None
        assert 0 <= balance.available <= max(balance.total, Decimal(0))


def nothing_is_overfilled(paper: Paper) -> None:
    """What remains of an order is what it was, less its trades; what has ended stays ended."""
    traded: dict[int, Decimal] = defaultdict(Decimal)
    for trade in settled(paper):
        traded[trade.fill.order_id] += trade.fill.amount
    ended: set[int] = set()
    last: dict[int, OrderReport] = {}
    for report in paper.told:
        if isinstance(report, OrderReport):
            assert report.order_id not in ended, report
            last[report.order_id] = report
            if not report.status.is_open:
                ended.add(report.order_id)
    for order_id, report in last.items():
        assert report.remaining == report.terms.amount - traded[order_id]
        assert report.remaining >= 0
        assert (report.remaining == 0) == (report.status is OrderStatus.FILLED)
    ids = [trade.fill.trade_id for trade in settled(paper)]
    assert len(ids) == len(set(ids))


def the_book_equals_the_account(day: Day) -> None:
    """What a desk makes of the reports is what is there."""
    picture = day.paper.venue.picture(day.paper.now)
    there = {order.order_id: order.remaining for order in picture.orders}
    assert {o.order_id: o.remaining for o in day.book.open_orders()} == there
    held = {position.symbol: position.amount for position in picture.positions}
    assert {s: p.amount for s, p in day.book.positions.items()} == held
    for balance in picture.balances:
        known = day.book.balances.get((balance.wallet, balance.currency))
        assert known is None or known.total == balance.total


def settled(paper: Paper) -> list[FillReport]:
    return [r for r in paper.told if isinstance(r, FillReport) and r.fill.fee is not None]


def of(report: OrderReport, trade: FillReport) -> bool:
    return report.order_id == trade.fill.order_id
