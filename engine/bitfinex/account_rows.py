"""Rows of the account as the exchange writes them today: each read in one call, money exact.

What does not fit is nothing wrong yet: `decode` reads any row the exchange ever wrote.
"""

from decimal import Decimal
from typing import Annotated, Generic, Literal, TypeVar

from msgspec import Meta, Struct

from engine.bitfinex.wire import is_figure

# what no register holds is left to those who read with more care
Whole = Annotated[int, Meta(ge=-(2**62), le=2**62)]
Millis = Whole | Decimal
"""A time, written as a whole number but for a few; its bounds are those of `moment_of`."""

R = TypeVar("R")


class OrderRow(Struct, array_like=True, gc=False):
    """An order (facts sheet 5.1), short or long; times in milliseconds."""

    order_id: Whole
    group: Whole | None
    cid: Whole | None
    symbol: str
    created: Millis | None
    updated: Millis | None
    remaining: Decimal
    amount: Decimal
    type: str
    type_before: str | None = None
    good_until: Millis | None = None
    _11: object = None
    flags: Whole | None = None
    status: str = ""
    _14: object = None
    _15: object = None
    price: Decimal | None = None
    average: Decimal | None = None
    trail: Decimal | None = None
    aux: Decimal | None = None
    _20: object = None
    _21: object = None
    _22: object = None
    _23: object = None
    hidden: Whole | None = None
    parent_id: Whole | None = None
    _26: object = None
    _27: object = None
    _28: object = None
    _29: object = None
    _30: object = None
    meta: object = None

    def __post_init__(self) -> None:
        _bounded(self.remaining, self.amount)
        # where these are zero they are not there
        _bounded(self.price or None, self.average or None, self.trail or None, self.aux or None)


class TradeRow(Struct, array_like=True, gc=False):
    """A trade of ours (5.4)."""

    trade_id: Whole
    symbol: str
    at: Millis
    order_id: Whole
    amount: Decimal
    price: Decimal
    _6: object = None
    _7: object = None
    maker: Whole | None = None
    fee: Decimal | None = None
    fee_currency: str | None = None
    cid: Whole | None = None

    def __post_init__(self) -> None:
        _bounded(self.amount, self.price, self.fee)


class WalletRow(Struct, array_like=True, gc=False):
    """A wallet (5.3)."""

    wallet: str
    currency: str
    total: Decimal
    _3: object = None
    available: Decimal | None = None

    def __post_init__(self) -> None:
        _bounded(self.total, self.available)


class NamedOrder(Struct, array_like=True, gc=False):
    """Of an order row only which order it is."""

    order_id: Whole
    _1: object
    cid: Whole


class AcceptedRow(Struct, array_like=True, gc=False):
    """The notification that one new order was taken in for processing (5.5)."""

    _0: object
    kind: Literal["on-req"]
    _2: object
    _3: object
    order: NamedOrder
    _5: object
    status: Literal["SUCCESS"]
    words: str | None = None


class Frame(Struct, Generic[R], array_like=True, gc=False):
    """A frame of channel 0, with the numbers at its end (6.2)."""

    channel: Literal[0]
    kind: str
    row: R
    number: object = None
    own: object = None


def _bounded(*figures: Decimal | None) -> None:
    for figure in figures:
        if figure is not None and not is_figure(figure):
            raise ValueError("beyond what money is")
