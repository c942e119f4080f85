"""From journal entries to messages: who trades are told as one, echoes are left out. Pure."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.telegram.render import alerts as render
from bot.telegram.render import brackets, changes, panic, second_factor, strays
from bot.telegram.risk_news import of_risk
from bot.telegram.tidings import News, deed
from engine.model.bracket import BracketStatus
from engine.model.entry import Entry
from engine.model.event import (
    AmendFailed,
    AmendRequested,
    BracketChanged,
    BracketClosed,
    BracketEvent,
    BracketExposed,
    BracketOpened,
    CancelFailed,
    Event,
    ExchangeLinkLost,
    ExchangeReconciled,
    FactSetAside,
    FeeSettled,
    LeadershipTaken,
    MaintenanceChanged,
    OrderAccepted,
    OrderAdopted,
    OrderClosed,
    OrderFilled,
    OrderFound,
    OrderIgnored,
    OrderRejected,
    OrderSubmitted,
    PositionAdopted,
    PositionChanged,
    PositionFound,
    PositionIgnored,
    ServiceStarted,
    ServiceStopped,
    TradingPaused,
    TradingResumed,
    TransportBreakerChanged,
)
from engine.model.ids import OrderKey
from engine.model.order import Fill, Order, OrderStatus, Origin
from engine.model.panic import LegState
from engine.model.panic_event import PanicCalled, PanicEnded, PanicHeldUp, PanicLegSettled
from engine.model.people_event import SecondFactorRefused, SecondFactorSet
from engine.via import API, CONSOLE

# Whoever waits longer than this for an answer has been promised one.
AT_ONCE = timedelta(seconds=5)
_WAYS = {
    API: "Asked for over the API.",
    CONSOLE: "Done at the server's console.",
}
UNHEARD = "while the link was down"


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
    events = _without_echoes([entry.event for entry in entries], lookup)
    for event in events:
        if isinstance(event, OrderFilled | FeeSettled | OrderClosed):
            _gather(event, trades)
    for event in events:
        told.extend(_by_its_way(event, news) for news in _news(event, trades, lookup))
    return told


def _by_its_way(event: Event, news: News) -> News:
    """What came over the API was answered there: its member must hear of it here too, who may not
    have wished it at all."""
    if event.via not in _WAYS:
        return news
    return replace(news, text=f"{news.text}\n{_WAYS[event.via]}", echo=False)


def _without_echoes(events: Sequence[Event], lookup: Lookup) -> Sequence[Event]:
    """Each position as it became in the end; nothing that came at once or is told anyway."""
    echoes = _echoes(events, lookup) | _said_by_panic(events)
    found = {e.position.symbol for e in events if isinstance(e, PositionFound)}
    newest = {e.position.symbol: e for e in events if isinstance(e, PositionChanged)}
    oldest = {e.position.symbol: e for e in reversed(events) if isinstance(e, PositionChanged)}
    kept: list[Event] = []
    for event in events:
        if not isinstance(event, PositionChanged):
            kept += [] if id(event) in echoes else [event]
        elif event.position.symbol in found and event.position.amount:
            continue
        elif event is newest[event.position.symbol]:
            kept.append(replace(event, before=oldest[event.position.symbol].before))
    return kept


def _echoes(events: Sequence[Event], lookup: Lookup) -> Set[int]:
    """Acceptances nobody waits for: the order's card shows them, or the reconciliation does."""
    settled = {k for e in events if isinstance(e, ExchangeReconciled) for k in e.settled}
    told = {key for key in settled if lookup(key) is not None}
    fresh: set[OrderKey] = set()
    echoes: set[int] = set()
    for event in events:
        if isinstance(event, OrderSubmitted):
            fresh.add(event.order.key)
        elif isinstance(event, OrderClosed):  # what comes back from being lost is no echo
            fresh.discard(event.order.key)
        elif isinstance(event, OrderAccepted):
            waited = event.at - event.order.created_at > AT_ONCE
            if event.order.key in told or (event.order.key in fresh and not waited):
                echoes.add(id(event))
    return echoes


def _said_by_panic(events: Sequence[Event]) -> Set[int]:
    """What is told already by a panic, or of one: its pause, its refusals, orders it had cancelled,
    and a leg that is over with its position."""
    asked = {key for event in events for key in panic.cancelled_by(event)}
    flat = {e.position.symbol for e in events if isinstance(e, PositionChanged) and _is_flat(e)}
    called = any(isinstance(event, PanicCalled) for event in events)
    return {id(event) for event in events if _is_said(event, called, asked, flat)}


def _is_said(event: Event, called: bool, asked: Set[OrderKey], flat: Set[str]) -> bool:
    match event:
        case TradingPaused():
            return called
        case OrderRejected():
            return panic.is_sent_by_panic(event.order)
        case OrderClosed():
            plainly = event.order.status is OrderStatus.CANCELLED and not event.order.filled
            return plainly and event.order.key in asked
        case PanicLegSettled(leg=leg):
            return leg.state is LegState.DONE and leg.name in flat
        case _:
            return False


def _is_flat(event: PositionChanged) -> bool:
    return not event.position.amount


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
            told = _about(order, render.traded(order, list(group.fills.values())))
            return [replace(told, silent=panic.is_sent_by_panic(order))]
        case OrderClosed() | OrderRejected():
            if event.order.status is OrderStatus.FILLED:
                return []
            expected = event.order.status is OrderStatus.CANCELLED and not _unasked(event.order)
            return [_about(event.order, render.closed(event.order), urgent=not expected)]
        case OrderAccepted():
            # Late or back from being lost: somebody waits for exactly this.
            return [_about(event.order, render.accepted(event.order), urgent=True)]
        case OrderFound():
            found = lookup(event.order.key) or event.order
            asks = found if _waits(found) else None
            return [News(strays.order(found), stray=asks)]
        case AmendRequested() | AmendFailed():
            return _of_a_change(event, lookup)
        case BracketEvent():
            return _of_a_bracket(event)
        case CancelFailed():
            kept = lookup(event.key)
            if kept is None:
                return []
            return [_about(kept, render.cancel_failed(kept, event.reason), urgent=True)]
        case ExchangeReconciled():
            settled = [known for key in event.settled if (known := lookup(key)) is not None]
            fates = [_about(order, render.recovered(order), urgent=True) for order in settled]
            quiet = not (event.settled or event.missed)
            return [News(render.reconciled(event), silent=quiet), *fates]
        case _:
            return _of_the_house(event)


def _about(order: Order, text: str, *, urgent: bool = False) -> News:
    whose = render.ELSEWHERE if order.origin is Origin.ELSEWHERE else ""
    guard = order.bracket is not None
    return News(text, actor_id=order.actor_id, urgent=urgent, whose=whose, guard=guard)


def _latest(order: Order, lookup: Lookup) -> Order:
    newest = lookup(order.key)
    return newest if newest is not None and _newer(newest, order) else order


def _unasked(order: Order) -> bool:
    """Cancelled by the exchange itself while nobody could hear of it."""
    return order.reason.endswith(UNHEARD)


def _waits(order: Order) -> bool:
    return order.status.is_open and order.origin is Origin.ELSEWHERE


def _of_a_change(event: AmendRequested | AmendFailed, lookup: Lookup) -> Sequence[News]:
    order = lookup(event.key)
    if order is None:
        return []
    if isinstance(event, AmendFailed):
        return [_about(order, changes.failed(order, event.reason), urgent=True)]
    asked = deed(changes.requested(order, event.change), event.actor_id, "Asked")
    return [replace(asked, guard=event.guard)]


def _of_a_bracket(event: BracketEvent) -> Sequence[News]:
    bracket = event.bracket
    match event:
        case BracketOpened():
            return [deed(brackets.opened(bracket), bracket.actor_id, "Placed")]
        case BracketChanged() if bracket.status is not BracketStatus.WAITING:
            return [News(brackets.changed(bracket), silent=True, actor_id=bracket.actor_id)]
        case BracketExposed():
            return [News(brackets.exposed(bracket), actor_id=bracket.actor_id, urgent=True)]
        case BracketClosed():
            return [News(brackets.closed(bracket), actor_id=bracket.actor_id)]
        case _:
            return []


def _of_strays(event: Event) -> Sequence[News]:
    match event:
        case PositionFound():
            return [News(strays.position(event.position), urgent=True, stray=event.position)]
        case OrderAdopted():
            return [deed(strays.adopted(event.order), event.actor_id, "Decided")]
        case OrderIgnored():
            return [deed(strays.ignored(event.order), event.actor_id, "Decided")]
        case PositionAdopted():
            return [deed(strays.kept(event.symbol), event.actor_id, "Decided")]
        case PositionIgnored():
            return [deed(strays.left(event.symbol), event.actor_id, "Decided")]
        case _:
            return of_risk(event)


def _of_factors(event: Event) -> Sequence[News]:
    match event:
        case SecondFactorRefused(locked=True):
            text = second_factor.locked_out(over_api=event.via == API)
            return [News(text, actor_id=event.actor_id, done="Codes sent", urgent=True)]
        case SecondFactorSet(off=True) if event.via == CONSOLE:
            return [News(second_factor.taken_off(event.member_id), urgent=True)]
        case SecondFactorSet(off=True) if event.member_id != event.actor_id:
            return [deed(second_factor.taken_off(event.member_id), event.actor_id, "Done")]
        case _:
            return []


def _of_a_panic(event: Event) -> Sequence[News]:
    match event:
        case PanicCalled():
            text, who = panic.called(event), event.actor_id
            return [News(text, actor_id=who, urgent=True, done="Called", echo=True)]
        case PanicLegSettled():
            loud = event.leg.is_left_over
            return [News(panic.leg_settled(event), silent=not loud, urgent=loud)]
        case PanicHeldUp():
            return [News(panic.held_up(event), actor_id=event.actor_id, urgent=True, done="Called")]
        case PanicEnded():
            return [News(panic.ended(event), actor_id=event.actor_id, urgent=True, done="Called")]
        case _:
            return _of_strays(event)


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
        case TransportBreakerChanged():
            return [News(render.breaker(event), urgent=event.open)]
        case LeadershipTaken():
            return [News(render.leadership(event), urgent=True)]
        case FactSetAside():
            return [News(render.set_aside(event), urgent=True)]
        case ServiceStarted():
            return [News(render.started(event), silent=not event.crashed)]
        case ServiceStopped():
            return [News(render.stopped(), silent=True)]
        case _:
            return _of_factors(event) or _of_a_panic(event) or _of_strays(event)
