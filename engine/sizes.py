"""How large an order is: of one that was changed, the exchange shows the size it was made with."""

from dataclasses import replace
from decimal import Decimal

from engine.book import Book
from engine.model.order import Fill, Order, OrderStatus
from engine.model.report import OrderReport


def whole(book: Book, known: Order, report: OrderReport) -> Decimal:
    """The size with what is filled of it; what has traded stays traded.

    Of an order that was `resized` it is what we know it to be, or what we asked it to become,
    whichever its trades and what remains allow; else what these two come to.
    """
    if not report.resized:
        return max(report.terms.amount, report.remaining + known.filled)
    traded = max(known.filled, book.traded.get(known.key, Decimal(0)))
    asked = book.amending.get(known.key)
    sizes = {known.terms.amount, (asked.change.amount if asked else None) or known.terms.amount}
    fitting = [size for size in sizes if size - report.remaining >= traded]
    if fitting and known.bracket is not None and report.status is OrderStatus.FILLED:
        # its trades may not be told yet, and an exit taken for less would be sent twice
        return max(fitting)
    return min(fitting, default=report.remaining + traded)


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
