"""What events do to the tables beside the journal: the last word on each thing wins."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from db import codec, statements
from db.statements import Part, Row
from engine.model.entry import actor_of
from engine.model.event import (
    BalanceChanged,
    BracketEvent,
    Event,
    FeeSettled,
    LotCorrected,
    OrderAccepted,
    OrderChanged,
    OrderClosed,
    OrderEvent,
    OrderFilled,
    OrderRejected,
    OrderSubmitted,
    PositionChanged,
    ServiceStarted,
    ServiceStopped,
    TemplateDeleted,
    TemplateSaved,
    TradingPaused,
    TradingResumed,
)
from engine.model.lot import Lot
from engine.model.order import Fill, Order
from engine.model.risk_event import (
    EquityKnown,
    EquityMarked,
    EquityUnknown,
    WindowClosed,
    WindowOpened,
)
from engine.model.symbol import Symbol
from engine.telling import keys_of, standing_of

TRADING = "trading"
SERVICE = "service"
EQUITY = "equity"
HOURS = "hours"
VALUING = "valuing"
POSITION = "position:"


Effect = tuple[Part, object, Row]

# A row in one of these takes away its like in the other.
_PAIRS = (
    (statements.POSITIONS, statements.CLOSED_POSITIONS),
    (statements.BRACKETS, statements.CLOSED_BRACKETS),
    (statements.TEMPLATES, statements.DELETED_TEMPLATES),
)
_EITHER: Mapping[Part, Part] = dict((*_PAIRS, *((gone, kept) for kept, gone in _PAIRS)))
_JOURNAL_AND_ORDER = (statements.JOURNAL, statements.ORDERS)
_ORDER_ALONE = frozenset((OrderSubmitted, OrderAccepted, OrderChanged, OrderClosed, OrderRejected))


class Projection:
    """Rows for each table by their keys: one statement may touch each row but once."""

    def __init__(self) -> None:
        self._journal: list[Row] = []
        self._rows: dict[Part, dict[object, Row]] = {}

    def take(self, event: Event) -> None:
        """Journal an event, and let it have its effect."""
        self._journal.append(_journal_row(event))
        for part, key, row in _effects(event):
            rows = self._rows.setdefault(part, {})
            rows[key] = (*row, len(self._journal)) if part.points else row
            if (other := _EITHER.get(part)) is not None:
                self._rows.get(other, {}).pop(key, None)

    def changes(self) -> list[tuple[Part, Sequence[Row]]]:
        """Each part that has rows, the journal first."""
        if not self._journal:
            return []
        others = [(part, tuple(rows.values())) for part, rows in self._rows.items() if rows]
        return [(statements.JOURNAL, self._journal), *others]


def project(events: Iterable[Event]) -> Projection:
    """What these events, in this order, come to."""
    projection = Projection()
    for event in events:
        projection.take(event)
    return projection


def project_one(event: Event) -> tuple[tuple[Part, ...], list[object]]:
    """The parts one event changes, the journal first, and their values, one after the other.

    Most appends are of one event, and whatever runs before it is written is waited for.
    """
    if type(event) in _ORDER_ALONE and isinstance(event, OrderEvent):
        return _JOURNAL_AND_ORDER, [*_journal_row(event), *_order_row(event.order)]
    effects = _effects(event)
    parts = (statements.JOURNAL, *(part for part, _, _ in effects))
    return parts, [*_journal_row(event), *chain.from_iterable(row for _, _, row in effects)]


def _effects(event: Event) -> Sequence[Effect]:
    match event:
        case OrderFilled() | FeeSettled():
            order, fill = event.order, event.fill
            filled = (statements.FILLS, fill.trade_id, _fill_row(order, fill))
            changed = [] if event.lot is None else [_lot(event.lot)]
            return [(statements.ORDERS, order.key, _order_row(order)), filled, *changed]
        case OrderEvent():
            return [(statements.ORDERS, event.order.key, _order_row(event.order))]
        case BalanceChanged():
            balance = event.balance
            purse = (balance.wallet, balance.currency)
            return [(statements.BALANCES, purse, (*purse, balance.total, balance.available))]
        case PositionChanged():
            symbol, amount = event.position.symbol, event.position.amount
            if amount:
                return [(statements.POSITIONS, symbol, (symbol, amount))]
            return [(statements.CLOSED_POSITIONS, symbol, (symbol,)), _standing(symbol)]
        case LotCorrected():
            return [_lot(event.lot)]
        case BracketEvent():
            key, is_open = event.bracket.key, event.bracket.status.is_open
            return [(statements.BRACKETS if is_open else statements.CLOSED_BRACKETS, key, (key,))]
        case TemplateSaved():
            return [(statements.TEMPLATES, event.template.name, (event.template.name,))]
        case TemplateDeleted():
            return [(statements.DELETED_TEMPLATES, event.name, (event.name,))]
        case TradingPaused() | TradingResumed():
            return [(statements.DESK, TRADING, (TRADING,))]
        case EquityMarked():
            return [(statements.DESK, EQUITY, (EQUITY,))]
        case WindowOpened() | WindowClosed():
            return [(statements.DESK, HOURS, (HOURS,))]
        case EquityUnknown() | EquityKnown():
            return [(statements.DESK, VALUING, (VALUING,))]
        case ServiceStarted() | ServiceStopped():
            return [(statements.DESK, SERVICE, (SERVICE,))]
        case _:
            standing = standing_of(event)
            return [_standing(standing[0])] if standing is not None else []


def _lot(lot: Lot) -> Effect:
    whose = (lot.wallet, lot.symbol)
    return (statements.LOTS, whose, whose)


def _standing(symbol: Symbol) -> Effect:
    matter = POSITION + symbol
    return (statements.DESK, matter, (matter,))


def _journal_row(event: Event) -> Row:
    keys = keys_of(event)
    one = keys[0] if len(keys) == 1 else None
    several = "{" + ",".join(map(str, keys)) + "}" if len(keys) > 1 else None
    body = codec.encode(event)
    return (type(event).__name__, event.at, one, several, body, actor_of(event))


def _order_row(order: Order) -> Row:
    return (
        order.key,
        order.order_id,
        order.terms.symbol,
        order.status,
        order.origin,
        order.command_id,
        order.bracket,
        order.updated_at if order.status.is_final else None,
    )


def _fill_row(order: Order, fill: Fill) -> Row:
    return (
        fill.trade_id,
        order.key,
        fill.order_id,
        fill.symbol,
        fill.side,
        fill.amount,
        fill.price,
        fill.fee,
        fill.fee_currency,
        fill.maker,
        fill.at,
        fill.opening,
        fill.profit,
        fill.paid,
        fill.stopped,
    )
