"""What a wallet can still spend."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from engine.book import Book
from engine.model.account import Wallet
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus
from engine.open_orders import Purse, keeps

_NOTHING = Decimal(0)


def free(
    book: Book,
    wallet: Wallet,
    currency: str,
    *,
    leaving: Iterable[Order] = (),
    expected: Mapping[OrderKey, Decimal] | None = None,
) -> Decimal | None:
    """The exchange's word less what is on its way there; else total less what our orders hold.

    None when the balance has never been heard. The exchange's word may be older than our newest
    orders (facts sheet 9), so in the exchange wallet it counts only while it is the lower one.
    `leaving` are orders whose commit is under way; `expected` are the prices that orders
    without one of their own will trade at.
    """
    purse, prices = (wallet, currency), expected or {}
    balance = book.balances.get(purse)
    if balance is None:
        return _NOTHING if book.balances else None
    coming = [order for order in leaving if order.key not in book.orders] if leaving else ()
    special = book.open.special
    unheld = balance.total - book.open.kept(purse) - _kept_by(purse, (*special, *coming), prices)
    if balance.available is not None:
        told = balance.available - book.open.pending_kept(purse)
        if special or coming:
            unheard = [order for order in special if order.status is OrderStatus.PENDING]
            told -= _kept_by(purse, (*unheard, *coming), prices)
        unheld = min(told, unheld) if wallet is Wallet.EXCHANGE else told
    return max(unheld, _NOTHING)


def held_by(order: Order, wallet: Wallet, currency: str) -> Decimal:
    """What one open order keeps of a currency."""
    purse, amount = keeps(order)
    return amount if purse == (wallet, currency) else _NOTHING


def _kept_by(purse: Purse, orders: Sequence[Order], prices: Mapping[OrderKey, Decimal]) -> Decimal:
    """What these keep together; of the two orders of an OCO, only what the dearer keeps."""
    if not orders:
        return _NOTHING
    kept = {order.key: _kept(order, purse, prices.get(order.key)) for order in orders}
    return sum(
        (kept[order.key] for order in orders if not _is_cheaper(order, kept)), start=_NOTHING
    )


def _kept(order: Order, purse: Purse, price: Decimal | None) -> Decimal:
    where, amount = keeps(order, price)
    return amount if where == purse else _NOTHING


def _is_cheaper(order: Order, kept: Mapping[OrderKey, Decimal]) -> bool:
    partner = order.partner
    if partner is None or partner not in kept:
        return False
    return (kept[partner], partner) > (kept[order.key], order.key)
