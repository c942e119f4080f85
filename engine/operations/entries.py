"""What open orders may still open: they count before they trade."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from engine.floor import Floor
from engine.model.account import Wallet
from engine.model.ids import OrderKey
from engine.model.order import Order, Side
from engine.model.symbol import Symbol

_NOTHING = Decimal(0)

Price = Callable[[Symbol], Decimal | None]


def entries(floor: Floor, but: Order | None = None) -> Iterator[tuple[Order, Decimal]]:
    """Orders that would make an exposure greater, each with the amount by which; those on their
    way are among them, `but` is not, and of an OCO one of the two.

    Orders against a position share it, the older first: what is left over for a younger one opens.
    """
    against = []
    for order in _counted(floor, but):
        if _is_against(order, floor):
            against.append(order)
        elif _may_open(order):
            yield order, order.remaining
    yield from _left_over(sorted(against, key=_age), floor)


def worth_of_entries(
    floor: Floor, but: Order | None, price: Price, rate: Price
) -> Mapping[Symbol, Decimal | None]:
    """By symbol, in the currency that `rate` leads to; None where a price is not known."""
    worth: dict[Symbol, Decimal | None] = {}
    for order, amount in entries(floor, but):
        symbol = order.terms.symbol
        before, by = worth.get(symbol, _NOTHING), rate(symbol)
        at = _price(order, floor.expected, price)
        if before is None or by is None or at is None:
            worth[symbol] = None
        else:
            worth[symbol] = before + amount * at * by
    return worth


def _counted(floor: Floor, but: Order | None) -> Iterator[Order]:
    book = floor.book
    leaving = [order for key, order in floor.in_flight.items() if key not in book.orders]
    for order in (*book.open, *leaving):
        if but is not None and order.key in (but.key, but.partner):
            continue
        if order.partner is None or order.key < order.partner:
            yield order


def _left_over(against: Iterable[Order], floor: Floor) -> Iterator[tuple[Order, Decimal]]:
    left = {symbol: abs(held.amount) for symbol, held in floor.book.positions.items()}
    for order in against:
        symbol = order.terms.symbol
        closes = min(order.remaining, left[symbol])
        left[symbol] -= closes
        if closes < order.remaining and _may_open(order):
            yield order, order.remaining - closes


def _is_against(order: Order, floor: Floor) -> bool:
    terms = order.terms
    position = floor.book.positions.get(terms.symbol)
    if position is None or terms.wallet is not Wallet.MARGIN:
        return False
    return position.amount * terms.side.sign < 0


def _may_open(order: Order) -> bool:
    terms = order.terms
    if order.bracket is not None or terms.reduce_only or terms.close:
        return False
    return terms.wallet is Wallet.MARGIN or terms.side is Side.BUY


def _age(order: Order) -> tuple[datetime, OrderKey]:
    return order.created_at, order.key


def _price(order: Order, expected: Mapping[OrderKey, Decimal], price: Price) -> Decimal | None:
    terms = order.terms
    return terms.price or terms.trigger or expected.get(order.key) or price(terms.symbol)
