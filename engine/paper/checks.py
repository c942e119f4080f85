"""What the exchange would turn away at its door, in its words."""

from datetime import datetime
from decimal import ROUND_UP, Decimal

from engine.model.account import Wallet
from engine.model.market import Pair
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.symbol import is_derivative, quote_of
from engine.paper import texts
from engine.paper.ledger import Ledger
from engine.paper.margin import ZERO, Margin, price_of
from engine.paper.market import PaperMarket
from engine.paper.order import PaperOrder

_STEP = Decimal("1e-8")


def of_terms(terms: OrderTerms, pair: Pair | None, now: datetime) -> str | None:
    """What is wrong with an order whoever asks; None when nothing is."""
    if pair is None or not _is_traded_in(terms, pair):
        return "symbol: invalid"
    if (wrong := of_size(terms.amount, pair)) is not None:
        return wrong
    if terms.good_until is not None and terms.good_until <= now:
        return "tif: invalid"
    return _of_prices(terms)


def of_size(amount: Decimal, pair: Pair) -> str | None:
    """The pair's smallest and largest order."""
    if amount < pair.min_size:
        return texts.too_small(pair.symbol, pair.min_size)
    if pair.max_size and amount > pair.max_size:
        return texts.too_large(pair.symbol, pair.max_size)
    return None


def of_funds(order: PaperOrder, ledger: Ledger, margin: Margin, market: PaperMarket) -> str | None:
    """Whether the account can carry it."""
    price = price_of(order) or market.mark or ZERO
    if order.on_margin:
        free = margin.tradable(quote_of(order.terms.symbol), besides=order)
        need = margin.need(order, price)
        return texts.not_enough("tradable", order.terms, price) if need > free else None
    if order.terms.side is Side.SELL:
        need = order.remaining
    elif price_of(order) is None:
        need = _cost(order, market)
    else:
        need = order.remaining * price
    enough = need.quantize(_STEP, rounding=ROUND_UP) <= ledger.spendable(order)
    return None if enough else texts.not_enough("exchange", order.terms, price)


def _is_traded_in(terms: OrderTerms, pair: Pair) -> bool:
    derivative = is_derivative(pair.symbol)
    if terms.wallet is Wallet.MARGIN:
        return pair.margin or derivative
    return terms.wallet is Wallet.EXCHANGE and not derivative


def _of_prices(terms: OrderTerms) -> str | None:
    """Every price that the type lives by is there."""
    kind = terms.type
    wants_price = {OrderType.LIMIT, OrderType.FOK, OrderType.IOC, OrderType.STOP_LIMIT}
    if kind in wants_price and not _positive(terms.price):
        return "price: invalid"
    if kind in {OrderType.STOP, OrderType.STOP_LIMIT} and not _positive(terms.trigger):
        return "price: invalid"
    if kind is OrderType.TRAILING_STOP and not _positive(terms.trail):
        return "price_trailing: invalid"
    oco = terms.oco_stop
    if oco is not None and (kind is not OrderType.LIMIT or not _positive(oco)):
        return "price_oco_stop: invalid"
    return None


def _positive(price: Decimal | None) -> bool:
    return price is not None and price > 0


def _cost(order: PaperOrder, market: PaperMarket) -> Decimal:
    """What a market order would pay, as far as the book goes."""
    left, cost = order.remaining, ZERO
    for offer in market.offers(order.terms.side):
        taken = min(left, offer.left)
        cost += taken * offer.price
        left -= taken
    return cost
