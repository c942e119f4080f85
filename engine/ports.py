"""The engine's sockets in the wall, named by role; adapters and doubles plug in here."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from engine.lead import Lead
from engine.model.account import Balance
from engine.model.approval import ApprovedChange, ApprovedOrder
from engine.model.bracket import Bracket, Settled
from engine.model.entry import Entry
from engine.model.event import AmendRequested, Event, TradingPaused
from engine.model.ids import CommandId, OrderId, OrderKey, TradeId
from engine.model.leader import Leader
from engine.model.lot import Lot
from engine.model.market import Candle, Fees, OrderBook, Pair, Ticker
from engine.model.market_records import MarketTrade
from engine.model.order import Fill, Order, Origin
from engine.model.position import Position
from engine.model.records import LedgerEntry, Span
from engine.model.report import AccountPicture, FillReport, MarketReport, OrderHistory, Report
from engine.model.risk import EquityMark
from engine.model.risk_event import EquityUnknown, WindowClosed, WindowOpened
from engine.model.symbol import Symbol
from engine.model.template import OrderTemplate

Absorb = Callable[[Sequence[Report]], Awaitable[None]]
Hear = Callable[[Sequence[MarketReport]], None]


class Clock(Protocol):
    """Time, injected."""

    def now(self) -> datetime:
        """Aware UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return once that much of this clock's time has passed."""
        ...


class NonceStore(Protocol):
    """Which numbers each API key has used up; `key` is a fingerprint, never the key itself."""

    async def reserve(self, key: str, *, at_least: int, size: int) -> int:
        """Set aside `size` numbers in a row, none ever given before; the first of them.

        Durable before it returns; none is below `at_least`. `JournalUnavailable` when the
        database does not answer.
        """
        ...


class Exchange(Protocol):
    """One account at an exchange. What it says arrives, in order, through `absorb`."""

    async def run(self, absorb: Absorb) -> None:
        """Keep the private link up for ever; ends only by cancellation.

        After each (re)connect the snapshots come first, then `LinkUp`; `LinkLost` once per loss.
        """
        ...

    async def submit(self, order: ApprovedOrder) -> None:
        """Hand an order to the wire; its fate arrives as reports.

        Raises `LinkDown` when certainly nothing was sent, `ExchangeUnreachable` when unknown.
        """
        ...

    async def cancel(self, orders: Sequence[Order]) -> None:
        """Ask for cancellation, one frame for all, by another way where the link is down.

        Errors as `submit`.
        """
        ...

    async def amend(self, change: ApprovedChange) -> None:
        """Ask for an open order to be changed where it stands; errors as `submit`."""
        ...

    async def empty(self, order: ApprovedOrder) -> None:
        """Hand over an order that can only reduce, by call and answer, link or no link.

        For a panic that nobody can journal: it is as harmless done twice as a cancel, and goes
        where one goes. `InvalidInput` for any other order, otherwise errors as `submit`, and
        `ExchangeRefused` at once.
        """
        ...

    async def account(self, *, urgent: bool = False) -> AccountPicture:
        """Active orders, balances and positions now, by REST; `urgent` before other calls."""
        ...

    async def closed_orders(self, since: datetime) -> OrderHistory:
        """Orders closed or changed at `since` or later, oldest first, all pages."""
        ...

    async def trades(self, since: datetime) -> Sequence[FillReport]:
        """Our trades at `since` or later with their fees, oldest first, all pages."""
        ...

    async def fees(self) -> Fees:
        """The account's maker and taker rates."""
        ...

    async def ledger(self, since: datetime | None) -> Sequence[LedgerEntry]:
        """What changed the wallets at `since` or later, newest first; a few of the newest with
        None."""
        ...

    async def close(self) -> None:
        """Let go of what is left open when `run` has ended."""
        ...


class MarketData(Protocol):
    """The exchange's public side."""

    async def run(self, hear: Hear) -> None:
        """Keep the public link up for ever and tell what the watched symbols do."""
        ...

    async def watch(self, symbol: Symbol) -> None:
        """Subscribe to ticker and book; idempotent, kept over reconnects."""
        ...

    async def follow_trades(self, symbol: Symbol) -> None:
        """Subscribe to everybody's trades; idempotent, kept over reconnects."""
        ...

    async def follow_candles(self, symbol: Symbol, timeframe: str) -> None:
        """Subscribe to candles of one length; idempotent, kept over reconnects.

        Raises `InvalidInput` where there are none of that length.
        """
        ...

    async def pairs(self) -> Mapping[Symbol, Pair]:
        """All tradable pairs with their sizes."""
        ...

    async def ticker(self, symbol: Symbol) -> Ticker:
        """The ticker now, by REST."""
        ...

    async def book(self, symbol: Symbol) -> OrderBook:
        """The best 25 levels of each side now, by REST."""
        ...

    async def candles(self, symbol: Symbol, timeframe: str, limit: int) -> Sequence[Candle]:
        """The newest `limit` candles, oldest first, by REST."""
        ...

    async def market_trades(self, symbol: Symbol, span: Span) -> Sequence[MarketTrade]:
        """Everybody's trades, newest first, by REST."""
        ...

    async def close(self) -> None:
        """Let go of what is left open when `run` has ended."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the journal's projections know at start: the newest word on everything.

    `orders` holds every open or lost order, those of open brackets and the newest closed ones;
    `standings` whose the positions are that we did not make; `trade_ids` the newest fills,
    `traded` what those of open or lost orders, and of open brackets' orders, come to;
    `brackets` are the open ones, `settled` what their entries' trades came to; `amending` is what
    open orders are to become, and have not been answered; `last_at` is when the exchange was last
    heard, `last_key` the highest cid given. `rulings` is all that people and guards have ruled, in
    order; `mark` the newest equity that was kept. `lots` are what our trades come to, `fills` the
    newest of them that opened or closed something, oldest first, each with its order's key;
    `mishaps` when something lately went wrong (`engine.telling`), and the kind of event that told
    so. `hours` is what was told last of trading windows, `unvalued` that equity is not known,
    where that was.
    """

    orders: Sequence[Order] = ()
    balances: Sequence[Balance] = ()
    positions: Sequence[Position] = ()
    standings: Mapping[Symbol, Origin] = field(default_factory=dict)
    trade_ids: frozenset[TradeId] = field(default_factory=frozenset)
    settled_ids: frozenset[TradeId] = field(default_factory=frozenset)
    traded: Mapping[OrderKey, Decimal] = field(default_factory=dict)
    brackets: Sequence[Bracket] = ()
    settled: Mapping[OrderKey, Settled] = field(default_factory=dict)
    templates: Sequence[OrderTemplate] = ()
    amending: Sequence[AmendRequested] = ()
    paused: TradingPaused | None = None
    rulings: Sequence[Event] = ()
    mark: EquityMark | None = None
    lots: Sequence[Lot] = ()
    fills: Sequence[tuple[OrderKey, Fill]] = ()
    mishaps: Sequence[tuple[datetime, str]] = ()
    hours: WindowOpened | WindowClosed | None = None
    unvalued: EquityUnknown | None = None
    last_at: datetime | None = None
    last_key: int = 0
    stopped_well: bool = True


class Journal(Protocol):
    """The one book: append-only, durable before it returns, read by everybody who must know."""

    async def append(
        self, events: Sequence[Event], *, claim: CommandId | None = None
    ) -> Sequence[Entry]:
        """Commit events and their projections in one transaction.

        With `claim`, also mark the command as carried out: `DuplicateCommand` and nothing
        written if it already was. `JournalUnavailable` when the database does not answer.
        """
        ...

    async def read(self, after: int, limit: int = 500) -> Sequence[Entry]:
        """Entries with a greater `seq`, in order."""
        ...

    def follow(self, after: int) -> AsyncIterator[Sequence[Entry]]:
        """All entries after `after`, then each new batch as it is committed, without a hole."""
        ...

    async def last_seq(self) -> int:
        """The newest entry's seq; 0 when empty."""
        ...

    async def cursor(self, reader: str) -> int | None:
        """How far `reader` has come; None for one never seen."""
        ...

    async def advance(self, reader: str, seq: int) -> None:
        """Move a reader's cursor; never backwards."""
        ...

    async def remember(self) -> Memory:
        """The projections, for a start."""
        ...

    async def order(self, key: OrderKey) -> Order | None:
        """An order by its key, however old."""
        ...

    async def order_named(self, order_id: OrderId) -> Order | None:
        """An order by the exchange's id, however old."""
        ...

    async def order_of(self, command_id: CommandId) -> Order | None:
        """The order a command made."""
        ...

    async def claimed_by(self, command_id: CommandId) -> Event | None:
        """The first event a command made; None where it made none, or was never claimed."""
        ...

    async def life(self, key: OrderKey) -> Sequence[Entry]:
        """Every entry about one order, in order."""
        ...

    async def rulings(self, after: int) -> Sequence[Entry]:
        """Entries with a greater `seq` that tell a ruling (`RULINGS`), in order."""
        ...

    async def acts(self, before: int | None, actor_id: str | None, limit: int) -> Sequence[Entry]:
        """What somebody did or was refused (`actor_of`), newest first: entries with a lesser
        `seq` than `before`, of this person alone where one is named."""
        ...


class Leadership(Protocol):
    """Which of the services on one journal may act: at any moment at most one.

    The leader holds a lease that it renews, and an epoch that every entry it writes is checked
    against. Who has not renewed in time does not act; who finds another's epoch is deposed.
    """

    @property
    def leader(self) -> Leader | None:
        """Who leads, or led last, as far as we have seen."""
        ...

    async def acquire(self, stands_by: Callable[[], None] = ...) -> Lead:
        """Stand by until we lead; a database that is away is waited for.

        At once where nobody leads, or where who led is certainly gone or stepped down; else
        `stands_by` is called each time another is seen to lead.
        """
        ...

    async def renew(self) -> None:
        """Confirm our lead. Raises `Deposed` when another leads, or nobody made us leader,
        `JournalUnavailable` when the database does not answer."""
        ...

    async def release(self) -> None:
        """Step down, so that another may lead at once; nothing happens if we do not lead."""
        ...
