"""An order kept under a name."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from engine.model.account import Wallet
from engine.model.bracket import Fallback
from engine.model.order import OrderType, Side


class SizeKind(StrEnum):
    """In what a template's size is counted."""

    BASE = "base"
    QUOTE = "quote"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTemplate:
    """A draft's words, flat, so that it travels as JSON; `currency` only with a quote size."""

    name: str
    symbol: str
    side: Side
    size: Decimal
    size_kind: SizeKind = SizeKind.BASE
    currency: str | None = None
    type: OrderType = OrderType.MARKET
    price: Decimal | None = None
    trigger: Decimal | None = None
    trail: Decimal | None = None
    oco_stop: Decimal | None = None
    wallet: Wallet = Wallet.EXCHANGE
    post_only: bool = False
    reduce_only: bool = False
    hidden: bool = False
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    fallback: Fallback = Fallback.HOLD
