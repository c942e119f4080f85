"""An exchange that says and keeps silent about exactly what a test wants, and a desk before it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from engine.desk import Desk
from engine.market.facade import MarketDataFacade
from engine.memory_journal import MemoryJournal
from engine.model.account import Balance, Wallet
from engine.model.actor import Role
from engine.model.approval import ApprovedChange, ApprovedOrder
from engine.model.command import PlaceOrder
from engine.model.event import Event
from engine.model.ids import CommandId, OrderId, OrderKey
from engine.model.market import Candle, Fees, OrderBook, Pair, Ticker
from engine.model.market_records import MarketTrade
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.position import Position
from engine.model.records import LedgerEntry, Span
from engine.model.report import (
    AccountPicture,
    BalancesReport,
    FillReport,
    LinkLost,
    LinkUp,
    OrderHistory,
    OrderReport,
    Report,
    UnreadOrder,
)
from engine.model.result import OrderTicket
from engine.model.symbol import Symbol
from engine.ports import Absorb, Clock, Hear
from engine.risk.state import RiskPolicy
from tests.eventually import eventually, eventually_asked
from tests.hurried import now
from tests.trading_house import OLIVIA

E = TypeVar("E", bound=Event)
BTC = Symbol("tBTCUSD")
TERMS = OrderTerms(
    symbol=BTC, side=Side.BUY, amount=Decimal(1), type=OrderType.LIMIT, price=Decimal(30000)
)
RICH = tuple(
    Balance(wallet=Wallet.EXCHANGE, currency=name, total=Decimal(amount), available=Decimal(amount))
    for name, amount in (("USD", 1_000_000), ("BTC", 100))
)


class QuickClock:
    """The machine's time, `ahead` of the exchange's, with sleeps that are over at once."""

    def __init__(self, ahead: timedelta) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return now() + self.ahead

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0.02)


async def nothing() -> None:
    """What happens meanwhile, unless a test says otherwise."""


@dataclass
class ScriptedExchange:
    """The `Exchange` port: keeps what it is sent, knows what it is given to know."""

    bulk_failure: Exception | None = None
    sent: list[ApprovedOrder] = field(default_factory=list)
    cancels: list[Sequence[Order]] = field(default_factory=list)
    changes: list[ApprovedChange] = field(default_factory=list)
    active: tuple[OrderReport, ...] = ()
    closed: tuple[OrderReport, ...] = ()
    unread: tuple[UnreadOrder, ...] = ()
    fills: tuple[FillReport, ...] = ()
    positions: tuple[Position, ...] = ()
    balances: tuple[Balance, ...] = RICH
    entries: list[LedgerEntry] = field(default_factory=list)
    ledger_failure: Exception | None = None
    ledger_reads: int = 0
    looks: int = 0
    refusal: Exception | None = None
    before_submit: Callable[[], Awaitable[None]] = nothing
    during_look: Callable[[], Awaitable[None]] = nothing
    after_look: Callable[[], Awaitable[None]] = nothing
    _says: asyncio.Queue[Sequence[Report]] = field(default_factory=asyncio.Queue)

    async def run(self, absorb: Absorb) -> None:
        await absorb([BalancesReport(balances=self.balances, whole=True), LinkUp()])
        while True:
            await absorb(await self._says.get())

    def say(self, *reports: Report) -> None:
        """Over the private link."""
        self._says.put_nowait(reports)

    def reconnect(self) -> None:
        """The link is lost and found again."""
        self.say(LinkLost(reason="cut"))
        self.say(LinkUp())

    async def submit(self, order: ApprovedOrder) -> None:
        await self.before_submit()
        if self.refusal is not None:
            raise self.refusal
        self.sent.append(order)

    async def cancel(self, orders: Sequence[Order]) -> None:
        self.cancels.append(orders)
        if self.bulk_failure is not None and len(orders) > 1:
            raise self.bulk_failure

    async def amend(self, change: ApprovedChange) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.changes.append(change)

    async def empty(self, order: ApprovedOrder) -> None:
        await self.submit(order)

    async def account(self, *, urgent: bool = False) -> AccountPicture:
        self.looks += 1
        await self.during_look()
        return AccountPicture(
            orders=self.active,
            unread=self.unread,
            balances=self.balances,
            positions=self.positions,
            taken_at=now(),
        )

    async def closed_orders(self, since: datetime) -> OrderHistory:
        found = tuple(report for report in self.closed if report.updated_at >= since)
        return OrderHistory(orders=found)

    async def trades(self, since: datetime) -> Sequence[FillReport]:
        await self.after_look()
        return [report for report in self.fills if report.fill.at >= since]

    async def fees(self) -> Fees:
        return Fees(maker=Decimal("0.001"), taker=Decimal("0.002"))

    async def ledger(self, since: datetime | None) -> Sequence[LedgerEntry]:
        self.ledger_reads += 1
        if self.ledger_failure is not None:
            raise self.ledger_failure
        found = [entry for entry in self.entries if since is None or entry.at >= since]
        return sorted(found, key=lambda entry: entry.entry_id, reverse=True)

    async def close(self) -> None:
        return


@dataclass
class QuietMarket:
    """The `MarketData` port: one pair, one price; `slow` is waited for with every ticker.

    A ticker is too old to be kept and young enough to trade on, by its clock.
    """

    slow: Callable[[], Awaitable[None]] = nothing
    clock: Clock = field(default_factory=lambda: QuickClock(timedelta()))

    async def run(self, hear: Hear) -> None:
        await asyncio.Event().wait()

    async def watch(self, symbol: Symbol) -> None:
        return

    async def follow_trades(self, symbol: Symbol) -> None:
        return

    async def follow_candles(self, symbol: Symbol, timeframe: str) -> None:
        return

    async def pairs(self) -> Mapping[Symbol, Pair]:
        pair = Pair(symbol=BTC, min_size=Decimal("0.0001"), max_size=Decimal(2000), margin=True)
        return {BTC: pair}

    async def ticker(self, symbol: Symbol) -> Ticker:
        await self.slow()
        return Ticker(
            symbol=symbol,
            bid=30000.0,
            bid_size=1.0,
            ask=30001.0,
            ask_size=1.0,
            last=30000.0,
            change=0.0,
            volume=1.0,
            high=30000.0,
            low=30000.0,
            at=self.clock.now() - timedelta(seconds=45),
        )

    async def book(self, symbol: Symbol) -> OrderBook:
        return OrderBook(symbol=symbol, bids=(), asks=(), at=now())

    async def candles(self, symbol: Symbol, timeframe: str, limit: int) -> Sequence[Candle]:
        return ()

    async def market_trades(self, symbol: Symbol, span: Span) -> Sequence[MarketTrade]:
        return ()

    async def close(self) -> None:
        return


@dataclass
class Scene:
    """A desk before a scripted exchange."""

    desk: Desk
    exchange: ScriptedExchange
    market: QuietMarket
    journal: MemoryJournal
    clock: QuickClock

    def open(self) -> bool:
        """Whether orders can be sent, and nothing is left of what was before."""
        gate = self.desk.floor.gate
        return self.desk.floor.closed_because() is None and gate.settled_link == gate.link_since

    def status(self, key: OrderKey) -> OrderStatus | None:
        order = self.desk.known(key)
        return None if order is None else order.status

    async def events(self) -> list[Event]:
        return [entry.event for entry in await self.journal.read(0, 10_000)]

    async def told(self, kind: type[E], patience: float = 10.0) -> list[E]:
        """Every event of a kind, as soon as there is one."""

        async def so_far() -> list[E]:
            return [event for event in await self.events() if isinstance(event, kind)]

        return await eventually_asked(so_far, patience)

    async def place(self, name: str, terms: OrderTerms = TERMS) -> OrderTicket:
        """Place an order and let it be unless the exchange answers."""
        ticket = await self.desk.execute(OLIVIA, PlaceOrder(terms), CommandId(name))
        assert isinstance(ticket, OrderTicket), ticket
        return ticket

    async def working(self, order_id: int = 111, terms: OrderTerms = TERMS) -> Order:
        """An order that the exchange takes at once."""

        async def take() -> None:
            known = len(self.exchange.sent)
            await eventually(lambda: len(self.exchange.sent) > known)
            self.exchange.say(report(self.exchange.sent[-1], order_id=order_id))

        ticket, _ = await asyncio.gather(self.place(f"card:{order_id}", terms), take())
        return ticket.order


@asynccontextmanager
async def scene(
    journal: MemoryJournal | None = None,
    exchange: ScriptedExchange | None = None,
    ahead: timedelta = timedelta(),
    *,
    sure_dead: bool = True,
    policy: RiskPolicy | None = None,
    founders: Mapping[str, Role] | None = None,
) -> AsyncIterator[Scene]:
    """A desk that has opened, with its tasks running."""
    clock, market = QuickClock(ahead), QuietMarket()
    market.clock = clock
    exchange = exchange or ScriptedExchange()
    journal = journal or MemoryJournal()
    desk = Desk(
        journal=journal,
        exchange=exchange,
        market=MarketDataFacade(market, clock),
        clock=clock,
        policy=policy,
        founders=founders,
    )
    await desk.open("test", sure_dead=sure_dead)
    shown = Scene(desk, exchange, market, journal, clock)
    running = asyncio.create_task(desk.run())
    try:
        await eventually(shown.open)
        yield shown
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def report(
    order: ApprovedOrder | Order,
    *,
    order_id: int = 111,
    status: OrderStatus = OrderStatus.WORKING,
    remaining: str | None = None,
    at: datetime | None = None,
) -> OrderReport:
    """What the exchange would say of an order it was sent."""
    told_at = at or now()
    return OrderReport(
        order_id=OrderId(order_id),
        cid=order.key,
        terms=order.terms,
        status=status,
        remaining=order.terms.amount if remaining is None else Decimal(remaining),
        average=None if remaining is None else Decimal(30000),
        text=status.name,
        created_at=told_at,
        updated_at=told_at,
    )


def pending(key: int, created_at: datetime | None = None) -> Order:
    """An order that is journalled and of whose fate nothing is known."""
    at = created_at or now()
    return Order(
        key=OrderKey(key),
        terms=TERMS,
        status=OrderStatus.PENDING,
        remaining=TERMS.amount,
        created_at=at,
        updated_at=at,
        actor_id="tg:1001",
    )
