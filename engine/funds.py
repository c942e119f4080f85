"""What a wallet can still spend."""

from decimal import Decimal

from engine.book import Book
from engine.model.account import Wallet
from engine.model.order import Order, OrderStatus, Side
from engine.model.symbol import split


def free(book: Book, wallet: Wallet, currency: str) -> Decimal | None:
    """The exchange's word less what is on its way there; else total less what our orders hold.

    None when the balance has never been heard.
    """
    balance = book.balances.get((wallet, currency))
    if balance is None:
        return Decimal(0) if book.balances else None
    if balance.available is not None:
        held = sum((_held(o, wallet, currency) for o in book.pending()), Decimal(0))
        return max(balance.available - held, Decimal(0))
    held = sum((_held(o, wallet, currency) for o in book.open_orders()), Decimal(0))
    return max(balance.total - held, Decimal(0))


def _held(order: Order, wallet: Wallet, currency: str) -> Decimal:
    if order.terms.wallet is not wallet or order.status is OrderStatus.LOST:
        return Decimal(0)
    base, quote = split(order.terms.symbol)
    if order.terms.side is Side.SELL:
        return order.remaining if currency == base else Decimal(0)
    price = order.terms.price or order.terms.trigger
    return order.remaining * price if currency == quote and price else Decimal(0)
