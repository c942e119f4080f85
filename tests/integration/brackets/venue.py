"""An exchange of one symbol that answers, as long as a test does not tell it otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.approval import ApprovedChange, ApprovedOrder
from engine.model.errors import ExchangeUnreachable
from engine.model.ids import OrderId, OrderKey, TradeId
from engine.model.order import Fill, Order, OrderStatus, OrderTerms, OrderType
from engine.model.position import Position
from engine.model.report import (
    AccountPicture,
    AmendRefused,
    BulkCancelRefused,
    CancelRefused,
    FillReport,
    OrderHistory,
    OrderReport,
    PositionsReport,
    Report,
    SubmissionRefused,
)
from tests.hurried import now
from tests.integration.desk.scripted import BTC, RICH, ScriptedExchange

FEE = Decimal("0.002")


@dataclass
class Venue(ScriptedExchange):
    """Orders by our cid. It `refuses` new exits, `refuses_closing` at the market,
    `refuses_changes`; `swallows` makes what is sent vanish, `dumb` makes it work without a word.
    `refuses_bulk` refuses to cancel several at once; `late` tells of trades after the orders they
    are of.
    """

    rows: dict[OrderKey, OrderReport] = field(default_factory=dict)
    fellows: dict[OrderKey, OrderKey] = field(default_factory=dict)
    told: list[FillReport] = field(default_factory=list)
    position: Decimal = Decimal(0)
    refuses: bool = False
    refuses_closing: bool = False
    refuses_changes: bool = False
    refuses_bulk: bool = False
    swallows: bool = False
    dumb: bool = False
    late: bool = False
    first_sizes: dict[OrderKey, Decimal] = field(default_factory=dict)
    now: datetime = field(default_factory=now)

    async def submit(self, order: ApprovedOrder) -> None:
        await super().submit(order)
        is_exit = len(self.sent) > 1
        if self.swallows and is_exit:
            raise ExchangeUnreachable
        at_market = order.terms.type is OrderType.MARKET
        if is_exit and (self.refuses_closing if at_market else self.refuses):
            self._speak(SubmissionRefused(cid=order.key, reason="not now"))
            return
        self._take_in(order.key, replace(order.terms, oco_stop=None))
        if order.partner is not None:
            stop = replace(
                order.terms,
                type=OrderType.STOP,
                price=None,
                trigger=order.terms.oco_stop,
                oco_stop=None,
            )
            self._take_in(order.partner, stop, self.rows[order.key].order_id)
            self.fellows |= {order.key: order.partner, order.partner: order.key}
        if order.terms.type is OrderType.MARKET:
            self.fill(order.key, order.terms.amount)

    async def cancel(self, orders: Sequence[Order]) -> None:
        await super().cancel(orders)
        if self.refuses_bulk and len(orders) > 1:
            self._speak(BulkCancelRefused(reason="not together"))
            return
        for order in orders:
            row = self.rows.get(order.key)
            if row is not None and row.status.is_open:
                self.end(order.key)
            else:
                self._speak(CancelRefused(cid=order.key, reason="Order not found."))

    async def amend(self, change: ApprovedChange) -> None:
        await super().amend(change)
        key, size = change.order.key, change.change.amount
        row = self.rows[key]
        if self.refuses_changes or size is None or not row.status.is_open:
            self._speak(AmendRefused(order_id=row.order_id, cid=key, reason="not so"))
            return
        delta = size - change.order.terms.amount
        terms = replace(row.terms, amount=row.terms.amount + delta)
        self._became(replace(row, terms=terms, remaining=row.remaining + delta))

    async def account(self, *, urgent: bool = False) -> AccountPicture:
        self.looks += 1
        await self.during_look()
        return AccountPicture(
            orders=tuple(self._shown(row) for row in self.rows.values() if row.status.is_open),
            balances=RICH,
            positions=self._positions() if self.position else (),
            taken_at=self._tick(),
        )

    async def closed_orders(self, since: datetime) -> OrderHistory:
        ended = [self._shown(row) for row in self.rows.values() if not row.status.is_open]
        return OrderHistory(orders=tuple(row for row in ended if row.updated_at >= since))

    async def trades(self, since: datetime) -> Sequence[FillReport]:
        return [fill for fill in self.told if fill.fill.at >= since]

    # what a test does at the exchange

    def fill(self, key: OrderKey, amount: Decimal, *, quietly: bool = False) -> None:
        """A part trades: its fellow ends; `te`, `tu` and the order are told, or are not."""
        row = self.rows[key]
        fellow = self.fellows.get(key)
        if fellow is not None and self.rows[fellow].status.is_open:
            self.end(fellow, quietly=quietly)
        left = row.remaining - amount
        status = OrderStatus.PARTLY_FILLED if left else OrderStatus.FILLED
        fill = self._trade(row, amount)
        self.told.append(fill)
        if not quietly and not self.late:
            self._speak(_without_fee(fill), fill)
        if row.terms.wallet is Wallet.MARGIN:
            self.move(amount * row.terms.side.sign, quietly=quietly)
        average = row.average or Decimal(30000)
        self._became(replace(row, remaining=left, status=status, average=average), quietly=quietly)
        if not quietly and self.late:
            self._speak(_without_fee(fill), fill)

    def end(self, key: OrderKey, words: str = "CANCELED", *, quietly: bool = False) -> None:
        """It is over."""
        row = replace(self.rows[key], status=OrderStatus.CANCELLED, text=words)
        self._became(row, quietly=quietly)

    def resize(self, key: OrderKey, whole: Decimal) -> None:
        """Somebody changes its size on the exchange's own page, with what is filled of it."""
        row = self.rows[key]
        left = whole - (row.terms.amount - row.remaining)
        self._became(replace(row, terms=replace(row.terms, amount=whole), remaining=left))

    def move(self, amount: Decimal, *, quietly: bool = False) -> None:
        """The position changes."""
        self.position += amount
        if not quietly:
            self._speak(PositionsReport(positions=self._positions()))

    def alive(self) -> list[OrderReport]:
        """Exits at work, the take profit first."""
        exits = list(self.rows.values())[1:]
        return [row for row in exits if row.status.is_open]

    @property
    def entry(self) -> OrderKey:
        """The first order sent."""
        return self.sent[0].key

    def _take_in(self, key: OrderKey, terms: OrderTerms, parent: OrderId | None = None) -> None:
        now = self._tick()
        row = OrderReport(
            order_id=OrderId(1_000 + len(self.rows)),
            cid=key,
            terms=terms,
            status=OrderStatus.WORKING,
            remaining=terms.amount,
            average=None,
            text="ACTIVE",
            created_at=now,
            updated_at=now,
            parent_id=parent,
        )
        self._became(row)

    def _became(self, row: OrderReport, *, quietly: bool = False) -> None:
        row = replace(row, updated_at=self._tick())
        assert row.cid is not None
        self.first_sizes.setdefault(OrderKey(row.cid), row.terms.amount)
        self.rows[OrderKey(row.cid)] = row
        if not quietly:
            self._speak(self._shown(row))

    def _shown(self, row: OrderReport) -> OrderReport:
        """As it is read from a row: of one that was changed, the size it was made with stays."""
        assert row.cid is not None
        first = self.first_sizes[OrderKey(row.cid)]
        if first == row.terms.amount:
            return row
        told = max(first, row.remaining) if row.average is not None else row.remaining
        return replace(row, terms=replace(row.terms, amount=told), resized=True)

    def _trade(self, row: OrderReport, amount: Decimal) -> FillReport:
        spot = row.terms.wallet is Wallet.EXCHANGE
        fee = -(amount if spot else amount * 30000) * FEE
        fill = Fill(
            trade_id=TradeId(9_000 + len(self.told)),
            order_id=row.order_id,
            symbol=BTC,
            side=row.terms.side,
            amount=amount,
            price=Decimal(30000),
            maker=False,
            at=self._tick(),
            fee=fee,
            fee_currency="BTC" if spot and row.terms.side == "buy" else "USD",
        )
        return FillReport(fill=fill, cid=row.cid)

    def _positions(self) -> tuple[Position, ...]:
        return (Position(symbol=BTC, amount=self.position, base_price=Decimal(30000)),)

    def _speak(self, *reports: Report) -> None:
        if not self.dumb:
            self.say(*reports)

    def _tick(self) -> datetime:
        self.now = max(self.now + timedelta(milliseconds=1), now())
        return self.now


def _without_fee(report: FillReport) -> FillReport:
    return replace(report, fill=replace(report.fill, fee=None, fee_currency=None))


def forgetful(venue: Venue) -> Venue:
    """The same exchange, over a new link."""
    return Venue(
        rows=venue.rows,
        fellows=venue.fellows,
        first_sizes=venue.first_sizes,
        told=venue.told,
        sent=venue.sent,
        position=venue.position,
        now=venue.now,
    )
