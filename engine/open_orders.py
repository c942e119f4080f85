"""The orders that may still trade, and what of the balances they keep."""

from collections.abc import Iterator
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, Side
from engine.model.symbol import split

Purse = tuple[Wallet, str]
"""One currency in one wallet."""

_NOTHING = Decimal(0)


class OpenOrders:
    """Kept up to date order by order, so that nobody has to add up thousands to place one more.

    What an order keeps is added up in advance, but for those in `special`: the pairs of OCOs, of
    which only the dearer keeps anything, and orders without a price of their own.
    """

    __slots__ = ("_all", "_counted", "_kept", "_pending", "_pending_kept", "_special")

    def __init__(self) -> None:
        self._all: dict[OrderKey, Order] = {}
        self._pending: dict[OrderKey, Order] = {}
        self._special: dict[OrderKey, Order] = {}
        self._counted: dict[OrderKey, tuple[Purse, Decimal]] = {}
        self._kept: dict[Purse, Decimal] = {}
        self._pending_kept: dict[Purse, Decimal] = {}

    def __iter__(self) -> Iterator[Order]:
        return iter(tuple(self._all.values()))

    def __len__(self) -> int:
        return len(self._all)

    @property
    def pending(self) -> tuple[Order, ...]:
        """Those whose fate the exchange has not told yet."""
        return tuple(self._pending.values())

    @property
    def special(self) -> tuple[Order, ...]:
        """Those that `kept` and `pending_kept` leave out."""
        return tuple(self._special.values())

    def kept(self, purse: Purse) -> Decimal:
        """What all of them keep, but for the special."""
        return self._kept.get(purse, _NOTHING)

    def pending_kept(self, purse: Purse) -> Decimal:
        """What those keep that the exchange has not spoken of, but for the special."""
        return self._pending_kept.get(purse, _NOTHING)

    def put(self, order: Order) -> None:
        """The newest word on an order, which may be that it is open no more."""
        key = order.key
        if key in self._all:
            self._take_out(key)
        if not order.status.is_open:
            return
        self._all[key] = order
        pending = order.status is OrderStatus.PENDING
        if pending:
            self._pending[key] = order
        if _is_special(order):
            self._special[key] = order
        else:
            purse, amount = self._counted[key] = keeps(order)
            self._count(purse, amount, pending)

    def _take_out(self, key: OrderKey) -> None:
        del self._all[key]
        was_pending = self._pending.pop(key, None) is not None
        self._special.pop(key, None)
        if (counted := self._counted.pop(key, None)) is not None:
            purse, amount = counted
            self._count(purse, -amount, was_pending)

    def _count(self, purse: Purse, amount: Decimal, pending: bool) -> None:
        self._kept[purse] = self._kept.get(purse, _NOTHING) + amount
        if pending:
            self._pending_kept[purse] = self._pending_kept.get(purse, _NOTHING) + amount


def keeps(order: Order, price: Decimal | None = None) -> tuple[Purse, Decimal]:
    """What an open order keeps, and of what; `price` where it has none of its own."""
    terms = order.terms
    base, quote = split(terms.symbol)
    if terms.side is Side.SELL:
        return (terms.wallet, base), order.remaining
    own = terms.price or terms.trigger or price
    return (terms.wallet, quote), order.remaining * own if own else _NOTHING


def _is_special(order: Order) -> bool:
    if order.partner is not None:
        return True
    terms = order.terms
    return terms.side is Side.BUY and not (terms.price or terms.trigger)
