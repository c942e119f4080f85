"""What happened, past tense: the journal's entries. Order events carry the order as it became."""

from dataclasses import dataclass
from datetime import datetime

from engine.model.account import Balance
from engine.model.bracket import Bracket
from engine.model.change import OrderChange
from engine.model.endpoint import EndpointType
from engine.model.ids import CommandId, OrderKey
from engine.model.lot import Lot
from engine.model.order import Fill, Order
from engine.model.position import Position
from engine.model.symbol import Symbol
from engine.model.template import OrderTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact, and when it became one.

    `via` is the way somebody's word for it came, where that was not the chat: `api`, `console`.
    """

    at: datetime
    via: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvent(Event):
    """A fact about one order; `order` is its state afterwards."""

    order: Order


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSubmitted(OrderEvent):
    """An order is about to leave for the exchange."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderResubmitted(OrderEvent):
    """The exchange had never seen a fresh order; the same one is about to leave again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAccepted(OrderEvent):
    """The exchange has the order working."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChanged(OrderEvent):
    """The exchange changed its terms, its remaining amount or its standing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilled(OrderEvent):
    """A trade happened; the fee may still be unknown. `lot` is what is held afterwards, for all
    our trades can tell; None in old ones."""

    fill: Fill
    lot: Lot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeSettled(OrderEvent):
    """The fee of a trade became known; `lot` is what is held afterwards, where it took of that."""

    fill: Fill
    lot: Lot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderClosed(OrderEvent):
    """The order is done: filled, cancelled or lost, as its status says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRejected(OrderEvent):
    """The order never came to work; `order.reason` says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFound(OrderEvent):
    """An order made elsewhere, by hand or by another program, was seen on the exchange."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAdopted(OrderEvent):
    """Somebody made an order made elsewhere ours."""

    actor_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderIgnored(OrderEvent):
    """Somebody left an order made elsewhere alone."""

    actor_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendRequested(Event):
    """Somebody asked for an order to be changed; journalled before it leaves.

    With `guard`, a bracket's guardian did, for whom the bracket is (old ones do not say so).
    """

    actor_id: str
    key: OrderKey
    change: OrderChange
    guard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendFailed(Event):
    """The exchange refused to change an order; it stands as it stood."""

    key: OrderKey
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRequested(Event):
    """Somebody asked for orders to be cancelled; `command_id` names the wish (None in old ones).

    `guard` as of `AmendRequested`.
    """

    actor_id: str
    keys: tuple[OrderKey, ...]
    command_id: CommandId | None = None
    guard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelFailed(Event):
    """The exchange refused to cancel an order."""

    key: OrderKey
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceChanged(Event):
    """A balance became this."""

    balance: Balance


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionChanged(Event):
    """A position became this; amount zero is closed. `before` is what was known."""

    position: Position
    before: Position | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionFound(Event):
    """A position that none of our orders explains was seen on the exchange."""

    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionAdopted(Event):
    """Somebody made a position made elsewhere ours."""

    actor_id: str
    symbol: Symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionIgnored(Event):
    """Somebody left a position made elsewhere alone."""

    actor_id: str
    symbol: Symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class LotCorrected(Event):
    """The exchange's position is not what our trades come to: from here on they come to `lot`."""

    lot: Lot


@dataclass(frozen=True, slots=True, kw_only=True)
class BracketEvent(Event):
    """A fact about one bracket; `bracket` is its state afterwards."""

    bracket: Bracket


@dataclass(frozen=True, slots=True, kw_only=True)
class BracketOpened(BracketEvent):
    """An entry is about to leave, and its exits will follow what it fills."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BracketNoted(BracketEvent):
    """Which orders are its exits, or are taken back, is noted: nothing that anybody waits for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BracketChanged(BracketEvent):
    """Its exits now stand for more or less of what is held, or it is being closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BracketExposed(BracketEvent):
    """Something is held that no exit guards; `bracket.reason` says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BracketClosed(BracketEvent):
    """Nothing is left to guard, or nobody wants it guarded; `bracket.reason` says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSaved(Event):
    """Somebody keeps an order under a name."""

    actor_id: str
    template: OrderTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateDeleted(Event):
    """Somebody keeps an order no longer."""

    actor_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingPaused(Event):
    """No new exposure until resumed."""

    actor_id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingResumed(Event):
    """New exposure is allowed again."""

    actor_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRefused(Event):
    """Somebody wished something and was told no: `reasons` in words, `codes` what kind each is
    (none in old ones); `command_id` where the wish had a name."""

    actor_id: str
    command: str
    reasons: tuple[str, ...]
    codes: tuple[str, ...] = ()
    command_id: CommandId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandDeclined(Event):
    """Somebody, or the time that ran out, decided against a wish before it was carried out."""

    actor_id: str
    command_id: CommandId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeLinkLost(Event):
    """The private link to the exchange went down."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeReconciled(Event):
    """The book equals the exchange again, and trading is open.

    `settled` are orders whose fate had been unknown, `found` orders made elsewhere,
    `missed` trades that happened while we were away.
    """

    settled: tuple[OrderKey, ...] = ()
    found: tuple[OrderKey, ...] = ()
    missed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSetAside(Event):
    """The exchange told something that the journal would not hold; `detail` says what."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceChanged(Event):
    """The exchange closed or reopened trading."""

    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportBreakerChanged(Event):
    """REST calls of a kind are held back (`open`) because they keep failing, or pass again."""

    endpoint_type: EndpointType
    open: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStarted(Event):
    """The service came up; `crashed` when the run before never said goodbye."""

    version: str
    crashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStopped(Event):
    """The service went down in good order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadershipTaken(Event):
    """A service that stood by leads now: it is `name`, and `before` led until then.

    `heard_at` is when that one was last heard; None when it had stepped down in good order.
    """

    name: str
    epoch: int
    before: str
    heard_at: datetime | None = None
