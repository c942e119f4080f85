"""What the risk desk ruled, as news, and how loud: what stops trading always rings. Pure."""

from collections.abc import Sequence

from bot.telegram.render import risk_alerts as render
from bot.telegram.tidings import News, deed
from engine.model.event import Event
from engine.model.risk_event import (
    EquityKnown,
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


def of_risk(event: Event) -> Sequence[News]:
    """The message about it, if there is one."""
    match event:
        case GuardTripped():
            return [News(render.guard_tripped(event), urgent=True)]
        case TradingBreakerTripped():
            return [News(render.breaker_tripped(event), urgent=True)]
        case EquityUnknown():
            return [News(render.equity_unknown(event), urgent=True)]
        case EquityKnown():
            return [News(render.equity_known(event))]
        case FundsMoved():
            return [News(render.funds_moved(event), silent=True)]
        case RiskFailed():
            return [News(render.rule_broke(event), urgent=True)]
        case WindowOpened():
            return [News(render.window_opened(event), silent=True)]
        case WindowClosed():
            return [News(render.window_closed(event), silent=True)]
        case LimitChanged():
            return [deed(render.limit_changed(event), event.actor_id, "Changed")]
        case WindowsChanged():
            return [deed(render.windows_changed(event), event.actor_id, "Changed")]
        case _:
            return _of_lifting(event)


def _of_lifting(event: Event) -> Sequence[News]:
    """What time lifts is told to all, what somebody does to the others."""
    match event:
        case GuardReset(actor_id=who):
            text = render.guard_reset(event)
            return [deed(text, who, "Reset", silent=False) if who else News(text)]
        case TradingBreakerReset(actor_id=who):
            text = render.breaker_reset(event)
            return [deed(text, who, "Reset", silent=False) if who else News(text)]
        case SymbolLocked(actor_id=who):
            text = render.locked(event)
            return [deed(text, who, "Locked") if who else News(text)]
        case SymbolUnlocked(actor_id=who):
            text = render.unlocked(event)
            return [deed(text, who, "Unlocked") if who else News(text, silent=True)]
        case _:
            return []
