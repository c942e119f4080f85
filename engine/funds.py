"""What a wallet can still spend."""

from collections.abc import Iterable
from decimal import Decimal

from engine.book import Book
from engine.model.account import Wallet
from engine.model.order import Order, Side
from engine.model.symbol import split


def free(book: Book, wallet: Wallet, currency: str) -> Decimal | None:
    """The exchange's word less what is on its way there; else total less what our orders hold.

    None when the balance has never been heard. The exchange's word may be older than our newest
    orders (facts sheet 9), so in the exchange wallet it counts only while it is the lower one.
    """
    balance = book.balances.get((wallet, currency))
    if balance is None:
        return Decimal(0) if book.balances else None
    unheld = balance.total - _held(book.open_orders(), wallet, currency)
    if balance.available is not None:
        told = balance.available - _held(book.pending(), wallet, currency)
        unheld = min(told, unheld) if wallet is Wallet.EXCHANGE else told
    return max(unheld, Decimal(0))


def _held(orders: Iterable[Order], wallet: Wallet, currency: str) -> Decimal:
    return sum((_held_by(order, wallet, currency) for order in orders), Decimal(0))


def _held_by(order: Order, wallet: Wallet, currency: str) -> Decimal:
    if order.terms.wallet is not wallet:
        return Decimal(0)
    base, quote = split(order.terms.symbol)
    if order.terms.side is Side.SELL:
        return order.remaining if currency == base else Decimal(0)
    price = order.terms.price or order.terms.trigger
    return order.remaining * price if currency == quote and price else Decimal(0)
