"""What open orders may still open: they count before they trade."""

from collections.abc import Callable, Iterator, Mapping
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
    way are among them, `but` is not, and of an OCO one of the two."""
    book = floor.book
    leaving = [order for key, order in floor.in_flight.items() if key not in book.orders]
    for order in (*book.open, *leaving):
        if but is not None and order.key in (but.key, but.partner):
            continue
        if order.partner is not None and order.key > order.partner:
            continue
        if (amount := _opens(order, floor)) > 0:
            yield order, amount


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


def _opens(order: Order, floor: Floor) -> Decimal:
    terms = order.terms
    if order.bracket is not None or terms.reduce_only or terms.close:
        return _NOTHING
    if terms.wallet is Wallet.EXCHANGE:
        return order.remaining if terms.side is Side.BUY else _NOTHING
    position = floor.book.positions.get(terms.symbol)
    if position is None or position.amount * terms.side.sign >= 0:
        return order.remaining
    return order.remaining - abs(position.amount)


def _price(order: Order, expected: Mapping[OrderKey, Decimal], price: Price) -> Decimal | None:
    terms = order.terms
    return terms.price or terms.trigger or expected.get(order.key) or price(terms.symbol)
