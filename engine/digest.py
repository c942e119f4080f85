"""What the exchange tells, made into facts: repeats, stale words and echoes come to nothing.

Every function reads the book, changes only what is not journalled (an id's meaning, a part of a
balance that is free, orphaned trades), and returns the events that are news.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from engine.book import Book
from engine.model.account import Balance
from engine.model.event import (
    AmendFailed,
    BalanceChanged,
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
    PositionChanged,
)
from engine.model.ids import OrderKey, TradeId
from engine.model.order import TRANSITIONS, Fill, Order, OrderStatus, OrderTerms, Origin, Side
from engine.model.position import Position
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
)
from engine.model.symbol import Symbol


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
            key = book.keys.get(report.order_id) if report.order_id is not None else None
            return [] if key is None else [AmendFailed(at=now, key=key, reason=report.reason)]
        case BulkCancelRefused():
            return []
        case FillReport():
            return _fill(book, report)
        case BalancesReport():
            return _balances(book, report, now)
        case PositionsReport():
            return _positions(book, report, now)
        case MaintenanceReport():
            same = book.maintenance == report.active
            return [] if same else [MaintenanceChanged(at=now, active=report.active)]
        case LinkLost():
            return [ExchangeLinkLost(at=now, reason=report.reason)]
        case LinkUp():
            return []


def _orders(book: Book, report: OrdersSnapshot, now: datetime) -> Iterator[Event]:
    for order in report.orders:
        yield from _order(book, order, now)


def _order(book: Book, report: OrderReport, now: datetime) -> Sequence[Event]:
    known = book.find(report.order_id, report.cid)
    if known is None or not _is_mine(known, report.terms.symbol, report.terms.side):
        return _found(book, report)
    news = _news_of(known, report, now)
    if news is None:
        return []
    return [news, *_adopt(book, news.order)]


def _is_mine(known: Order, symbol: Symbol, side: Side) -> bool:
    """Whether an order that is known by its cid alone can be the one that is told of.

    One we hold for rejected cannot: whatever lives under its cid must be seen.
    """
    if known.order_id is not None:
        return True
    same = (known.terms.symbol, known.terms.side) == (symbol, side)
    return same and known.status is not OrderStatus.REJECTED


def _news_of(
    known: Order, report: OrderReport, now: datetime
) -> OrderAccepted | OrderChanged | OrderClosed | None:
    status = _status(known, report)
    if status is None:
        return None
    order = replace(
        known,
        order_id=report.order_id,
        terms=_terms(known, report),
        status=status,
        remaining=report.remaining,
        average=report.average or known.average,
        updated_at=report.updated_at,
        reason=report.text if not status.is_open and status is not OrderStatus.FILLED else "",
    )
    if order == replace(known, updated_at=order.updated_at):
        return None
    if not status.is_open:
        return OrderClosed(at=report.updated_at, order=order)
    if known.status in (OrderStatus.PENDING, OrderStatus.LOST):
        # when we heard of it, by the clock that knows how long its person has waited
        return OrderAccepted(at=now, order=order)
    return OrderChanged(at=report.updated_at, order=order)


def _terms(known: Order, report: OrderReport) -> OrderTerms:
    """Ours, with what an amendment or trigger changes; returned flags may be 0 (4.3)."""
    if known.status is OrderStatus.PENDING:
        return known.terms
    told = report.terms
    return replace(
        known.terms, amount=told.amount, type=told.type, price=told.price, trigger=told.trigger
    )


def _status(known: Order, report: OrderReport) -> OrderStatus | None:
    """The standing after the report; None when the report is stale."""
    if known.status.is_final or _is_stale(known, report):
        return None
    if report.status is known.status or report.status in TRANSITIONS[known.status]:
        return report.status
    return known.status if report.status.is_open else None


def _is_stale(known: Order, report: OrderReport) -> bool:
    if known.order_id is None:
        return False  # all its times are by our own clock
    if report.updated_at != known.updated_at:
        return report.updated_at < known.updated_at
    grown = report.remaining > known.remaining
    return grown and report.terms.amount == known.terms.amount


def _found(book: Book, report: OrderReport) -> Sequence[Event]:
    if not report.status.is_open and report.remaining == report.terms.amount:
        book.dismiss(report.order_id)
    if report.order_id in book.dismissed:
        return []
    order = Order(
        key=OrderKey(report.order_id),
        terms=report.terms,
        status=report.status,
        remaining=report.remaining,
        created_at=report.created_at,
        updated_at=report.updated_at,
        order_id=report.order_id,
        average=report.average,
        reason="" if report.status.is_open else report.text,
        origin=Origin.ELSEWHERE,
    )
    return [OrderFound(at=report.updated_at, order=order), *_adopt(book, order)]


def _adopt(book: Book, order: Order) -> Sequence[Event]:
    """Trades that were told before their order was."""
    latest: dict[TradeId, Fill] = {}
    for report in book.orphans.pop(order.order_id, []) if order.order_id is not None else []:
        fill = report.fill
        if fill.trade_id not in latest or fill.fee is not None:
            latest[fill.trade_id] = fill
    return [event for fill in latest.values() for event in _news_of_fill(book, order, fill)]


def _noted(book: Book, report: SubmissionNoted) -> Sequence[Event]:
    order = book.orders.get(report.cid)
    if order is not None and order.status is OrderStatus.PENDING:
        book.name(report.order_id, order.key)
    return []


def _refused(book: Book, report: SubmissionRefused, now: datetime) -> Sequence[Event]:
    order = book.orders.get(report.cid)
    if order is None or order.status is not OrderStatus.PENDING:
        return []
    partner = book.orders.get(order.partner) if order.partner is not None else None
    waits = partner is not None and partner.status is OrderStatus.PENDING
    both = [order, partner] if partner is not None and waits else [order]
    return [rejection(one, report.reason, now) for one in both]


def rejection(order: Order, reason: str, now: datetime) -> OrderRejected:
    """The order never came to work."""
    rejected = replace(order, status=OrderStatus.REJECTED, reason=reason, updated_at=now)
    return OrderRejected(at=now, order=rejected)


def _cancel_refused(book: Book, report: CancelRefused, now: datetime) -> Sequence[Event]:
    if report.order_id is None:
        return []
    key = book.keys.get(report.order_id)
    if key is None or not book.orders[key].status.is_open:
        return []
    return [CancelFailed(at=now, key=key, reason=report.reason)]


def _fill(book: Book, report: FillReport) -> Sequence[Event]:
    fill = report.fill
    order = book.find(fill.order_id, report.cid)
    if order is not None and _is_mine(order, fill.symbol, fill.side):
        return _news_of_fill(book, order, fill)
    if fill.trade_id not in book.trade_ids:
        book.keep_orphan(report)
    return []


def _news_of_fill(book: Book, order: Order, fill: Fill) -> Sequence[Event]:
    if fill.trade_id not in book.trade_ids:
        return [OrderFilled(at=fill.at, order=order, fill=fill)]
    if fill.fee is not None and fill.trade_id not in book.settled_ids:
        return [FeeSettled(at=fill.at, order=order, fill=fill)]
    return []


def _balances(book: Book, report: BalancesReport, now: datetime) -> Sequence[Event]:
    told = {(b.wallet, b.currency): b for b in report.balances}
    if report.whole:
        gone = {key: b for key, b in book.balances.items() if key not in told and b.total}
        told |= {key: replace(b, total=Decimal(0), available=Decimal(0)) for key, b in gone.items()}
    return [event for b in told.values() for event in _balance(book, b, now)]


def _balance(book: Book, balance: Balance, now: datetime) -> Sequence[Event]:
    known = book.balances.get((balance.wallet, balance.currency))
    if known is None or known.total != balance.total:
        return [BalanceChanged(at=now, balance=balance)]
    if balance.available is not None:
        book.put_balance(balance)
    return []


def _positions(book: Book, report: PositionsReport, now: datetime) -> Sequence[Event]:
    told = {position.symbol: position for position in report.positions}
    if report.whole:
        gone = {symbol: p for symbol, p in book.positions.items() if symbol not in told}
        told |= {symbol: replace(p, amount=Decimal(0)) for symbol, p in gone.items()}
    return [event for p in told.values() for event in _position(book, p, now)]


def _position(book: Book, position: Position, now: datetime) -> Sequence[Event]:
    known = book.positions.get(position.symbol)
    if known is None and not position.amount:
        return []
    if known is None or (known.amount, known.base_price) != (position.amount, position.base_price):
        return [PositionChanged(at=now, position=position, before=known)]
    book.put_position(position)
    return []
