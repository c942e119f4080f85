"""A paper venue before a book that a test writes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from engine.model.account import Wallet
from engine.model.approval import ApprovedChange, ApprovedOrder
from engine.model.change import OrderChange
from engine.model.ids import OrderId, OrderKey
from engine.model.market import Level, OrderBook, Pair
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.report import AccountPicture, FillReport, OrderReport, Report
from engine.model.symbol import Symbol
from engine.paper.config import USUAL_FEES, Purse
from engine.paper.papers import Papers
from engine.paper.venue import PaperVenue

BTC = Symbol("tBTCUSD")
PAIR = Pair(symbol=BTC, min_size=Decimal("0.0001"), max_size=Decimal(2000), margin=True)
PURSE: Mapping[Purse, Decimal] = {
    (Wallet.EXCHANGE, "USD"): Decimal(10_000),
    (Wallet.EXCHANGE, "BTC"): Decimal(1),
    (Wallet.MARGIN, "USD"): Decimal(10_000),
}
START = datetime(2026, 3, 1, tzinfo=UTC)

Row = tuple[float, float]


def a_book(bids: Sequence[Row], asks: Sequence[Row], at: datetime = START) -> OrderBook:
    """Rows of price and amount, the best first."""
    return OrderBook(
        symbol=BTC,
        bids=tuple(Level(*row) for row in bids),
        asks=tuple(Level(*row) for row in asks),
        at=at,
    )


@dataclass
class Paper:
    """A venue, what was saved of it, and what it told."""

    documents: dict[str, bytes] = field(default_factory=dict)
    told: list[Report] = field(default_factory=list)
    now: datetime = START
    cids: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.papers = Papers.opened(PURSE)
        self.venue = PaperVenue(self.papers, USUAL_FEES)
        self.market([(99, 1), (98, 2)], [(101, 1), (102, 2)])

    def market(self, bids: Sequence[Row], asks: Sequence[Row], last: float | None = None) -> None:
        """The live book becomes this."""
        self.now += timedelta(seconds=1)
        self.venue.look(BTC, self.now, book=a_book(bids, asks, self.now), last=last)
        self.save()

    def around(self, price: float, size: float = 10) -> None:
        """One level on each side, one away from this price."""
        self.market([(price - 1, size)], [(price + 1, size)], price)

    def order(
        self,
        kind: OrderType,
        side: Side = Side.BUY,
        amount: str = "0.5",
        **more: object,
    ) -> ApprovedOrder:
        """Submit an order; numbers in `more` are prices."""
        values = {
            name: Decimal(str(value)) if type(value) in (int, float) else value
            for name, value in more.items()
        }
        terms = OrderTerms(symbol=BTC, side=side, amount=Decimal(amount), type=kind, **values)  # type: ignore[arg-type]  # a test's shorthand
        approved = self.approved(terms)
        self.now += timedelta(seconds=1)
        self.send(approved)
        return approved

    def approved(self, terms: OrderTerms) -> ApprovedOrder:
        """With fresh cids, two for an OCO."""
        other = None if terms.oco_stop is None else OrderKey(next(self.cids))
        return ApprovedOrder(key=OrderKey(next(self.cids)), terms=terms, partner=other)

    def send(self, approved: ApprovedOrder) -> None:
        """Submit it."""
        self.venue.submit(approved, PAIR, self.now)
        self.save()

    def amend(self, order: ApprovedOrder, change: OrderChange) -> None:
        self.now += timedelta(seconds=1)
        approved = ApprovedChange(order=self.known(order), change=change)
        self.venue.amend(approved, PAIR, self.now)
        self.save()

    def cancel(self, order: ApprovedOrder) -> None:
        self.now += timedelta(seconds=1)
        self.venue.cancel([self.known(order)], self.now)
        self.save()

    def known(self, order: ApprovedOrder) -> Order:
        """As the book would hold it: by its cid alone."""
        return Order(
            key=order.key,
            terms=order.terms,
            status=OrderStatus.WORKING,
            remaining=order.terms.amount,
            created_at=self.now,
            updated_at=self.now,
        )

    def save(self) -> None:
        changes, reports = self.venue.harvest()
        for key, body in changes.items():
            if body is None:
                self.documents.pop(key, None)
            else:
                self.documents[key] = body
        self.told.extend(reports)

    def restart(self) -> None:
        """From what was saved; the market has to be seen anew."""
        self.papers = Papers.read(self.documents)
        self.venue = PaperVenue(self.papers, USUAL_FEES)

    def reports(self, cid: int) -> list[OrderReport]:
        return [r for r in self.told if isinstance(r, OrderReport) and r.cid == cid]

    def last(self, order: ApprovedOrder) -> OrderReport:
        """The last that was told of an order."""
        return self.reports(order.key)[-1]

    def fills(self, order: ApprovedOrder) -> list[tuple[Decimal, Decimal]]:
        """Price and amount of each trade, once."""
        return [
            (r.fill.price, r.fill.amount)
            for r in self.told
            if isinstance(r, FillReport) and r.cid == order.key and r.fill.fee is not None
        ]

    def total(self, currency: str, wallet: Wallet = Wallet.EXCHANGE) -> Decimal:
        return self.papers.balances[wallet, currency]

    def free(self, currency: str, wallet: Wallet = Wallet.EXCHANGE) -> Decimal | None:
        picture = self.venue.picture(self.now)
        return next(
            b.available for b in picture.balances if (b.wallet, b.currency) == (wallet, currency)
        )


def by_id(picture: AccountPicture) -> Mapping[OrderId, OrderReport]:
    """A picture's orders, whatever their order."""
    assert len({order.order_id for order in picture.orders}) == len(picture.orders)
    return {order.order_id: order for order in picture.orders}
