"""Whether an account can pay for what it asks."""

from decimal import Decimal
from typing import NamedTuple

from engine.simulator.trading import margin
from engine.simulator.trading.account import EXCHANGE, MARGIN, Account, Wallet
from engine.simulator.trading.floor import Floor
from engine.simulator.trading.offers import cost_of
from engine.simulator.trading.order import ZERO, Order
from engine.simulator.trading.statuses import float_text
from engine.simulator.wire.numbers import eight_up, number_text
from engine.simulator.wire.refusal import Refusal, generic


class Need(NamedTuple):
    """What an order keeps reserved in the exchange wallet."""

    currency: str
    amount: Decimal


def need_of(floor: Floor, order: Order, remaining: Decimal | None = None) -> Need:
    """Sells reserve the base, buys the quote at the price they would pay."""
    instrument = floor.markets[order.symbol].instrument
    amount = order.remaining if remaining is None else remaining
    if not order.buys:
        return Need(instrument.base, amount)
    return Need(instrument.quote, eight_up(amount * paying_price(floor, order)))


def paying_price(floor: Floor, order: Order) -> Decimal:
    """The price an order is reckoned with before it has filled."""
    if order.bare_kind == "MARKET":
        return floor.markets[order.symbol].last_price
    return order.price_aux_limit if order.bare_kind == "STOP LIMIT" else order.price


def reserved(
    floor: Floor, account: Account, currency: str, besides: Order | None = None
) -> Decimal:
    """What open orders hold back of one currency; of an OCO pair the dearer leg counts."""
    total = ZERO
    for order in account.orders.values():
        if order.on_margin or order is besides:
            continue
        sibling = account.sibling_of(order)
        if sibling is not None and (sibling is besides or order.placed_id is not None):
            continue
        legs = [need_of(floor, leg) for leg in (order, sibling) if leg is not None]
        if legs[0].currency == currency:
            total += max(leg.amount for leg in legs)
    return total


def available(floor: Floor, account: Account, wallet: Wallet) -> Decimal:
    """What of a wallet is free."""
    if wallet.kind == EXCHANGE:
        free = wallet.balance - reserved(floor, account, wallet.currency)
    elif wallet.kind == MARGIN:
        free = wallet.balance - margin.required(floor, account, wallet.currency)
    else:
        free = wallet.balance
    return max(free, ZERO)


def spendable(floor: Floor, account: Account, order: Order) -> Decimal:
    """What this order may use: the balance without other orders' reserves."""
    currency = need_of(floor, order).currency
    balance = account.wallet(EXCHANGE, currency).balance
    return balance - reserved(floor, account, currency, besides=order)


def check_funds(floor: Floor, account: Account, order: Order, *, limit: Decimal) -> None:
    """Refuse what cannot be paid (sheet, 7 G); `limit` is the dearest price it may have."""
    if order.on_margin:
        growth = margin.increase(account, order.symbol, order.amount)
        quote = floor.markets[order.symbol].instrument.quote
        need = growth * limit * margin.INITIAL
        if need and need > margin.tradable(floor, account, quote, besides=order):
            raise _not_enough("tradable", floor, order, limit)
        return
    if order.buys and order.bare_kind == "MARKET":
        need = cost_of(floor, order)
    elif order.buys:
        need = eight_up(order.remaining * limit)
    else:
        need = order.remaining
    if need > spendable(floor, account, order):
        raise _not_enough("exchange", floor, order, limit)


def _not_enough(which: str, floor: Floor, order: Order, price: Decimal) -> Refusal:
    pair = floor.markets[order.symbol].instrument.pair
    what = f"{float_text(order.amount)} {pair} at {number_text(price)}"
    return generic(f"Invalid order: not enough {which} balance for {what}")
