"""How large an order is: of one that was changed, the exchange shows the size it was made with."""

from dataclasses import replace
from decimal import Decimal

from engine.book import Book
from engine.model.order import Fill, Order, OrderStatus
from engine.model.report import OrderReport


def whole(book: Book, known: Order, report: OrderReport) -> Decimal:
    """The size with what is filled of it; what has traded stays traded.

    Of an order that was `resized` it is what remains where nothing has traded; else what we know
    it to be, or what we asked it to become, whichever its trades and what remains allow; else what
    these two come to. Somebody else may have changed it: that is noted, to be looked into.
    """
    if not report.resized:
        return max(report.terms.amount, report.remaining + known.filled)
    book.disputed.add(known.key)
    if _is_untouched(report) and known.key not in book.traded:
        return report.remaining
    traded = max(known.filled, book.traded.get(known.key, Decimal(0)))
    asked = book.amending.get(known.key)
    sizes = {known.terms.amount, (asked.change.amount if asked else None) or known.terms.amount}
    fitting = [size for size in sizes if size - report.remaining >= traded]
    if fitting and known.bracket is not None and report.status is OrderStatus.FILLED:
        # its trades may not be told yet, and an exit taken for less would be sent twice
        return max(fitting)
    return min(fitting, default=report.remaining + traded)


def _is_untouched(report: OrderReport) -> bool:
    """Whether its row says that nothing has traded: no average, and all of it remains."""
    partly = report.status in (OrderStatus.PARTLY_FILLED, OrderStatus.FILLED)
    whole_remains = report.remaining == report.terms.amount
    return report.average is None and whole_remains and not partly


def set_right(order: Order, traded: Decimal) -> Order:
    """The order, with what has certainly traded of it and what remains as its size."""
    return replace(order, terms=replace(order.terms, amount=order.remaining + traded))


def is_behind(book: Book, known: Order, report: OrderReport) -> bool:
    """Whether a report of the same millisecond tells of fewer trades than we know of."""
    if report.resized:
        return report.remaining > known.remaining and known.key not in book.amending
    return report.terms.amount - report.remaining < known.filled


def with_trade(book: Book, order: Order, fill: Fill) -> Order:
    """The order with this trade, where it ended as if it had traded less."""
    traded = book.traded.get(order.key, Decimal(0)) + fill.amount
    if order.status.is_open or traded <= order.filled:
        return order
    return replace(order, terms=replace(order.terms, amount=order.remaining + traded))
