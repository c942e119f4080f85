"""A paper account and its markets: orders in, market in, reports out; all at once, no waiting."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.model.account import Wallet
from engine.model.approval import ApprovedChange, ApprovedOrder
from engine.model.ids import OrderId
from engine.model.market import Fees, OrderBook, Pair
from engine.model.order import Order, OrderTerms, OrderType, Side
from engine.model.position import Position
from engine.model.report import (
    AccountPicture,
    AmendRefused,
    BalancesReport,
    CancelRefused,
    FillReport,
    OrderReport,
    OrdersSnapshot,
    PositionsReport,
    Report,
    SubmissionNoted,
    SubmissionRefused,
)
from engine.model.symbol import Symbol
from engine.paper import texts
from engine.paper.entry import Entry
from engine.paper.filling import Filling
from engine.paper.ledger import Ledger
from engine.paper.lives import Lives
from engine.paper.margin import Margin
from engine.paper.market import PaperMarket
from engine.paper.order import PaperOrder
from engine.paper.papers import Papers
from engine.paper.telling import Telling


class PaperVenue:
    """What changes here is to be saved (`harvest`) before anybody is told of it.

    Paper orders meet the live market alone, never each other.
    """

    def __init__(self, papers: Papers, fees: Fees) -> None:
        self._papers = papers
        self._markets: dict[Symbol, PaperMarket] = {}
        self._margin = Margin(papers, lambda symbol: self._market(symbol).mark)
        self._ledger = Ledger(papers, self._margin)
        self._telling = Telling(papers, self._ledger, self._margin)
        self._filling = Filling(
            papers=papers, ledger=self._ledger, fees=fees, telling=self._telling
        )
        self._lives = Lives(papers, self._filling)
        self._entry = Entry(papers, self._ledger, self._margin)

    @property
    def symbols(self) -> frozenset[Symbol]:
        """Those whose market matters: with open orders or a position."""
        ordered = {order.terms.symbol for order in self._papers.orders.values()}
        return frozenset(ordered | self._papers.positions.keys())

    @property
    def unsaved(self) -> bool:
        """Whether anything is to be saved before it may be told."""
        return self._papers.unsaved

    def submit(self, approved: ApprovedOrder, pair: Pair | None, now: datetime) -> None:
        """Take an order in, or refuse it."""
        market = self._market(approved.terms.symbol)
        made = self._entry.orders(approved, pair, market, now)
        if isinstance(made, str):
            self._telling.add(SubmissionRefused(cid=approved.key, reason=made))
            return
        for order in made:
            self._papers.order_changed(order)
            cid = approved.key if order.parent_id is None else approved.partner or approved.key
            self._telling.add(SubmissionNoted(cid=cid, order_id=order.order_id))
        for order in made:
            if order.status.is_open:
                self._lives.begin(order, market, now)
        self._telling.settle()

    def cancel(self, orders: Sequence[Order], now: datetime) -> None:
        """End these; each that is not there is refused by itself."""
        for wanted in orders:
            order = self._meant(wanted)
            if order is None:
                self._telling.add(
                    CancelRefused(order_id=wanted.order_id, cid=wanted.key, reason=texts.NOT_FOUND)
                )
            else:
                self._filling.end(order, texts.CANCELED, now)
        self._telling.settle()

    def amend(self, approved: ApprovedChange, pair: Pair | None, now: datetime) -> None:
        """Change an order where it stands, or refuse to."""
        wanted = approved.order
        market = self._market(wanted.terms.symbol)
        order = self._meant(wanted)
        if order is None:
            wrong: str | None = texts.NOT_FOUND
        else:
            terms = approved.change.applied(order.terms)
            wrong = self._entry.change(order, terms, pair, market, now)
        if wrong is not None:
            refused = AmendRefused(order_id=wanted.order_id, cid=wanted.key, reason=wrong)
            self._telling.add(refused)
        elif order is not None:
            self._lives.resume(order, market, now)
        self._telling.settle()

    def look(
        self,
        symbol: Symbol,
        now: datetime,
        *,
        book: OrderBook | None = None,
        last: float | None = None,
    ) -> None:
        """The market as it is now, and what it does to open orders, the best-priced first."""
        market = self._market(symbol)
        if book is not None:
            market.show(book)
        if last is not None:
            market.trade(last)
        if not market.stands:
            return
        mine = [order for order in self._papers.orders.values() if order.terms.symbol == symbol]
        for order in sorted(mine, key=_turn):
            if order.status.is_open:
                self._lives.react(order, market, now)
        self._call_margin(symbol, now)
        self._telling.settle()

    def stands(self, symbol: Symbol) -> bool:
        """Whether the market of a symbol can be traded in as it is now."""
        return self._market(symbol).stands

    def hide(self, symbol: Symbol) -> None:
        """The market is out of sight: nothing is filled from what it was."""
        self._market(symbol).hide()

    def expire(self, now: datetime) -> None:
        """End what was good until now."""
        for order in tuple(self._papers.orders.values()):
            until = order.terms.good_until
            if until is not None and until <= now and order.status.is_open:
                self._filling.end(order, texts.CANCELED, now)
        self._telling.settle()

    def harvest(self) -> tuple[Mapping[str, bytes | None], Sequence[Report]]:
        """What is to be saved, and what may be told once it is."""
        return self._papers.harvest(), self._telling.harvest()

    def snapshots(self, now: datetime) -> Sequence[Report]:
        """Positions, balances and orders, as after each connect."""
        picture = self.picture(now)
        return (
            PositionsReport(positions=picture.positions, whole=True),
            BalancesReport(balances=picture.balances, whole=True),
            OrdersSnapshot(orders=picture.orders),
        )

    def picture(self, now: datetime) -> AccountPicture:
        """The account as it is."""
        positions = self._papers.positions.values()
        return AccountPicture(
            orders=tuple(order.report() for order in self._papers.orders.values()),
            balances=tuple(self._ledger.balances()),
            positions=tuple(map(self._margin.figures, positions)),
            taken_at=now,
        )

    def closed_orders(self, since: datetime) -> tuple[OrderReport, ...]:
        """Those closed at `since` or later, oldest first."""
        recent = [order for order in self._papers.closed.values() if order.updated_at >= since]
        recent.sort(key=lambda order: order.updated_at)
        return tuple(order.report() for order in recent)

    def trades(self, since: datetime) -> list[FillReport]:
        """Those at `since` or later with their fees, oldest first."""
        return [trade for trade in self._papers.trades.values() if trade.fill.at >= since]

    def _market(self, symbol: Symbol) -> PaperMarket:
        return self._markets.setdefault(symbol, PaperMarket(symbol))

    def _meant(self, wanted: Order) -> PaperOrder | None:
        """The open order a wish is about: by its id, else by the cid it was sent with."""
        if wanted.order_id is not None:
            return self._papers.orders.get(wanted.order_id)
        fits = [order for order in self._papers.orders.values() if order.cid == wanted.key]
        return fits[-1] if fits else self._papers.orders.get(OrderId(wanted.key))

    def _call_margin(self, symbol: Symbol, now: datetime) -> None:
        """Close what its margin no longer carries."""
        position = self._papers.positions.get(symbol)
        if position is None or not self._margin.is_used_up(position):
            return
        order = self._entry.drawn(None, _exit(position), now)
        self._papers.order_changed(order)
        self._lives.force(order, self._market(symbol), now)


def _exit(position: Position) -> OrderTerms:
    return OrderTerms(
        symbol=position.symbol,
        side=Side.SELL if position.amount > 0 else Side.BUY,
        amount=abs(position.amount),
        type=OrderType.MARKET,
        wallet=Wallet.MARGIN,
        close=True,
    )


def _turn(order: PaperOrder) -> tuple[bool, object, int]:
    price = order.terms.price or order.stop or 0
    return order.waits, -price * order.terms.side.sign, order.order_id
