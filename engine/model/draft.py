"""An order as a person says it, before the market and the account make it exact."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.bracket import Fallback
from engine.model.order import OrderType, Side


@dataclass(frozen=True, slots=True)
class BaseSize:
    """So many units of the base currency: `0.01`."""

    amount: Decimal


@dataclass(frozen=True, slots=True)
class QuoteSize:
    """Worth so much in `currency`, the pair's quote currency: `$250`, `250usd`."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class PartSize:
    """A part of what is free, or of a position, in percent: `25%`."""

    percent: Decimal


Size = BaseSize | QuoteSize | PartSize


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """A wish: `symbol` as it was typed, prices as in `OrderTerms`."""

    symbol: str
    side: Side
    size: Size
    type: OrderType = OrderType.MARKET
    price: Decimal | None = None
    trigger: Decimal | None = None
    trail: Decimal | None = None
    oco_stop: Decimal | None = None
    good_until: datetime | None = None
    wallet: Wallet = Wallet.EXCHANGE
    post_only: bool = False
    reduce_only: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BracketDraft:
    """An entry as wished, with its exits; at least one of the two prices."""

    entry: OrderDraft
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    fallback: Fallback = Fallback.HOLD
