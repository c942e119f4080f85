"""The journal's entries, and every kind of event they may hold."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from operator import attrgetter

from engine.model.event import (
    AmendFailed,
    AmendRequested,
    BalanceChanged,
    BracketChanged,
    BracketClosed,
    BracketExposed,
    BracketNoted,
    BracketOpened,
    CancelFailed,
    CancelRequested,
    CommandDeclined,
    CommandRefused,
    Event,
    ExchangeLinkLost,
    ExchangeReconciled,
    FactSetAside,
    FeeSettled,
    LeadershipTaken,
    LotCorrected,
    MaintenanceChanged,
    OrderAccepted,
    OrderAdopted,
    OrderChanged,
    OrderClosed,
    OrderFilled,
    OrderFound,
    OrderIgnored,
    OrderRejected,
    OrderResubmitted,
    OrderSubmitted,
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
    TransportBreakerChanged,
)
from engine.model.panic_event import PanicCalled, PanicEnded, PanicHeldUp, PanicLegSettled
from engine.model.people_event import (
    CommandApproved,
    CommandCarriedOut,
    CommandHeld,
    InvitationCancelled,
    MemberFrozen,
    MemberInvited,
    MemberJoined,
    MemberRevoked,
    MemberRoleChanged,
    MemberThawed,
    SecondFactorRefused,
    SecondFactorSet,
    StrangerTurnedAway,
    TokensEnded,
)
from engine.model.risk_event import (
    EquityKnown,
    EquityMarked,
    EquityUnknown,
    FundsMoved,
    GuardReset,
    GuardTripped,
    LimitChanged,
    RiskFailed,
    SymbolLocked,
    SymbolUnlocked,
    TradingBreakerReset,
    TradingBreakerTripped,
    WindowClosed,
    WindowOpened,
    WindowsChanged,
)

RULINGS: frozenset[type[Event]] = frozenset(
    {
        LimitChanged,
        WindowsChanged,
        GuardTripped,
        GuardReset,
        SymbolLocked,
        SymbolUnlocked,
        TradingBreakerTripped,
        TradingBreakerReset,
        MemberInvited,
        InvitationCancelled,
        MemberJoined,
        MemberRoleChanged,
        MemberFrozen,
        MemberThawed,
        MemberRevoked,
        SecondFactorSet,
        TokensEnded,
        PanicCalled,
        PanicLegSettled,
        PanicEnded,
    }
)
"""What people and guards have ruled: few, and all of it is read again at every start."""

EVENTS: Mapping[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        OrderSubmitted,
        OrderResubmitted,
        OrderAccepted,
        OrderChanged,
        OrderFilled,
        FeeSettled,
        OrderClosed,
        OrderRejected,
        OrderFound,
        OrderAdopted,
        OrderIgnored,
        AmendRequested,
        AmendFailed,
        CancelRequested,
        CancelFailed,
        BalanceChanged,
        PositionChanged,
        PositionFound,
        PositionAdopted,
        PositionIgnored,
        LotCorrected,
        BracketOpened,
        BracketChanged,
        BracketNoted,
        BracketExposed,
        BracketClosed,
        TemplateSaved,
        TemplateDeleted,
        TradingPaused,
        TradingResumed,
        CommandRefused,
        CommandDeclined,
        ExchangeLinkLost,
        ExchangeReconciled,
        FactSetAside,
        MaintenanceChanged,
        TransportBreakerChanged,
        ServiceStarted,
        ServiceStopped,
        LeadershipTaken,
        WindowOpened,
        WindowClosed,
        EquityMarked,
        FundsMoved,
        EquityUnknown,
        EquityKnown,
        RiskFailed,
        SecondFactorRefused,
        CommandCarriedOut,
        CommandHeld,
        CommandApproved,
        StrangerTurnedAway,
        PanicHeldUp,
        *RULINGS,
    )
}

_ACTOR = attrgetter("actor_id")
_FOLLOWING = frozenset({PanicLegSettled, PanicHeldUp, PanicEnded})
_ACTS = frozenset(
    kind
    for kind in EVENTS.values()
    if kind not in _FOLLOWING and "actor_id" in {field.name for field in fields(kind)}
)


def actor_of(event: Event) -> str | None:
    """Who did, or was refused, what the event tells; None where it is nobody's doing.

    An exit that a bracket sends is the bracket's doing, and what a panic comes to is the panic's.
    """
    kind = type(event)
    if kind is OrderSubmitted and isinstance(event, OrderSubmitted):
        return event.order.actor_id or None if event.order.bracket is None else None
    if kind in _ACTS:
        acted: str = _ACTOR(event)
        return acted or None
    return event.bracket.actor_id or None if isinstance(event, BracketOpened) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An event in its place in the journal: `seq` grows by commit order."""

    seq: int
    event: Event
