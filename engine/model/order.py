"""An order: its terms, its life in one transition table, its fills."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from engine.model.account import Wallet
from engine.model.ids import CommandId, OrderId, OrderKey, TradeId
from engine.model.symbol import Symbol
from engine.model.value import value


class Side(StrEnum):
    """Which way an order trades."""

    BUY = "buy"
    SELL = "sell"

    @property
    def sign(self) -> int:
        """+1 for buy, -1 for sell: the exchange's amounts are signed."""
        return 1 if self is Side.BUY else -1


class OrderType(StrEnum):
    """Order types without the wallet prefix (facts sheet 4.1)."""

    MARKET = "market"
    LIMIT = "limit"
    STOP = "stop"
    STOP_LIMIT = "stop limit"
    TRAILING_STOP = "trailing stop"
    FOK = "fok"
    IOC = "ioc"


class OrderStatus(StrEnum):
    """Where an order is in its life."""

    PENDING = "pending"
    WORKING = "working"
    PARTLY_FILLED = "partly filled"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    LOST = "lost"

    @property
    def is_open(self) -> bool:
        """Whether it may still trade."""
        return self in OPEN

    @property
    def is_final(self) -> bool:
        """Whether nothing can change it any more."""
        return not TRANSITIONS[self]


_S = OrderStatus
OPEN = frozenset({_S.PENDING, _S.WORKING, _S.PARTLY_FILLED})
_AFTER_SUBMIT = frozenset(
    {_S.WORKING, _S.PARTLY_FILLED, _S.FILLED, _S.CANCELLED, _S.REJECTED, _S.LOST}
)
TRANSITIONS: Mapping[OrderStatus, frozenset[OrderStatus]] = {
    _S.PENDING: _AFTER_SUBMIT,
    _S.WORKING: frozenset({_S.PARTLY_FILLED, _S.FILLED, _S.CANCELLED, _S.LOST}),
    _S.PARTLY_FILLED: frozenset({_S.FILLED, _S.CANCELLED, _S.LOST}),
    _S.LOST: frozenset({_S.WORKING, _S.PARTLY_FILLED, _S.FILLED, _S.CANCELLED, _S.REJECTED}),
    _S.FILLED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.REJECTED: frozenset(),
}


class Origin(StrEnum):
    """Whose order it is."""

    GENESIS = "genesis"
    ELSEWHERE = "elsewhere"
    ADOPTED = "adopted"
    IGNORED = "ignored"


@value
class OrderTerms:
    """What is wanted: `amount` in base units and positive, prices in quote currency.

    `price` is the limit, `trigger` the stop price, `trail` the distance of a trailing stop.
    With `oco_stop` a stop at that price goes with it, and either's trade cancels the other;
    `good_until` is when the exchange cancels it by itself, `close` ends the whole position,
    `group` ties orders together, `leverage` belongs to derivatives (1 to 100).
    """

    symbol: Symbol
    side: Side
    amount: Decimal
    type: OrderType
    price: Decimal | None = None
    trigger: Decimal | None = None
    trail: Decimal | None = None
    wallet: Wallet = Wallet.EXCHANGE
    post_only: bool = False
    reduce_only: bool = False
    hidden: bool = False
    close: bool = False
    oco_stop: Decimal | None = None
    good_until: datetime | None = None
    leverage: int | None = None
    group: int | None = None

    @property
    def signed_amount(self) -> Decimal:
        """The amount as the exchange writes it: negative to sell."""
        return self.amount if self.side is Side.BUY else -self.amount


@value
class Order:
    """One order and all we know of it; `remaining` in base units, positive.

    `partner` is the other order of an OCO, `bracket` the entry whose exit it is.
    """

    key: OrderKey
    terms: OrderTerms
    status: OrderStatus
    remaining: Decimal
    created_at: datetime
    updated_at: datetime
    order_id: OrderId | None = None
    average: Decimal | None = None
    reason: str = ""
    origin: Origin = Origin.GENESIS
    actor_id: str = ""
    command_id: CommandId | None = None
    partner: OrderKey | None = None
    bracket: OrderKey | None = None

    @property
    def filled(self) -> Decimal:
        """Base units traded so far."""
        return self.terms.amount - self.remaining

    def as_told(
        self,
        *,
        order_id: OrderId,
        terms: OrderTerms,
        status: OrderStatus,
        remaining: Decimal,
        average: Decimal | None,
        updated_at: datetime,
        reason: str,
    ) -> "Order":
        """The order after the exchange's word; written out, as `replace` takes twice as long."""
        return Order(
            key=self.key,
            terms=terms,
            status=status,
            remaining=remaining,
            created_at=self.created_at,
            updated_at=updated_at,
            order_id=order_id,
            average=average,
            reason=reason,
            origin=self.origin,
            actor_id=self.actor_id,
            command_id=self.command_id,
            partner=self.partner,
            bracket=self.bracket,
        )


@value
class Fill:
    """One trade of an order: `amount` positive; `fee` negative, None until settled.

    `opening` is whether an order of ours took on an exposure with it. Of the part that closed
    something, `profit` is what it made before fees and `paid` what that had cost, in quote
    currency; None where nothing closed, or nobody knows what it had cost. `stopped` is whether
    it was a stop that closed it.
    """

    trade_id: TradeId
    order_id: OrderId
    symbol: Symbol
    side: Side
    amount: Decimal
    price: Decimal
    maker: bool
    at: datetime
    fee: Decimal | None = None
    fee_currency: str | None = None
    opening: bool = False
    profit: Decimal | None = None
    paid: Decimal | None = None
    stopped: bool = False
