"""The journal's entries, and every kind of event they may hold."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    MemberFrozen,
    MemberInvited,
    MemberJoined,
    MemberRevoked,
    MemberRoleChanged,
    MemberThawed,
    SecondFactorRefused,
    SecondFactorSet,
    StrangerTurnedAway,
)
from engine.model.risk_event import (
    EquityMarked,
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
        MemberJoined,
        MemberRoleChanged,
        MemberFrozen,
        MemberThawed,
        MemberRevoked,
        SecondFactorSet,
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
        RiskFailed,
        SecondFactorRefused,
        CommandCarriedOut,
        CommandApproved,
        StrangerTurnedAway,
        PanicHeldUp,
        *RULINGS,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An event in its place in the journal: `seq` grows by commit order."""

    seq: int
    event: Event
