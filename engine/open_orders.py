"""The orders that may still trade, and what of the balances they keep."""

from collections.abc import Callable, Collection, Iterator, Set
from dataclasses import dataclass
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, Side
from engine.model.symbol import Symbol, split

Purse = tuple[Wallet, str]
"""One currency in one wallet."""

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What the open orders of one symbol may yet open, against a position of `held`.

    `entries` are they and the amounts, `worth` what those with a price of their own come to in
    quote currency, `unpriced` the others; `on_margin` is whether one of them is.
    """

    held: Decimal
    entries: tuple[tuple[Order, Decimal], ...]
    worth: Decimal
    unpriced: tuple[tuple[Order, Decimal], ...]
    on_margin: bool


class OpenOrders:
    """Kept up to date order by order, so that nobody has to add up thousands to place one more.

    What an order keeps is added up in advance, but for those in `special`: the pairs of OCOs, of
    which only the dearer keeps anything, and orders without a price of their own. What the orders
    of a symbol may open is worked out once, and again when they or their position have changed.
    """

    __slots__ = (
        "_all",
        "_by_symbol",
        "_counted",
        "_kept",
        "_openings",
        "_pending",
        "_pending_kept",
        "_special",
    )

    def __init__(self) -> None:
        self._all: dict[OrderKey, Order] = {}
        self._pending: dict[OrderKey, Order] = {}
        self._special: dict[OrderKey, Order] = {}
        self._counted: dict[OrderKey, tuple[Purse, Decimal]] = {}
        self._kept: dict[Purse, Decimal] = {}
        self._pending_kept: dict[Purse, Decimal] = {}
        self._by_symbol: dict[Symbol, dict[OrderKey, Order]] = {}
        self._openings: dict[Symbol, Opening] = {}

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

    @property
    def symbols(self) -> Set[Symbol]:
        """Those that have any."""
        return self._by_symbol.keys()

    def of(self, symbol: Symbol) -> Collection[Order]:
        """Those of one symbol."""
        there = self._by_symbol.get(symbol)
        return () if there is None else there.values()

    def opening(
        self, symbol: Symbol, held: Decimal, tell: Callable[[Collection[Order], Decimal], Opening]
    ) -> Opening:
        """What those of a symbol may open, as `tell` has it of them and the amount held."""
        known = self._openings.get(symbol)
        if known is None or known.held != held:
            known = self._openings[symbol] = tell(self.of(symbol), held)
        return known

    def kept(self, purse: Purse) -> Decimal:
        """What all of them keep, but for the special."""
        return self._kept.get(purse, _NOTHING)

    def pending_kept(self, purse: Purse) -> Decimal:
        """What those keep that the exchange has not spoken of, but for the special."""
        return self._pending_kept.get(purse, _NOTHING)

    def put(self, order: Order) -> None:
        """The newest word on an order, which may be that it is open no more."""
        key = order.key
        before = self._all.pop(key, None)
        if before is not None:
            self._take_out(before)
        if not order.status.is_open:
            return
        self._all[key] = order
        self._by_symbol.setdefault(order.terms.symbol, {})[key] = order
        self._openings.pop(order.terms.symbol, None)
        pending = order.status is OrderStatus.PENDING
        if pending:
            self._pending[key] = order
        if _is_special(order):
            self._special[key] = order
        else:
            purse, amount = self._counted[key] = keeps(order)
            self._count(purse, amount, pending)

    def _take_out(self, order: Order) -> None:
        key, symbol = order.key, order.terms.symbol
        fellows = self._by_symbol[symbol]
        del fellows[key]
        if not fellows:
            del self._by_symbol[symbol]
        self._openings.pop(symbol, None)
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
