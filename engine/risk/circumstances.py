"""Everything a rule may look at, gathered once, so that a verdict is a pure function."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.event import TradingPaused
from engine.model.market import Fees, Pair
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.position import Position
from engine.model.symbol import Symbol
from engine.model.value import value
from engine.risk.state import RiskState

_NOTHING = Decimal(0)


@value
class Circumstances:
    """The world at one moment: `market` is the price a market order would meet, in quote currency.

    `free` is what the order's wallet can still spend of what it pays with: quote currency to buy,
    base currency to sell; None is unknown.
    `risk` is the policy in force and all that is counted, read and never changed. `mid` lies
    between the best bid and ask, heard at `quoted_at`; `average` is what a market order of this
    size would pay by the live book, None where no book is heard. `positions` counts the margin
    positions of other symbols, open or ordered; `entries` is what open orders may yet open, by
    symbol, in the currency of equity, None where that is not known; `rate` is what one of the
    quote currency is worth in it. `spoken_for` is how much of the position open orders close that
    are not bound to reduce it.
    """

    pair: Pair
    market: Decimal
    fees: Fees
    free: Decimal | None
    position: Position | None
    paused: TradingPaused | None
    now: datetime
    risk: RiskState = field(default_factory=RiskState)
    mid: Decimal | None = None
    quoted_at: datetime | None = None
    average: Decimal | None = None
    open_orders: int = 0
    positions: int = 0
    entries: Mapping[Symbol, Decimal | None] = field(default_factory=dict)
    rate: Decimal | None = None
    spoken_for: Decimal = _NOTHING


def expected_price(terms: OrderTerms, market: Decimal) -> Decimal:
    """What the order trades at, as far as can be said: its limit, else its trigger, else now.

    Of an OCO the dearer of its two prices.
    """
    if terms.type in (OrderType.MARKET, OrderType.TRAILING_STOP):
        return market
    own = terms.price or terms.trigger or market
    return own if terms.oco_stop is None else max(own, terms.oco_stop)


def weighed_price(terms: OrderTerms, market: Decimal) -> Decimal:
    """What limits on worth reckon with: a low limit does not make an order sell for less."""
    price = expected_price(terms, market)
    return max(price, market) if terms.side is Side.SELL and terms.price is not None else price


def reduces(terms: OrderTerms, position: Position | None, spoken_for: Decimal = _NOTHING) -> bool:
    """Whether the order can only make an exposure smaller; other orders that might trade first
    have `spoken_for` that much of the position."""
    if terms.wallet is Wallet.EXCHANGE:
        return terms.side is Side.SELL
    if position is None:
        return False
    against = position.amount * terms.side.sign < 0
    left = abs(position.amount) - spoken_for
    return against and (terms.reduce_only or terms.close or terms.amount <= left)
