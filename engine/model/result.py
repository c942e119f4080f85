"""What comes back over the desk."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.model.account import Balance
from engine.model.bracket import Bracket, BracketTerms
from engine.model.change import OrderChange
from engine.model.endpoint import EndpointType
from engine.model.entry import Entry
from engine.model.event import TradingPaused
from engine.model.ids import OrderKey
from engine.model.market import Ticker
from engine.model.order import Order, OrderTerms
from engine.model.position import Position
from engine.model.risk import Check
from engine.model.template import OrderTemplate


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not: a stable code, and the sentence for a person."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The desk said no, for all of these reasons; nothing was sent."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether an order may go out: every reason against, and in one sentence what it comes to.

    `checks` is each rule's word, in their order; it is empty where risk is switched `off`.
    """

    reasons: tuple[Reason, ...]
    because: str
    off: bool = False
    reduces: bool = False
    checks: tuple[Check, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTicket:
    """Where an order stands; `repeated` when the command had been carried out before."""

    order: Order
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slippage:
    """What walking the live book would cost: `average` price, `percent` away from the mid."""

    average: Decimal
    percent: Decimal
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What would be held: base units and their worth in quote currency."""

    amount: Decimal
    worth: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPreview:
    """Exact terms and what they would mean; money in the pair's quote currency.

    `price` is what the order is expected to trade at, `cost` its worth there, `fee` positive.
    """

    terms: OrderTerms
    price: Decimal
    market: Decimal
    cost: Decimal
    fee: Decimal
    fee_currency: str
    fee_rate: Decimal
    before: Exposure
    after: Exposure
    slippage: Slippage | None = None
    notes: tuple[str, ...] = ()
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendPreview:
    """An order as it stands and what a change would make of it; money in quote currency.

    `change` is exact; `after` are the terms it leads to, `cost` the worth of what remains.
    """

    order: Order
    change: OrderChange
    after: OrderTerms
    market: Decimal
    cost: Decimal
    notes: tuple[str, ...] = ()
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BracketPreview:
    """An entry's preview with its exits; `loss` and `gain` in quote currency, fees included.

    `loss` is None without a stop loss, `gain` without a take profit; both are positive amounts
    where the exit ends as its name says.
    """

    terms: BracketTerms
    entry: OrderPreview
    loss: Decimal | None
    gain: Decimal | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BracketTicket:
    """Where a bracket and its entry stand; `repeated` when the command was carried out before."""

    bracket: Bracket
    entry: Order
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Brackets:
    """Open brackets, newest first, each with the orders it is made of."""

    brackets: tuple[tuple[Bracket, tuple[Order, ...]], ...]


@dataclass(frozen=True, slots=True)
class Templates:
    """Orders kept under a name, by name."""

    templates: tuple[OrderTemplate, ...]


@dataclass(frozen=True, slots=True)
class Strays:
    """Orders and positions made elsewhere that nobody has decided about."""

    orders: tuple[Order, ...]
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """It is done; `repeated` when it had been before."""

    repeated: bool = False


@dataclass(frozen=True, slots=True)
class CancelFate:
    """What became of one order that was to be cancelled; `refusal` in the exchange's words."""

    order: Order
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class CancelReport:
    """Each order's fate; an order still open has not answered yet."""

    fates: tuple[CancelFate, ...]
    repeated: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Orders:
    """Open orders, newest first."""

    orders: tuple[Order, ...]


@dataclass(frozen=True, slots=True)
class Life:
    """An order as it is, and every entry of the journal about it, in order."""

    order: Order
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """A position and its worth now; `profit` in quote currency, None without a price."""

    position: Position
    price: Decimal | None
    profit: Decimal | None


@dataclass(frozen=True, slots=True)
class Holdings:
    """Open margin positions."""

    holdings: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class Purse:
    """A balance and its worth in US dollars, None where there is no price."""

    balance: Balance
    worth: Decimal | None


@dataclass(frozen=True, slots=True)
class Purses:
    """All balances that are not zero, and what is certain of their worth together."""

    purses: tuple[Purse, ...]
    total: Decimal
    complete: bool


@dataclass(frozen=True, slots=True)
class Price:
    """A ticker, and whether it was heard live or asked for."""

    ticker: Ticker
    live: bool


@dataclass(frozen=True, slots=True)
class TradingState:
    """Whether new exposure is allowed."""

    paused: TradingPaused | None


@dataclass(frozen=True, slots=True)
class Declined:
    """The wish is dead; nothing was or will be sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskStatus:
    """The desk at a glance; `closed_because` is None when orders can be sent.

    `breakers` are the kinds of call whose transport breaker is open.
    """

    closed_because: str | None
    link_since: datetime | None
    maintenance: bool
    paused: TradingPaused | None
    open_orders: int
    pending: tuple[OrderKey, ...]
    positions: int
    breakers: tuple[EndpointType, ...] = ()
