"""What a journal remembers, from its entries alone and in the plainest way."""

from collections.abc import Container, Mapping, Sequence
from decimal import Decimal

from engine.model.bracket import Settled
from engine.model.entry import Entry
from engine.model.event import (
    AmendFailed,
    AmendRequested,
    BalanceChanged,
    BracketChanged,
    Event,
    ExchangeReconciled,
    FeeSettled,
    LotCorrected,
    OrderClosed,
    OrderEvent,
    OrderFilled,
    OrderRejected,
    PositionAdopted,
    PositionChanged,
    PositionFound,
    PositionIgnored,
    ServiceStarted,
    ServiceStopped,
    TemplateDeleted,
    TemplateSaved,
    TradingPaused,
    TradingResumed,
)
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, Origin
from engine.model.risk_event import EquityKnown, EquityUnknown, WindowClosed, WindowOpened
from engine.model.symbol import Symbol
from engine.model.template import OrderTemplate
from engine.ports import Memory

TOLD = (
    OrderFilled,
    FeeSettled,
    OrderRejected,
    OrderClosed,
    BalanceChanged,
    PositionChanged,
    ExchangeReconciled,
)


def fold(entries: Sequence[Entry]) -> Memory:
    """The projections, from the journal alone and in the plainest way."""
    events = [entry.event for entry in entries]
    orders = {e.order.key: e.order for e in events if isinstance(e, OrderEvent)}
    fills = {e.fill.trade_id: e.fill for e in events if isinstance(e, OrderFilled | FeeSettled)}
    balances = {e.balance.currency: e.balance for e in events if isinstance(e, BalanceChanged)}
    moved = {e.position.symbol: e.position for e in events if isinstance(e, PositionChanged)}
    changed = {e.bracket.key: e.bracket for e in events if isinstance(e, BracketChanged)}
    brackets = {key: bracket for key, bracket in changed.items() if bracket.status.is_open}
    templates = _templates(events)
    holding = (e for e in events if isinstance(e, OrderFilled | FeeSettled | LotCorrected))
    lots = {(lot.wallet, lot.symbol): lot for e in holding if (lot := e.lot) is not None}
    trades = {e.fill.trade_id: e for e in events if isinstance(e, OrderFilled | FeeSettled)}
    telling = [e for e in trades.values() if e.fill.opening or e.fill.profit is not None]
    windows = [e for e in events if isinstance(e, WindowOpened | WindowClosed)]
    valued = [e for e in events if isinstance(e, EquityUnknown | EquityKnown)]
    pauses = [e for e in events if isinstance(e, TradingPaused | TradingResumed)]
    services = [e for e in events if isinstance(e, ServiceStarted | ServiceStopped)]
    ours = [order.key for order in orders.values() if order.origin is Origin.GENESIS]
    return Memory(
        orders=tuple(orders[key] for key in sorted(orders)),
        balances=tuple(balances[currency] for currency in sorted(balances)),
        positions=tuple(moved[symbol] for symbol in sorted(moved) if moved[symbol].amount),
        standings=_standings(events),
        trade_ids=frozenset(fills),
        settled_ids=frozenset(fill.trade_id for fill in fills.values() if fill.fee is not None),
        brackets=tuple(brackets[key] for key in sorted(brackets)),
        traded=_traded(events, orders, brackets),
        settled=_settled(events, brackets),
        templates=tuple(templates[name] for name in sorted(templates)),
        amending=_amending(events, orders),
        paused=next((e for e in pauses[-1:] if isinstance(e, TradingPaused)), None),
        lots=tuple(lot for _, lot in sorted(lots.items()) if lot.amount),
        fills=tuple(
            (e.order.key, e.fill)
            for e in sorted(telling, key=lambda e: (e.fill.at, e.fill.trade_id))
        ),
        mishaps=tuple((e.at, type(e).__name__) for e in events if _went_wrong(e)),
        hours=windows[-1] if windows else None,
        unvalued=next((e for e in valued[-1:] if isinstance(e, EquityUnknown)), None),
        last_at=max((e.at for e in events if isinstance(e, TOLD)), default=None),
        last_key=max(ours, default=0),
        stopped_well=not services or isinstance(services[-1], ServiceStopped),
    )


def _standings(events: Sequence[Event]) -> dict[Symbol, Origin]:
    standings: dict[Symbol, Origin] = {}
    for event in events:
        match event:
            case PositionFound():
                standings[event.position.symbol] = Origin.ELSEWHERE
            case PositionAdopted():
                standings[event.symbol] = Origin.ADOPTED
            case PositionIgnored():
                standings[event.symbol] = Origin.IGNORED
            case PositionChanged() if event.position.amount == 0:
                standings.pop(event.position.symbol, None)
    return standings


def _amending(
    events: Sequence[Event], orders: Mapping[OrderKey, Order]
) -> tuple[AmendRequested, ...]:
    asked: dict[OrderKey, AmendRequested] = {}
    for event in events:
        match event:
            case AmendRequested():
                asked[event.key] = event
            case AmendFailed():
                asked.pop(event.key, None)
            case OrderEvent() if (wish := asked.get(event.order.key)) is not None:
                became = wish.change.applied(event.order.terms) == event.order.terms
                if became or not event.order.status.is_open:
                    del asked[event.order.key]
    open_ones = (key for key, order in orders.items() if not order.status.is_final)
    return tuple(asked[key] for key in sorted(open_ones) if key in asked)


def _went_wrong(event: Event) -> bool:
    lost = isinstance(event, OrderClosed) and event.order.status is OrderStatus.LOST
    return lost or isinstance(event, OrderRejected | PositionFound)


def _templates(events: Sequence[Event]) -> dict[str, OrderTemplate]:
    kept: dict[str, OrderTemplate] = {}
    for event in events:
        if isinstance(event, TemplateSaved):
            kept[event.template.name] = event.template
        elif isinstance(event, TemplateDeleted):
            kept.pop(event.name, None)
    return kept


def _traded(
    events: Sequence[Event], orders: Mapping[OrderKey, Order], brackets: Container[OrderKey]
) -> dict[OrderKey, Decimal]:
    """How much the trades came to of each order that may still matter."""
    trades = {e.fill.trade_id: e for e in events if isinstance(e, OrderFilled | FeeSettled)}
    known: dict[OrderKey, Decimal] = {}
    for event in trades.values():
        key = event.order.key
        order = orders[key]
        if not order.status.is_final or key in brackets or order.bracket in brackets:
            known[key] = known.get(key, Decimal(0)) + event.fill.amount
    return known


def _settled(events: Sequence[Event], brackets: Container[OrderKey]) -> dict[OrderKey, Settled]:
    """The last word on each trade counts, and whose it is."""
    trades = {e.fill.trade_id: e for e in events if isinstance(e, OrderFilled | FeeSettled)}
    known: dict[OrderKey, Settled] = {}
    for event in trades.values():
        fill, key = event.fill, event.order.key
        if fill.fee is not None and key in brackets:
            before = known.get(key, Settled())
            known[key] = before.with_trade(fill.symbol, fill.amount, fill.fee, fill.fee_currency)
    return known
