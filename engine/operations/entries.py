"""What open orders may still open: they count before they trade."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from engine.floor import Floor
from engine.model.account import Wallet
from engine.model.ids import OrderKey
from engine.model.order import Order, Side
from engine.model.symbol import Symbol
from engine.open_orders import Opening

_NOTHING = Decimal(0)

Price = Callable[[Symbol], Decimal | None]


def entries(floor: Floor, but: Order | None = None) -> Iterator[tuple[Order, Decimal]]:
    """Orders that would make an exposure greater, each with the amount by which; those on their
    way are among them, `but` is not, and of an OCO one of the two.

    Orders against a position share it, the older first: what is left over for a younger one opens.
    """
    for _, opening in openings(floor, but):
        yield from opening.entries


def openings(floor: Floor, but: Order | None = None) -> Iterator[tuple[Symbol, Opening]]:
    """The same by symbol. Symbols nothing is about to change in are not looked through again."""
    book, leaving = floor.book, _leaving(floor)
    changing = {order.terms.symbol for order in leaving}
    if but is not None:
        changing.add(but.terms.symbol)
    for symbol in book.open.symbols | changing:
        position = book.positions.get(symbol)
        held = position.amount if position is not None else _NOTHING
        if symbol in changing:
            orders = (*book.open.of(symbol), *(o for o in leaving if o.terms.symbol == symbol))
            yield symbol, _opening(_without(orders, but), held)
        else:
            yield symbol, book.open.opening(symbol, held, _opening)


def worth_of_entries(
    opened: Iterable[tuple[Symbol, Opening]],
    expected: Mapping[OrderKey, Decimal],
    price: Price,
    rate: Price,
) -> Mapping[Symbol, Decimal | None]:
    """By symbol, in the currency that `rate` leads to; None where a price is not known."""
    return {
        symbol: _worth(opening, rate(symbol), expected, price)
        for symbol, opening in opened
        if opening.entries
    }


def _leaving(floor: Floor) -> Sequence[Order]:
    known = floor.book.orders
    return [order for key, order in floor.in_flight.items() if key not in known]


def _without(orders: Iterable[Order], but: Order | None) -> Sequence[Order]:
    gone = () if but is None else (but.key, but.partner)
    return [order for order in orders if order.key not in gone]


def _opening(orders: Collection[Order], held: Decimal) -> Opening:
    counted = [o for o in orders if o.partner is None or o.key < o.partner]
    opened = (*_with_it(counted, held), *_left_over(counted, held))
    priced = [(amount, own) for order, amount in opened if (own := _own_price(order))]
    return Opening(
        held=held,
        entries=opened,
        worth=sum((amount * own for amount, own in priced), _NOTHING),
        unpriced=tuple(entry for entry in opened if not _own_price(entry[0])),
        on_margin=any(order.terms.wallet is Wallet.MARGIN for order, _ in opened),
    )


def _with_it(orders: Iterable[Order], held: Decimal) -> Iterator[tuple[Order, Decimal]]:
    for order in orders:
        if not _is_against(order, held) and _may_open(order):
            yield order, order.remaining


def _left_over(orders: Iterable[Order], held: Decimal) -> Iterator[tuple[Order, Decimal]]:
    left = abs(held)
    for order in sorted((o for o in orders if _is_against(o, held)), key=_age):
        closes = min(order.remaining, left)
        left -= closes
        if closes < order.remaining and _may_open(order):
            yield order, order.remaining - closes


def _worth(
    opening: Opening, rate: Decimal | None, expected: Mapping[OrderKey, Decimal], price: Price
) -> Decimal | None:
    worth = opening.worth
    for order, amount in opening.unpriced:
        at = expected.get(order.key) or price(order.terms.symbol)
        if at is None:
            return None
        worth += amount * at
    return None if rate is None else worth * rate


def _is_against(order: Order, held: Decimal) -> bool:
    return order.terms.wallet is Wallet.MARGIN and held * order.terms.side.sign < 0


def _may_open(order: Order) -> bool:
    terms = order.terms
    if order.bracket is not None or terms.reduce_only or terms.close:
        return False
    return terms.wallet is Wallet.MARGIN or terms.side is Side.BUY


def _age(order: Order) -> tuple[datetime, OrderKey]:
    return order.created_at, order.key


def _own_price(order: Order) -> Decimal | None:
    return order.terms.price or order.terms.trigger
