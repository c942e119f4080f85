"""Where the book does not add up: what is held or filled, and no trade or word accounts for it."""

from decimal import Decimal

from engine.book import Book
from engine.model.ids import OrderKey
from engine.model.order import Order, Origin
from engine.model.symbol import Symbol


def unexplained(book: Book) -> dict[Symbol, Decimal]:
    """What stands open beyond what is accounted for, where somebody should hear of it."""
    known = (Origin.ELSEWHERE, Origin.IGNORED)
    return {
        symbol: beyond
        for symbol, position in book.positions.items()
        if book.standings.get(symbol) not in known
        and (beyond := position.amount - book.explained.get(symbol, Decimal(0)))
    }


def unproven(book: Book, key: OrderKey) -> Decimal:
    """What an order of disputed size seems to have filled, of which no trade is known."""
    order = book.orders.get(key)
    if order is None or key not in book.disputed or key in book.amending:
        return Decimal(0)
    return max(order.filled - book.traded.get(key, Decimal(0)), Decimal(0))


def unaccounted(book: Book) -> dict[OrderKey, tuple[Order, Decimal]]:
    """Orders of ours that seem to have filled more than they traded, and what they traded.

    But for exits that have ended: one taken for less than it was would be sent twice.
    """
    known = ((key, book.orders[key]) for key in book.disputed if unproven(book, key))
    return {
        key: (order, book.traded.get(key, Decimal(0)))
        for key, order in known
        if order.origin is Origin.GENESIS and (order.status.is_open or order.bracket is None)
    }
