"""The live state: orders, trades, balances, positions; a fold of events, nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from engine.asked import holds
from engine.ledger import Ledger
from engine.model.account import Balance, Wallet
from engine.model.actor import Role
from engine.model.bracket import Bracket, Settled
from engine.model.endpoint import EndpointType
from engine.model.event import (
    AmendFailed,
    AmendRequested,
    BalanceChanged,
    BracketEvent,
    Event,
    FeeSettled,
    LotCorrected,
    MaintenanceChanged,
    OrderEvent,
    OrderFilled,
    PositionAdopted,
    PositionChanged,
    PositionFound,
    PositionIgnored,
    TemplateDeleted,
    TemplateSaved,
    TradingPaused,
    TradingResumed,
    TransportBreakerChanged,
)
from engine.model.ids import CommandId, OrderId, OrderKey, TradeId
from engine.model.order import Fill, Order, Origin
from engine.model.position import Position
from engine.model.report import FillReport, OrderReport
from engine.model.symbol import Symbol
from engine.model.template import OrderTemplate
from engine.open_orders import OpenOrders
from engine.panic.state import Panics
from engine.people.roster import Roster
from engine.ports import Memory
from engine.risk.state import RiskPolicy, RiskState
from engine.telling import is_mishap

MOST_ORDERS = 5_000
MOST_ORPHANS = 1_000


@dataclass(slots=True)
class Book:
    """What is, as far as the journal knows.

    `orphans` are trades whose order is not known yet, `dismissed` orders made elsewhere that
    ended without a trade before they were heard of: a late word does not bring them to life.
    `traded` is what each order's trades come to. `brackets` are those still open, `settled` what
    their entries' trades came to.
    `ledger` is what our own trades come to, `risk` what the risk desk knows, `roster` who may act,
    `panic` whether everything is to end.
    `legs` are stops of OCOs whose first order has no id yet, by that id; `amending` what the
    exchange was asked to change and has not answered; `disputed` orders somebody may have made
    larger or smaller, so that what remains of them does not tell what they have traded.
    `standings` say whose a position is that
    we did not make, `explained` how much of each our own trades and people's words account for.
    """

    orders: dict[OrderKey, Order] = field(default_factory=dict)
    open: OpenOrders = field(default_factory=OpenOrders)
    keys: dict[OrderId, OrderKey] = field(default_factory=dict)
    made_by: dict[CommandId, OrderKey] = field(default_factory=dict)
    trade_ids: set[TradeId] = field(default_factory=set)
    settled_ids: set[TradeId] = field(default_factory=set)
    traded: dict[OrderKey, Decimal] = field(default_factory=dict)
    balances: dict[tuple[Wallet, str], Balance] = field(default_factory=dict)
    positions: dict[Symbol, Position] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    orphans: dict[OrderId, list[FillReport]] = field(default_factory=dict)
    dismissed: dict[OrderId, None] = field(default_factory=dict)
    brackets: dict[OrderKey, Bracket] = field(default_factory=dict)
    settled: dict[OrderKey, Settled] = field(default_factory=dict)
    templates: dict[str, OrderTemplate] = field(default_factory=dict)
    legs: dict[OrderId, OrderReport] = field(default_factory=dict)
    amending: dict[OrderKey, AmendRequested] = field(default_factory=dict)
    disputed: set[OrderKey] = field(default_factory=set)
    standings: dict[Symbol, Origin] = field(default_factory=dict)
    explained: dict[Symbol, Decimal] = field(default_factory=dict)
    paused: TradingPaused | None = None
    risk: RiskState = field(default_factory=RiskState)
    roster: Roster = field(default_factory=Roster)
    panic: Panics = field(default_factory=Panics)
    maintenance: bool = False
    breakers: set[EndpointType] = field(default_factory=set)

    @classmethod
    def of(
        cls,
        memory: Memory,
        policy: RiskPolicy | None = None,
        founders: Mapping[str, Role] | None = None,
    ) -> "Book":
        """The book as the journal's projections remember it, over what the settings say."""
        book = cls(
            trade_ids=set(memory.trade_ids),
            settled_ids=set(memory.settled_ids),
            traded=dict(memory.traded),
            brackets={bracket.key: bracket for bracket in memory.brackets},
            settled=dict(memory.settled),
            templates={template.name: template for template in memory.templates},
            amending={asked.key: asked for asked in memory.amending},
            standings=dict(memory.standings),
            paused=memory.paused,
            risk=RiskState(policy or RiskPolicy()),
            roster=Roster(founders or {}),
        )
        for ruling in memory.rulings:
            book.apply(ruling)
        book.risk.remember_mark(memory.mark)
        book.risk.hours, book.risk.unvalued = memory.hours, memory.unvalued
        for order in memory.orders:
            book._put(order)
        for balance in memory.balances:
            book.balances[balance.wallet, balance.currency] = balance
        for position in memory.positions:
            book.positions[position.symbol] = position
            book.explained[position.symbol] = position.amount
        for lot in memory.lots:
            book.ledger.put(lot)
        book._recall_trades(memory)
        return book

    def apply(self, event: Event) -> None:
        """Become what the event says."""
        if is_mishap(event):
            self.risk.fail(event)
        match event:
            case OrderEvent():
                self._put(event.order)
                if isinstance(event, OrderFilled | FeeSettled):
                    self._note_fill(event)
            case BalanceChanged():
                self.put_balance(event.balance)
            case PositionChanged():
                self.put_position(event.position)
            case LotCorrected():
                self.ledger.put(event.lot)
            case BracketEvent():
                self._put_bracket(event.bracket)
            case TemplateSaved():
                self.templates[event.template.name] = event.template
            case TemplateDeleted():
                self.templates.pop(event.name, None)
            case AmendRequested():
                order = self.orders.get(event.key)
                if order is not None and order.status.is_open:
                    self.amending[event.key] = event
            case AmendFailed():
                self.amending.pop(event.key, None)
            case PositionFound():
                self._stand(event.position.symbol, Origin.ELSEWHERE)
            case PositionAdopted():
                self._stand(event.symbol, Origin.ADOPTED)
            case PositionIgnored():
                self._stand(event.symbol, Origin.IGNORED)
            case TradingPaused():
                self.paused = event
            case TradingResumed():
                self.paused = None
            case MaintenanceChanged():
                self.maintenance = event.active
            case TransportBreakerChanged(open=True):
                self.breakers.add(event.endpoint_type)
            case TransportBreakerChanged():
                self.breakers.discard(event.endpoint_type)
            case _:
                self.risk.apply(event)
                self.roster.apply(event)
                self.panic.apply(event)

    def open_orders(self) -> Iterator[Order]:
        """Orders that may still trade."""
        return iter(self.open)

    def pending(self) -> tuple[Order, ...]:
        """Orders whose fate the exchange has not told yet."""
        return self.open.pending

    def find(self, order_id: OrderId, cid: int | None) -> Order | None:
        """The order the exchange means: by its id, else by our cid where no id is known yet."""
        key = self.keys.get(order_id)
        if key is not None:
            return self.orders[key]
        own = self.orders.get(OrderKey(cid)) if cid is not None else None
        if own is None or own.origin is not Origin.GENESIS or own.order_id is not None:
            return None
        return own

    def put_balance(self, balance: Balance) -> None:
        """Hold this balance."""
        self.balances[balance.wallet, balance.currency] = balance

    def put_position(self, position: Position) -> None:
        """Hold this position; amount zero is none."""
        if position.amount:
            self.positions[position.symbol] = position
        else:
            self.positions.pop(position.symbol, None)
            self.standings.pop(position.symbol, None)

    def forget_closed(self) -> None:
        """What no position is left of needs no account: it was closed elsewhere, and told."""
        for symbol in self.explained.keys() - self.positions.keys():
            del self.explained[symbol]

    def dismiss(self, order_id: OrderId) -> None:
        """Take no more notice of an order made elsewhere."""
        self.dismissed[order_id] = None
        if len(self.dismissed) > MOST_ORDERS:
            del self.dismissed[next(iter(self.dismissed))]

    def keep_orphan(self, report: FillReport) -> None:
        """Hold a trade until its order is known; the oldest are let go where they are many."""
        self.orphans.setdefault(report.fill.order_id, []).append(report)
        if len(self.orphans) > MOST_ORPHANS:
            del self.orphans[next(iter(self.orphans))]

    def name(self, order_id: OrderId, key: OrderKey) -> None:
        """Remember which of our orders the exchange's id means."""
        self.keys[order_id] = key

    def _put(self, order: Order) -> None:
        # Taken out first, so that the newest word stands last and the oldest are forgotten.
        before = self.orders.pop(order.key, None)
        self.orders[order.key] = order
        if before is not None:
            self.ledger.note_type(before, order)
        if order.status.is_final:
            self.risk.end(order.key)
        self.open.put(order)
        if len(self.orders) > MOST_ORDERS:
            self._forget_old()
        if order.order_id is not None:
            self.keys[order.order_id] = order.key
        if order.command_id is not None:
            self.panic.note(order)
            first = self.made_by.get(order.command_id, order.key)
            self.made_by[order.command_id] = min(first, order.key)
        if order.key in self.amending:
            self._answer_amendment(order)

    def _recall_trades(self, memory: Memory) -> None:
        open_keys = {order.key for order in memory.orders if not order.status.is_final}
        for key, fill in memory.fills:
            self.risk.trade(key, fill, over=key not in open_keys)
            self.ledger.note(fill)
        self.risk.failures.extend(memory.mishaps)

    def _answer_amendment(self, order: Order) -> None:
        if not order.status.is_open or holds(order, self.amending[order.key]):
            del self.amending[order.key]

    def _stand(self, symbol: Symbol, origin: Origin) -> None:
        """From here on, what there is has an explanation."""
        if (position := self.positions.get(symbol)) is not None:
            self.standings[symbol] = origin
            self.explained[symbol] = position.amount

    def _forget_old(self) -> None:
        """Drop closed orders heard of longest ago; the journal still has them."""
        closed = [
            order
            for order in self.orders.values()
            if order.status.is_final and not self.brackets.keys() & {order.key, order.bracket}
        ]
        for order in closed[: max(0, len(self.orders) - MOST_ORDERS // 2)]:
            del self.orders[order.key]
            self.traded.pop(order.key, None)
            self.disputed.discard(order.key)
            self.ledger.triggered.discard(order.key)
            if order.order_id is not None:
                self.keys.pop(order.order_id, None)
            if order.command_id is not None:
                self.made_by.pop(order.command_id, None)

    def _put_bracket(self, bracket: Bracket) -> None:
        if bracket.status.is_open:
            self.brackets[bracket.key] = bracket
        else:
            self.brackets.pop(bracket.key, None)
            self.settled.pop(bracket.key, None)

    def _note_fill(self, event: OrderFilled | FeeSettled) -> None:
        order, fill = event.order, event.fill
        if order.key in self.brackets:
            self._settle(order.key, fill)
        fresh = fill.trade_id not in self.trade_ids
        if fresh:
            self.traded[order.key] = self.traded.get(order.key, Decimal(0)) + fill.amount
        if event.lot is not None:
            self.ledger.put(event.lot)
        self.ledger.note(fill)
        self.risk.trade(order.key, fill, over=order.status.is_final, fresh=fresh)
        ours = order.origin in (Origin.GENESIS, Origin.ADOPTED)
        if ours and order.terms.wallet is Wallet.MARGIN and fresh:
            before = self.explained.get(fill.symbol, Decimal(0))
            self.explained[fill.symbol] = before + fill.amount * fill.side.sign
        self.trade_ids.add(event.fill.trade_id)
        if event.fill.fee is not None:
            self.settled_ids.add(event.fill.trade_id)

    def _settle(self, entry: OrderKey, fill: Fill) -> None:
        if fill.fee is None or fill.trade_id in self.settled_ids:
            return
        self.settled[entry] = self.settled.get(entry, Settled()).with_trade(
            fill.symbol, fill.amount, fill.fee, fill.fee_currency
        )
