"""What an entry of the journal tells, and of whom: what journals are searched and remembered by."""

from typing import Final

from engine.model.entry import EVENTS
from engine.model.event import (
    AmendFailed,
    AmendRequested,
    BalanceChanged,
    BracketEvent,
    CancelFailed,
    CancelRequested,
    Event,
    ExchangeReconciled,
    FactSetAside,
    FeeSettled,
    LotCorrected,
    OrderAdopted,
    OrderClosed,
    OrderEvent,
    OrderFilled,
    OrderIgnored,
    OrderRejected,
    OrderResubmitted,
    OrderSubmitted,
    PositionAdopted,
    PositionChanged,
    PositionFound,
    PositionIgnored,
)
from engine.model.ids import OrderKey
from engine.model.lot import Lot
from engine.model.order import OrderStatus, Origin
from engine.model.risk_event import RiskFailed
from engine.model.symbol import Symbol

REMEMBERED_CLOSED: Final = 500
REMEMBERED_FILLS: Final = 5000

HEARD_WINDOW: Final = 1000
"""`last_at` is the greatest time among this many newest facts of the exchange."""

REMEMBERED_OUTCOMES: Final = 10_000
"""Trades that opened or closed something, at most."""

MISHAP_WINDOW: Final = 1000
"""`mishaps` are looked for among this many newest entries."""

MISHAPS: Final = (OrderRejected, RiskFailed, PositionFound, FactSetAside)
"""Kinds of event that are one; so is an order that is lost."""

_OURS: Final = (OrderSubmitted, OrderResubmitted, OrderAdopted, OrderIgnored)
_HEARD: Final = (OrderEvent, BalanceChanged, PositionChanged, ExchangeReconciled)


def keys_of(event: Event) -> tuple[OrderKey, ...]:
    """The orders an entry is about: those in whose life it is told."""
    if isinstance(event, OrderEvent):
        return (event.order.key,)
    if isinstance(event, BracketEvent):
        return (event.bracket.key,)
    if isinstance(event, CancelFailed | AmendRequested | AmendFailed):
        return (event.key,)
    return event.keys if isinstance(event, CancelRequested) else ()


HEARD_KINDS: Final = frozenset(
    name
    for name, kind in EVENTS.items()
    if issubclass(kind, _HEARD) and not issubclass(kind, _OURS)
)
"""The kinds of event that come from the exchange."""


def standing_of(event: Event) -> tuple[Symbol, Origin | None] | None:
    """Whose position of a symbol it is after this; None within where it is ours or gone."""
    match event:
        case PositionFound():
            return event.position.symbol, Origin.ELSEWHERE
        case PositionAdopted():
            return event.symbol, Origin.ADOPTED
        case PositionIgnored():
            return event.symbol, Origin.IGNORED
        case PositionChanged() if not event.position.amount:
            return event.position.symbol, None
    return None


def is_mishap(event: Event) -> bool:
    """Whether something went wrong that should not happen often: a rejection, a rule that broke,
    a difference nobody can explain."""
    lost = isinstance(event, OrderClosed) and event.order.status is OrderStatus.LOST
    return lost or isinstance(event, MISHAPS)


def lot_in(event: Event) -> Lot | None:
    """The lot that an event changes."""
    return event.lot if isinstance(event, OrderFilled | FeeSettled | LotCorrected) else None
