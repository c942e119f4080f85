"""What a wallet can still spend."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.book import Book
from engine.model.account import Wallet
from engine.model.ids import OrderKey
from engine.model.order import Order, Side
from engine.model.symbol import split


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
    held = _Held(book, wallet, currency, expected or {})
    coming = [order for order in leaving if order.key not in book.orders]
    balance = book.balances.get((wallet, currency))
    if balance is None:
        return Decimal(0) if book.balances else None
    unheld = balance.total - held.by([*book.open_orders(), *coming])
    if balance.available is not None:
        told = balance.available - held.by([*book.pending(), *coming])
        unheld = min(told, unheld) if wallet is Wallet.EXCHANGE else told
    return max(unheld, Decimal(0))


def held_by(order: Order, wallet: Wallet, currency: str, price: Decimal | None = None) -> Decimal:
    """What one open order keeps of a currency; `price` where it has none of its own."""
    if order.terms.wallet is not wallet:
        return Decimal(0)
    base, quote = split(order.terms.symbol)
    if order.terms.side is Side.SELL:
        return order.remaining if currency == base else Decimal(0)
    price = order.terms.price or order.terms.trigger or price
    return order.remaining * price if currency == quote and price else Decimal(0)


@dataclass(frozen=True, slots=True)
class _Held:
    """What orders keep; of the two orders of an OCO, only what the dearer keeps."""

    book: Book
    wallet: Wallet
    currency: str
    expected: Mapping[OrderKey, Decimal]

    def by(self, orders: Sequence[Order]) -> Decimal:
        held = {o.key: self._by_one(o) for o in orders}
        return sum(
            (
                amount
                for order in orders
                if (amount := held[order.key]) and not self._is_cheaper(order, held)
            ),
            Decimal(0),
        )

    def _by_one(self, order: Order) -> Decimal:
        return held_by(order, self.wallet, self.currency, self.expected.get(order.key))

    def _is_cheaper(self, order: Order, held: Mapping[OrderKey, Decimal]) -> bool:
        partner = order.partner
        if partner is None or partner not in held:
            return False
        return (held[partner], partner) > (held[order.key], order.key)
