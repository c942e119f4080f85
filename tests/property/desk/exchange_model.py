"""The truth at an exchange, and every word it could say of it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from engine.model.ids import OrderId, OrderKey, TradeId
from engine.model.order import Fill, OrderStatus, OrderTerms, OrderType, Side
from engine.model.report import FillReport, OrderReport
from engine.model.symbol import Symbol

START = datetime(2026, 11, 22, tzinfo=UTC)
BUY = OrderTerms(
    symbol=Symbol("tBTCUSD"),
    side=Side.BUY,
    amount=Decimal(8),
    type=OrderType.LIMIT,
    price=Decimal(30000),
)
SELL = replace(BUY, side=Side.SELL)


@dataclass
class Truth:
    """What the exchange holds; its clock moves only when it is told to."""

    rows: dict[OrderId, OrderReport] = field(default_factory=dict)
    trades: dict[TradeId, FillReport] = field(default_factory=dict)
    born: dict[OrderId, OrderKey] = field(default_factory=dict)
    pairs: dict[OrderId, OrderId] = field(default_factory=dict)
    now: datetime = START - timedelta(minutes=3)

    def tick(self, millis: int) -> None:
        """Nothing, or a little, passes."""
        self.now += timedelta(milliseconds=millis)

    def take_in_ours(self, key: OrderKey, terms: OrderTerms) -> OrderReport:
        """One of ours comes to work."""
        row = self.take_in(key, terms)
        self.born[row.order_id] = key
        return row

    def take_in(self, cid: OrderKey | None, terms: OrderTerms) -> OrderReport:
        """A new order comes to work."""
        order_id = OrderId(1_000 + len(self.rows))
        row = OrderReport(
            order_id=order_id,
            cid=cid,
            terms=terms,
            status=OrderStatus.WORKING,
            remaining=terms.amount,
            average=None,
            text="ACTIVE",
            created_at=self.now,
            updated_at=self.now,
        )
        self.rows[order_id] = row
        return row

    def active(self) -> list[OrderReport]:
        """What a snapshot shows."""
        return [row for row in self.rows.values() if row.status.is_open]

    def trade(self, row: OrderReport, amount: int) -> tuple[OrderReport, FillReport]:
        """A part of an order, or what is left of it, trades."""
        done = min(Decimal(amount), row.remaining)
        left = row.remaining - done
        status = OrderStatus.PARTLY_FILLED if left else OrderStatus.FILLED
        fill = Fill(
            trade_id=TradeId(9_000 + len(self.trades)),
            order_id=row.order_id,
            symbol=row.terms.symbol,
            side=row.terms.side,
            amount=done,
            price=Decimal(30000),
            maker=True,
            at=self.now,
            fee=-done / 1000,
            fee_currency="BTC",
        )
        told = FillReport(fill=fill, cid=row.cid)
        self.trades[fill.trade_id] = told
        return self._became(row, status, left), told

    def amend(self, row: OrderReport, amount: int, price: int) -> OrderReport:
        """A new size, of which what has traded is a part, and a new price."""
        done = row.terms.amount - row.remaining
        whole = max(Decimal(amount), done + 1)
        self.rows[row.order_id] = replace(
            row, terms=replace(row.terms, amount=whole, price=Decimal(price))
        )
        return self._became(self.rows[row.order_id], row.status, whole - done)

    def take_in_both(
        self, key: OrderKey, terms: OrderTerms, stop_key: OrderKey, stop: OrderTerms, *, named: bool
    ) -> tuple[OrderReport, OrderReport]:
        """An OCO comes to work: a limit, and the stop that names it as its parent."""
        limit = self.take_in_ours(key, terms)
        row = self.take_in_ours(stop_key, stop)
        leg = replace(row, parent_id=limit.order_id, cid=stop_key if named else 7)
        self.rows[leg.order_id] = leg
        self.pairs[limit.order_id] = leg.order_id
        self.pairs[leg.order_id] = limit.order_id
        return limit, leg

    def partner(self, row: OrderReport) -> OrderReport | None:
        """The other order of an OCO, while it is active."""
        other = self.pairs.get(row.order_id)
        found = self.rows[other] if other is not None else None
        return found if found is not None and found.status.is_open else None

    def cancel(self, row: OrderReport) -> OrderReport:
        """It is cancelled, whatever of it has traded."""
        return self._became(row, OrderStatus.CANCELLED, row.remaining)

    def _became(self, row: OrderReport, status: OrderStatus, left: Decimal) -> OrderReport:
        new = replace(row, status=status, remaining=left, text=status.name, updated_at=self.now)
        self.rows[row.order_id] = new
        return new


def without_fee(report: FillReport) -> FillReport:
    """The `te` of a `tu`."""
    return replace(report, fill=replace(report.fill, fee=None, fee_currency=None))


def legacy(report: FillReport) -> FillReport:
    """A trade as old rows tell it: without the cid."""
    return replace(report, cid=None)
