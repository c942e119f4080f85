"""What the exchange tells us: unordered, repeated, late; the book makes events of it."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from engine.model.account import Balance
from engine.model.endpoint import EndpointType
from engine.model.feed import MarketFeed
from engine.model.ids import OrderId, OrderKey
from engine.model.market import Ticker
from engine.model.order import Fill, OrderStatus, OrderTerms
from engine.model.position import Position
from engine.model.symbol import Symbol
from engine.model.value import value

# Opening time in milliseconds since the epoch, open, close, high, low, volume.
Bar = tuple[float, float, float, float, float, float]


@value
class OrderReport:
    """An order as the exchange sees it now (facts sheet 5.1); `cid` may be another program's.

    `parent_id` is the order an OCO's stop was placed with. One that was `resized` shows the size
    it was made with, or none that is sure: what it filled is told by its trades.
    """

    order_id: OrderId
    cid: int | None
    terms: OrderTerms
    status: OrderStatus
    remaining: Decimal
    average: Decimal | None
    text: str
    created_at: datetime
    updated_at: datetime
    parent_id: OrderId | None = None
    resized: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersSnapshot:
    """All active orders at the moment the link came up."""

    orders: tuple[OrderReport, ...]


@value
class SubmissionNoted:
    """The exchange took an order in for processing; not yet a promise (facts sheet 1.3)."""

    cid: OrderKey
    order_id: OrderId


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionRefused:
    """The exchange turned a new order away; nothing of it exists there."""

    cid: OrderKey
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRefused:
    """The exchange will not cancel: it no longer has the order, or never had.

    Told by the exchange's id, or by our `cid` where it had none yet.
    """

    order_id: OrderId | None = None
    cid: int | None = None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkCancelRefused:
    """The exchange will not cancel several at once, whichever they were."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendRefused:
    """The exchange will not change an order; it stands as it stood."""

    order_id: OrderId | None = None
    cid: int | None = None
    reason: str


@value
class FillReport:
    """A trade of ours: first without fee (`te`), then with it (`tu`); `cid` where it is told."""

    fill: Fill
    cid: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancesReport:
    """Balances; with `whole`, all there are."""

    balances: tuple[Balance, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionsReport:
    """Positions, closed ones with amount zero; with `whole`, all there are."""

    positions: tuple[Position, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkUp:
    """The private link is open, authenticated, and its snapshots have been told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLost:
    """The private link is gone; `reason` in words a person understands.

    `hung_up` when the exchange said goodbye itself: what it has not read by then, it never will.
    """

    reason: str
    hung_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceReport:
    """The exchange closed (`active`) or reopened trading (facts sheet 6.1)."""

    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportBreakerReport:
    """REST calls of a kind are held back (`open`) because they keep failing, or pass again."""

    endpoint_type: EndpointType
    open: bool
    reason: str


Report = (
    OrderReport
    | OrdersSnapshot
    | SubmissionNoted
    | SubmissionRefused
    | CancelRefused
    | BulkCancelRefused
    | AmendRefused
    | FillReport
    | BalancesReport
    | PositionsReport
    | LinkUp
    | LinkLost
    | MaintenanceReport
    | TransportBreakerReport
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadOrder:
    """An order the exchange told of in words nobody understood; what could be made out of it."""

    order_id: int | None = None
    cid: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPicture:
    """The account by REST, at one moment: only orders still active are in `orders`.

    Those in `unread` are there too, but could not be read.
    """

    orders: tuple[OrderReport, ...] = ()
    unread: tuple[UnreadOrder, ...] = ()
    balances: tuple[Balance, ...] = ()
    positions: tuple[Position, ...] = ()
    taken_at: datetime = field()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHistory:
    """Orders closed or changed, oldest change first, and those that could not be read."""

    orders: tuple[OrderReport, ...] = ()
    unread: tuple[UnreadOrder, ...] = ()


# not frozen, as `OrderReport`: there are thousands a second
@dataclass(slots=True)
class BookChange:
    """One level of a symbol's book: `amount` positive bid, negative ask; `count` 0 removes it."""

    symbol: Symbol
    price: float
    count: int
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSnapshot:
    """A symbol's whole book anew: rows of price, count, signed amount."""

    symbol: Symbol
    rows: tuple[tuple[float, int, float], ...]


# not frozen, as `BookChange`
@dataclass(slots=True)
class TradeTick:
    """A trade of anybody's, told twice: `millis` since the epoch, `amount` positive when bought."""

    symbol: Symbol
    trade_id: int
    millis: float
    amount: float
    price: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TradesSnapshot:
    """A symbol's newest trades anew, in any order."""

    symbol: Symbol
    trades: tuple[TradeTick, ...]


# not frozen, as `BookChange`
@dataclass(slots=True)
class CandleChange:
    """A candle as it is now, often the open one, sometimes an older one."""

    symbol: Symbol
    timeframe: str
    bar: Bar


@dataclass(frozen=True, slots=True, kw_only=True)
class CandlesSnapshot:
    """A symbol's newest candles of one length anew, in any order."""

    symbol: Symbol
    timeframe: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingNew:
    """A sign of life: trades or candles that are followed stand as they were told."""

    feed: MarketFeed


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketLinkLost:
    """A public socket is gone: what was heard of `feeds` over it is stale."""

    reason: str
    feeds: frozenset[MarketFeed]

    @property
    def symbols(self) -> frozenset[Symbol]:
        """Whose feeds they were."""
        return frozenset(feed.symbol for feed in self.feeds)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookLost:
    """A symbol's book did not add up and is asked for anew."""

    symbol: Symbol
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRefused:
    """The exchange will not tell of a symbol over the stream; `reason` in its own words."""

    symbol: Symbol
    reason: str


MarketReport = (
    Ticker
    | BookChange
    | BookSnapshot
    | TradeTick
    | TradesSnapshot
    | CandleChange
    | CandlesSnapshot
    | NothingNew
    | MarketLinkLost
    | BookLost
    | WatchRefused
)
