"""What the exchange tells, made into facts: repeats, stale words and echoes come to nothing.

Every function reads the book, changes only what is not journalled (an id's meaning, orphaned
trades, legs held back), and returns the events that are news. Words of the exchange are taken in
without what no journal or chat could show.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from engine import holdings, lots, sizes
from engine.book import Book
from engine.model.event import (
    AmendFailed,
    CancelFailed,
    Event,
    ExchangeLinkLost,
    FeeSettled,
    MaintenanceChanged,
    OrderAccepted,
    OrderChanged,
    OrderClosed,
    OrderFilled,
    OrderFound,
    OrderRejected,
    TransportBreakerChanged,
)
from engine.model.ids import OrderId, OrderKey, TradeId
from engine.model.order import TRANSITIONS, Fill, Order, OrderStatus, OrderTerms, Origin, Side
from engine.model.report import (
    AmendRefused,
    BalancesReport,
    BulkCancelRefused,
    CancelRefused,
    FillReport,
    LinkLost,
    LinkUp,
    MaintenanceReport,
    OrderReport,
    OrdersSnapshot,
    PositionsReport,
    Report,
    SubmissionNoted,
    SubmissionRefused,
    TransportBreakerReport,
)
from engine.model.symbol import Symbol

LONGEST_WORDS: Final = 500


def digest(book: Book, report: Report, now: datetime) -> Iterable[Event]:
    """The news in one report; the caller applies each to the book before it takes the next."""
    match report:
        case OrderReport():
            return _order(book, report, now)
        case OrdersSnapshot():
            return _orders(book, report, now)
        case SubmissionNoted():
            return _noted(book, report)
        case SubmissionRefused():
            return _refused(book, report, now)
        case CancelRefused():
            return _cancel_refused(book, report, now)
        case AmendRefused():
            return _amend_refused(book, report, now)
        case FillReport():
            return _fill(book, report)
        case BalancesReport():
            return holdings.balances(book, report, now)
        case PositionsReport():
            return holdings.positions(book, report, now)
        case MaintenanceReport():
            same = book.maintenance == report.active
            return [] if same else [MaintenanceChanged(at=now, active=report.active)]
        case LinkLost():
            return [ExchangeLinkLost(at=now, reason=_clean(report.reason))]
        case TransportBreakerReport():
            return _breaker(book, report, now)
        case LinkUp() | BulkCancelRefused():
            return []


def _breaker(book: Book, report: TransportBreakerReport, now: datetime) -> Sequence[Event]:
    if (report.endpoint_type in book.breakers) == report.open:
        return []
    kind, reason = report.endpoint_type, _clean(report.reason)
    return [TransportBreakerChanged(at=now, endpoint_type=kind, open=report.open, reason=reason)]


def _clean(words: str) -> str:
    """Without control characters and broken ones, and not too long."""
    if words.isprintable() and len(words) <= LONGEST_WORDS:
        return words
    return "".join(char for char in words if char.isprintable())[:LONGEST_WORDS]


def _orders(book: Book, report: OrdersSnapshot, now: datetime) -> Iterator[Event]:
    for order in report.orders:
        yield from _order(book, order, now)


def _order(book: Book, report: OrderReport, now: datetime) -> Iterator[Event]:
    known = book.find(report.order_id, report.cid)
    if known is None and report.parent_id is not None:
        known = _leg_of(book, report.parent_id)
        if known is None and _may_be_leg(book, report.parent_id):
            book.legs[report.parent_id] = report
            return
    if known is None or not _is_mine(known, report.terms.symbol, report.terms.side):
        yield from _found(book, report)
        return
    news = _news_of(book, known, report, now)
    if news is not None:
        yield news
        yield from _adopt(book, news.order)


def _leg_of(book: Book, parent_id: OrderId) -> Order | None:
    """Our stop of an OCO, which the exchange tells by the order it was placed with."""
    parent = book.keys.get(parent_id)
    partner = book.orders[parent].partner if parent is not None else None
    leg = book.orders.get(partner) if partner is not None else None
    return leg if leg is not None and leg.order_id is None else None


def _may_be_leg(book: Book, parent_id: OrderId) -> bool:
    """Whether the order it was placed with may be one of ours that has no id yet."""
    nameless = (o for o in book.pending() if o.partner is not None and o.order_id is None)
    return parent_id not in book.keys and any(nameless)


def _is_mine(known: Order, symbol: Symbol, side: Side) -> bool:
    """Whether an order that is known by its cid alone can be the one that is told of.

    One we hold for rejected cannot: whatever lives under its cid must be seen.
    """
    if known.order_id is not None:
        return True
    same = (known.terms.symbol, known.terms.side) == (symbol, side)
    return same and known.status is not OrderStatus.REJECTED


def _news_of(
    book: Book, known: Order, report: OrderReport, now: datetime
) -> OrderAccepted | OrderChanged | OrderClosed | None:
    status = _status(book, known, report)
    if status is None:
        return None
    order = _told(book, known, report, status)
    if order is known:
        return None
    if not status.is_open:
        return OrderClosed(at=report.updated_at, order=order)
    if known.status in (OrderStatus.PENDING, OrderStatus.LOST):
        # when we heard of it, by the clock that knows how long its person has waited
        return OrderAccepted(at=now, order=order)
    return OrderChanged(at=report.updated_at, order=order)


def _told(book: Book, known: Order, report: OrderReport, status: OrderStatus) -> Order:
    """The order after the report; the very same where but its time is new."""
    done = status.is_open or status is OrderStatus.FILLED
    before = (known.order_id, known.terms, known.status, known.remaining)
    terms, average = _terms(book, known, report), report.average or known.average
    reason = "" if done else _clean(report.text)
    after = (report.order_id, terms, status, report.remaining)
    if after == before and (average, reason) == (known.average, known.reason):
        return known
    return known.as_told(
        order_id=report.order_id,
        terms=terms,
        status=status,
        remaining=report.remaining,
        average=average,
        updated_at=report.updated_at,
        reason=reason,
    )


def _terms(book: Book, known: Order, report: OrderReport) -> OrderTerms:
    """Ours, with what an amendment or trigger changes; returned flags may be 0 (4.3)."""
    ours, told = known.terms, report.terms
    same = told.type is ours.type
    amount = sizes.whole(book, known, report)
    price = ours.price if same and told.price is None else told.price
    trigger = ours.trigger if same and told.trigger is None else told.trigger
    trail = ours.trail if same and told.trail is None else told.trail
    good_until = told.good_until or ours.good_until
    before = (ours.amount, ours.price, ours.trigger, ours.trail, ours.good_until)
    if same and before == (amount, price, trigger, trail, good_until):
        return ours
    return replace(
        ours,
        amount=amount,
        type=told.type,
        price=price,
        trigger=trigger,
        trail=trail,
        good_until=good_until,
    )


def _status(book: Book, known: Order, report: OrderReport) -> OrderStatus | None:
    """The standing after the report; None when the report is stale."""
    if known.status.is_final or _is_stale(book, known, report):
        return None
    if report.status is known.status or report.status in TRANSITIONS[known.status]:
        return report.status
    return known.status if report.status.is_open else None


def _is_stale(book: Book, known: Order, report: OrderReport) -> bool:
    if known.order_id is None:
        return False  # all its times are by our own clock
    if report.updated_at != known.updated_at:
        return report.updated_at < known.updated_at
    return sizes.is_behind(book, known, report)


def _found(book: Book, report: OrderReport) -> Iterator[Event]:
    if not report.status.is_open and report.remaining == report.terms.amount:
        book.dismiss(report.order_id)
    if report.order_id in book.dismissed:
        return
    order = Order(
        key=OrderKey(report.order_id),
        terms=report.terms,
        status=report.status,
        remaining=report.remaining,
        created_at=report.created_at,
        updated_at=report.updated_at,
        order_id=report.order_id,
        average=report.average,
        reason="" if report.status.is_open else _clean(report.text),
        origin=Origin.ELSEWHERE,
    )
    yield OrderFound(at=report.updated_at, order=order)
    yield from _adopt(book, order)


def _adopt(book: Book, order: Order) -> Iterator[Event]:
    """Trades, and the stop of its OCO, that were told before their order was."""
    if order.order_id is None:
        return
    latest: dict[TradeId, Fill] = {}
    for report in book.orphans.pop(order.order_id, []):
        fill = report.fill
        if fill.trade_id not in latest or fill.fee is not None:
            latest[fill.trade_id] = fill
    for fill in latest.values():
        yield from _news_of_fill(book, order, fill)
    yield from _adopt_leg(book, order, order.order_id)


def _adopt_leg(book: Book, order: Order, order_id: OrderId) -> Iterator[Event]:
    held = book.legs.pop(order_id, None)
    if held is None:
        return
    leg = book.orders.get(order.partner) if order.partner is not None else None
    if leg is None or leg.order_id is not None:
        yield from _found(book, held)
        return
    news = _news_of(book, leg, held, order.updated_at)
    if news is not None:
        yield news
        yield from _adopt(book, news.order)


def _noted(book: Book, report: SubmissionNoted) -> Sequence[Event]:
    order = book.orders.get(report.cid)
    if order is not None and order.status is OrderStatus.PENDING:
        book.name(report.order_id, order.key)
    return []


def _refused(book: Book, report: SubmissionRefused, now: datetime) -> Sequence[Event]:
    """Of an OCO both orders: they were one request."""
    order = book.orders.get(report.cid)
    if order is None or order.status is not OrderStatus.PENDING:
        return []
    partner = book.orders.get(order.partner) if order.partner is not None else None
    waits = partner is not None and partner.status is OrderStatus.PENDING
    both = [order, partner] if partner is not None and waits else [order]
    return [rejection(one, _clean(report.reason), now) for one in both]


def rejection(order: Order, reason: str, now: datetime) -> OrderRejected:
    """The order never came to work."""
    rejected = replace(order, status=OrderStatus.REJECTED, reason=reason, updated_at=now)
    return OrderRejected(at=now, order=rejected)


def _cancel_refused(book: Book, report: CancelRefused, now: datetime) -> Sequence[Event]:
    order = _meant(book, report)
    if order is None:
        return []
    return [CancelFailed(at=now, key=order.key, reason=_clean(report.reason))]


def _amend_refused(book: Book, report: AmendRefused, now: datetime) -> Sequence[Event]:
    """News only to those who asked: a repeated refusal finds nobody waiting."""
    order = _meant(book, report)
    if order is None or order.key not in book.amending:
        return []
    return [AmendFailed(at=now, key=order.key, reason=_clean(report.reason))]


def _meant(book: Book, report: CancelRefused | AmendRefused) -> Order | None:
    """The open order a refusal is about: by its id, else by our cid."""
    key = book.keys.get(report.order_id) if report.order_id is not None else None
    if key is None and report.cid is not None:
        key = OrderKey(report.cid)
    order = book.orders.get(key) if key is not None else None
    return order if order is not None and order.status.is_open else None


def _fill(book: Book, report: FillReport) -> Sequence[Event]:
    fill = report.fill
    order = book.find(fill.order_id, report.cid)
    if order is not None and _is_mine(order, fill.symbol, fill.side):
        return _news_of_fill(book, order, fill)
    if fill.trade_id not in book.trade_ids:
        book.keep_orphan(report)
    return []


def _news_of_fill(book: Book, order: Order, fill: Fill) -> Sequence[Event]:
    lot = book.ledger.of(order.terms.wallet, fill.symbol)
    if fill.trade_id not in book.trade_ids:
        became = sizes.with_trade(book, order, fill)
        told, after = lots.told(lot, order, fill, stop=order.key in book.ledger.triggered)
        return [OrderFilled(at=fill.at, order=became, fill=told, lot=after)]
    if fill.fee is not None and fill.trade_id not in book.settled_ids:
        after = lots.less_fee(lot, fill)
        settled = lots.settled(book.ledger.unsettled.get(fill.trade_id), fill)
        changed = None if after is lot else after
        return [FeeSettled(at=fill.at, order=order, fill=settled, lot=changed)]
    return []
