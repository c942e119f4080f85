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
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An event in its place in the journal: `seq` grows by commit order."""

    seq: int
    event: Event
