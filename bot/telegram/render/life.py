"""One order's whole life, as the journal has it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.telegram.render.changes import wanted
from bot.telegram.render.orders import Numbers, belonging, headline, options, standing
from bot.telegram.render.text import bold, by_whom, esc, lines, number
from engine.model.entry import Entry
from engine.model.event import (
    AmendFailed,
    AmendRequested,
    CancelFailed,
    CancelRequested,
    Event,
    FeeSettled,
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
)
from engine.model.order import Order, OrderStatus, Side
from engine.model.symbol import base_of

NameOf = Callable[[str], str]


def life(
    order: Order, entries: Sequence[Entry], name_of: NameOf, named: Numbers, place: str = ""
) -> str:
    """What the order is, and each thing that happened to it; `place` is the page's."""
    rows = [headline(order.terms), standing(order), options(order.terms), *belonging(order, named)]
    days = _by_day([entry.event for entry in entries], name_of)
    return lines([*rows, "", f"{bold('Its life')}, UTC{place}", *days])


def _by_day(events: Sequence[Event], name_of: NameOf) -> Sequence[str]:
    rows: list[str] = []
    before: datetime | None = None
    for event in events:
        if before is None or before.date() != event.at.date():
            rows.append(f"<i>{event.at:%d %b %Y}</i>")
        before = event.at
        rows.append(f"{event.at:%H:%M:%S} {step(event)}{_by(event, name_of)}")
    return rows


def step(event: Event) -> str:
    """One thing that happened, in a few words."""
    match event:
        case OrderSubmitted():
            return "sent"
        case OrderResubmitted():
            return "sent again: the exchange had never seen it"
        case OrderAccepted():
            return "working at the exchange"
        case OrderFilled():
            return _trade(event)
        case FeeSettled():
            return _fee(event)
        case OrderChanged():
            return f"became {esc(_plain(event.order))}"
        case OrderClosed() | OrderRejected():
            return _end(event.order)
        case OrderFound():
            return "found at the exchange: made elsewhere"
        case OrderAdopted():
            return "adopted"
        case OrderIgnored():
            return "left alone"
        case AmendRequested():
            return f"asked to become {esc(wanted(event.change))}"
        case AmendFailed():
            return f"not changed: {esc(event.reason)}"
        case CancelRequested():
            return "asked to cancel"
        case CancelFailed():
            return f"not cancelled: {esc(event.reason)}"
        case _:
            return esc(type(event).__name__)


def _trade(event: OrderFilled) -> str:
    fill, order = event.fill, event.order
    verb = "bought" if fill.side is Side.BUY else "sold"
    left = f", {number(order.remaining)} left" if order.remaining else ""
    return f"{verb} {number(fill.amount)} {base_of(fill.symbol)} at {number(fill.price)}{left}"


def _fee(event: FeeSettled) -> str:
    fee = event.fill.fee
    return f"fee {number(-fee)} {event.fill.fee_currency}" if fee is not None else "fee unknown"


def _end(order: Order) -> str:
    told = order.reason and order.status is not OrderStatus.FILLED
    return f"{order.status.value}: {esc(order.reason)}" if told else order.status.value


def _plain(order: Order) -> str:
    terms = order.terms
    figures = [f"{number(terms.amount)} {base_of(terms.symbol)}"]
    named = (("limit", terms.price), ("stop", terms.trigger), ("distance", terms.trail))
    figures += [f"{name} {number(value)}" for name, value in named if value is not None]
    return ", ".join(figures)


def _by(event: Event, name_of: NameOf) -> str:
    match event:
        case OrderSubmitted():
            actor_id, guard = event.order.actor_id, event.order.bracket is not None
        case AmendRequested() | CancelRequested():
            actor_id, guard = event.actor_id, event.guard
        case OrderAdopted() | OrderIgnored():
            actor_id, guard = event.actor_id, False
        case _:
            return ""
    return f" by {by_whom(name_of(actor_id), guard=guard)}" if actor_id else ""
