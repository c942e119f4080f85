"""The newest word on everything, as the journal in memory remembers it for a start."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from engine.asked import under_way
from engine.model.account import Balance
from engine.model.bracket import Bracket, Settled
from engine.model.entry import RULINGS
from engine.model.event import (
    AmendRequested,
    BalanceChanged,
    BracketEvent,
    Event,
    FeeSettled,
    OrderEvent,
    OrderFilled,
    PositionChanged,
    ServiceStarted,
    ServiceStopped,
    TemplateDeleted,
    TemplateSaved,
    TradingPaused,
    TradingResumed,
)
from engine.model.ids import OrderKey, TradeId
from engine.model.lot import Lot
from engine.model.order import Fill, Order, Origin
from engine.model.position import Position
from engine.model.risk import EquityMark
from engine.model.risk_event import (
    EquityKnown,
    EquityMarked,
    EquityUnknown,
    WindowClosed,
    WindowOpened,
)
from engine.model.symbol import Symbol
from engine.model.template import OrderTemplate
from engine.ports import Memory
from engine.telling import (
    HEARD_KINDS,
    HEARD_WINDOW,
    MISHAP_WINDOW,
    REMEMBERED_CLOSED,
    REMEMBERED_FILLS,
    REMEMBERED_OUTCOMES,
    is_mishap,
    keys_of,
    lot_in,
    standing_of,
)

BATCH: Final = 500
"""Entries a follower is given at once, at most."""


class MemoryState:
    """The newest word on everything."""

    def __init__(self) -> None:
        self.orders: dict[OrderKey, Order] = {}
        self._fills: dict[TradeId, Fill] = {}
        self._traded_by: dict[TradeId, OrderKey] = {}
        self._brackets: dict[OrderKey, Bracket] = {}
        self._templates: dict[str, OrderTemplate] = {}
        self._balances: dict[tuple[str, str], Balance] = {}
        self._positions: dict[str, Position] = {}
        self._standings: dict[Symbol, Origin | None] = {}
        self._amending: dict[OrderKey, AmendRequested] = {}
        self._paused: TradingPaused | None = None
        self._rulings: list[Event] = []
        self._mark: EquityMark | None = None
        self._lots: dict[tuple[str, str], Lot] = {}
        self._hours: WindowOpened | WindowClosed | None = None
        self._unvalued: EquityUnknown | None = None
        self._newest: deque[Event] = deque(maxlen=MISHAP_WINDOW)
        self._heard: deque[datetime] = deque(maxlen=HEARD_WINDOW)
        self._stopped_well = True

    def take(self, event: Event) -> None:
        if type(event).__name__ in HEARD_KINDS:
            self._heard.append(event.at)
        self._note_change(event)
        self._newest.append(event)
        if (lot := lot_in(event)) is not None:
            self._lots[lot.wallet, lot.symbol] = lot
        if isinstance(event, OrderEvent):
            self._take_order(event)
            return
        if isinstance(event, BalanceChanged):
            balance = event.balance
            self._balances[balance.wallet, balance.currency] = balance
        elif isinstance(event, PositionChanged):
            self._positions[event.position.symbol] = event.position
        elif isinstance(event, TradingPaused | TradingResumed):
            self._paused = event if isinstance(event, TradingPaused) else None
        elif isinstance(event, ServiceStarted | ServiceStopped):
            self._stopped_well = isinstance(event, ServiceStopped)
        elif isinstance(event, BracketEvent):
            self._take_bracket(event.bracket)
        elif isinstance(event, TemplateSaved):
            self._templates[event.template.name] = event.template
        elif isinstance(event, TemplateDeleted):
            self._templates.pop(event.name, None)
        elif isinstance(event, EquityMarked):
            self._mark = event.mark
        elif isinstance(event, WindowOpened | WindowClosed):
            self._hours = event
        elif isinstance(event, EquityUnknown | EquityKnown):
            self._unvalued = event if isinstance(event, EquityUnknown) else None
        elif type(event) in RULINGS:
            self._rulings.append(event)
        if (standing := standing_of(event)) is not None:
            self._standings[standing[0]] = standing[1]

    def _take_order(self, event: OrderEvent) -> None:
        self.orders[event.order.key] = event.order
        if isinstance(event, OrderFilled | FeeSettled):
            self._fills[event.fill.trade_id] = event.fill
            self._traded_by[event.fill.trade_id] = event.order.key

    def _note_change(self, event: Event) -> None:
        for key in keys_of(event):
            asked = under_way(self._amending.pop(key, None), event)
            if asked is not None:
                self._amending[key] = asked

    def _take_bracket(self, bracket: Bracket) -> None:
        if bracket.status.is_open:
            self._brackets[bracket.key] = bracket
        else:
            self._brackets.pop(bracket.key, None)

    def memory(self) -> Memory:
        fills = sorted(self._fills.values(), key=_time_of_fill)[-REMEMBERED_FILLS:]
        ours = (order.key for order in self.orders.values() if order.origin is Origin.GENESIS)
        return Memory(
            orders=self._remembered_orders(),
            balances=tuple(balance for _, balance in sorted(self._balances.items())),
            positions=tuple(p for _, p in sorted(self._positions.items()) if p.amount),
            standings={s: o for s, o in sorted(self._standings.items()) if o is not None},
            trade_ids=frozenset(fill.trade_id for fill in fills),
            settled_ids=frozenset(fill.trade_id for fill in fills if fill.fee is not None),
            traded=self._traded(),
            brackets=tuple(bracket for _, bracket in sorted(self._brackets.items())),
            settled=self._settled(),
            templates=tuple(template for _, template in sorted(self._templates.items())),
            amending=self._unanswered(),
            paused=self._paused,
            rulings=tuple(self._rulings),
            mark=self._mark,
            lots=tuple(lot for _, lot in sorted(self._lots.items()) if lot.amount),
            fills=self._outcomes(),
            mishaps=tuple((e.at, type(e).__name__) for e in self._newest if is_mishap(e)),
            hours=self._hours,
            unvalued=self._unvalued,
            last_at=max(self._heard, default=None),
            last_key=max(ours, default=0),
            stopped_well=self._stopped_well,
        )

    def _unanswered(self) -> Sequence[AmendRequested]:
        known = {key: self.orders.get(key) for key in sorted(self._amending)}
        return tuple(
            self._amending[key]
            for key, order in known.items()
            if order is not None and not order.status.is_final
        )

    def _remembered_orders(self) -> Sequence[Order]:
        closed = [order for order in self.orders.values() if order.status.is_final]
        closed = sorted(closed, key=_time_of_change)[-REMEMBERED_CLOSED:]
        kept = {order.key: order for order in closed}
        kept |= {order.key: order for order in self.orders.values() if self._is_needed(order)}
        return tuple(order for _, order in sorted(kept.items()))

    def _is_needed(self, order: Order) -> bool:
        """Whether it may still trade, or belongs to a bracket that is open."""
        of_bracket = self._brackets.keys() & {order.key, order.bracket}
        return not order.status.is_final or bool(of_bracket)

    def _outcomes(self) -> Sequence[tuple[OrderKey, Fill]]:
        told = [f for f in self._fills.values() if f.opening or f.profit is not None]
        newest = sorted(told, key=_time_of_fill)[-REMEMBERED_OUTCOMES:]
        return tuple((self._traded_by[fill.trade_id], fill) for fill in newest)

    def _traded(self) -> dict[OrderKey, Decimal]:
        known: dict[OrderKey, Decimal] = {}
        for fill in self._fills.values():
            key = self._traded_by[fill.trade_id]
            if self._is_needed(self.orders[key]):
                known[key] = known.get(key, Decimal(0)) + fill.amount
        return known

    def _settled(self) -> dict[OrderKey, Settled]:
        known: dict[OrderKey, Settled] = {}
        for fill in self._fills.values():
            entry = self._traded_by[fill.trade_id]
            if fill.fee is not None and entry in self._brackets:
                known[entry] = known.get(entry, Settled()).with_trade(
                    fill.symbol, fill.amount, fill.fee, fill.fee_currency
                )
        return known


def _time_of_change(order: Order) -> tuple[datetime, int]:
    return order.updated_at, order.key


def _time_of_fill(fill: Fill) -> tuple[datetime, int]:
    return fill.at, fill.trade_id
