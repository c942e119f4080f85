"""From journal entries to messages: who trades are told as one, echoes are left out. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.telegram.render import alerts as render
from engine.model.event import (
    CancelFailed,
    Entry,
    Event,
    ExchangeLinkLost,
    ExchangeReconciled,
    FeeSettled,
    MaintenanceChanged,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderFound,
    OrderRejected,
    OrderSubmitted,
    PositionChanged,
    ServiceStarted,
    ServiceStopped,
    TradingPaused,
    TradingResumed,
)
from engine.model.ids import OrderKey
from engine.model.order import Fill, Order, OrderStatus

DIGEST_ABOVE = 15
MOST_LINES = 30


@dataclass(frozen=True, slots=True)
class News:
    """One message; `actor_id` is whose order it is about; what is `urgent` no digest leaves out."""

    text: str
    silent: bool = False
    actor_id: str = ""
    urgent: bool = False


@dataclass(slots=True)
class _Trades:
    order: Order
    fills: dict[int, Fill] = field(default_factory=dict)


Lookup = Callable[[OrderKey], Order | None]


def news_of(entries: Sequence[Entry], lookup: Lookup) -> Sequence[News]:
    """Messages in the order things happened.

    `lookup` gives an order's newest state for what is told by key alone.
    """
    told: list[News] = []
    trades: dict[OrderKey, _Trades] = {}
    events = _without_echoes([entry.event for entry in entries])
    for event in events:
        if isinstance(event, OrderFilled | FeeSettled | OrderClosed):
            _gather(event, trades)
    for event in events:
        told.extend(_news(event, trades, lookup))
    return told


def digested(entries: Sequence[Entry], told: Sequence[News]) -> Sequence[News]:
    """The news of these entries, or one digest where they would be a flood."""
    return told if len(told) <= DIGEST_ABOVE else [_digest(entries, told)]


def _without_echoes(events: Sequence[Event]) -> Sequence[Event]:
    """Each position as it became in the end; no acceptance that came at once or is told anyway."""
    known = {k for e in events if isinstance(e, ExchangeReconciled) for k in e.settled}
    known |= {e.order.key for e in events if isinstance(e, OrderSubmitted)}
    newest = {e.position.symbol: e for e in events if isinstance(e, PositionChanged)}
    oldest = {e.position.symbol: e for e in reversed(events) if isinstance(e, PositionChanged)}
    kept: list[Event] = []
    for event in events:
        if isinstance(event, PositionChanged):
            symbol = event.position.symbol
            if event is newest[symbol]:
                kept.append(replace(event, before=oldest[symbol].before))
        elif not (isinstance(event, OrderAccepted) and event.order.key in known):
            kept.append(event)
    return kept


def _gather(event: OrderFilled | FeeSettled | OrderClosed, trades: dict[OrderKey, _Trades]) -> None:
    group = trades.get(event.order.key)
    if isinstance(event, OrderFilled):
        if group is None:
            group = trades[event.order.key] = _Trades(event.order)
        group.fills[event.fill.trade_id] = event.fill
    elif isinstance(event, FeeSettled) and group and event.fill.trade_id in group.fills:
        group.fills[event.fill.trade_id] = event.fill
    if group is not None and _newer(event.order, group.order):
        group.order = event.order


def _newer(one: Order, other: Order) -> bool:
    return not one.status.is_open or one.remaining < other.remaining


def _news(event: Event, trades: dict[OrderKey, _Trades], lookup: Lookup) -> Sequence[News]:
    match event:
        case OrderFilled():
            group = trades.pop(event.order.key, None)
            if group is None:
                return []
            order = _latest(group.order, lookup)
            return [News(render.traded(order, list(group.fills.values())), actor_id=order.actor_id)]
        case OrderClosed() | OrderRejected():
            if event.order.status is OrderStatus.FILLED:
                return []
            bad = event.order.status is not OrderStatus.CANCELLED
            return [News(render.closed(event.order), actor_id=event.order.actor_id, urgent=bad)]
        case OrderAccepted():
            return [News(render.accepted(event.order), actor_id=event.order.actor_id)]
        case OrderFound():
            return [News(render.found(event.order))]
        case CancelFailed():
            kept = lookup(event.key)
            if kept is None:
                return []
            text = render.cancel_failed(kept, event.reason)
            return [News(text, actor_id=kept.actor_id, urgent=True)]
        case ExchangeReconciled():
            settled = [known for key in event.settled if (known := lookup(key)) is not None]
            fates = [News(render.recovered(o), actor_id=o.actor_id, urgent=True) for o in settled]
            quiet = not (event.settled or event.missed)
            return [News(render.reconciled(event), silent=quiet), *fates]
        case _:
            return _of_the_house(event)


def _latest(order: Order, lookup: Lookup) -> Order:
    newest = lookup(order.key)
    return newest if newest is not None and _newer(newest, order) else order


def _of_the_house(event: Event) -> Sequence[News]:
    match event:
        case PositionChanged():
            return [News(render.position(event))]
        case TradingPaused():
            return [News(render.paused(event), urgent=True)]
        case TradingResumed():
            return [News(render.resumed(event))]
        case ExchangeLinkLost():
            return [News(render.link_lost(event), urgent=True)]
        case MaintenanceChanged():
            return [News(render.maintenance(event), urgent=True)]
        case ServiceStarted():
            return [News(render.started(event), silent=not event.crashed)]
        case ServiceStopped():
            return [News(render.stopped(), silent=True)]
        case _:
            return []


def _digest(entries: Sequence[Entry], told: Sequence[News]) -> News:
    """What is urgent, each in a line; of the rest the newest, as far as there is room."""
    since = f"{entries[0].event.at:%d %b %H:%M} UTC"
    urgent = [news for news in told if news.urgent][-MOST_LINES:]
    rest = [news for news in told if not news.urgent][-max(DIGEST_ABOVE - len(urgent), 1) :]
    shown = [news for news in told if news in urgent or news in rest]
    firsts = [f"• {' '.join(news.text.splitlines()[:2])}" for news in shown]
    return News(render.digest(len(told), since, firsts), urgent=bool(urgent))
