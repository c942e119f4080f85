"""A desk whose time and prices stand still until a test moves them."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

from engine.clock import ManualClock
from engine.desk import Desk
from engine.market.facade import MarketDataFacade
from engine.model.account import Wallet
from engine.model.command import PlaceOrder
from engine.model.errors import ExchangeUnreachable
from engine.model.event import Event
from engine.model.ids import CommandId, OrderId, TradeId
from engine.model.market import Candle, Pair, Ticker
from engine.model.order import Fill, Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.position import Position
from engine.model.report import FillReport, OrderReport
from engine.model.result import OrderTicket, Refused
from engine.model.risk import Equity, RiskLimits
from engine.model.symbol import Symbol
from engine.model.use_cases import Command
from engine.ports import Journal
from engine.risk.state import RiskPolicy, RiskState
from tests.eventually import eventually, eventually_asked
from tests.integration.desk.scripted import BTC, QuietMarket, ScriptedExchange
from tests.trading_house import OLIVIA

E = TypeVar("E", bound=Event)
R = TypeVar("R", covariant=True)
START = datetime(2026, 3, 2, 10, 5, tzinfo=UTC)
CALM = RiskLimits(price_band_percent=Decimal(0), market_stale_seconds=0, breaker_events=0)
PACE = 0.02
LOOKS = 8


@dataclass
class PricedMarket(QuietMarket):
    """One price for each symbol, as long as it is told; quotes are always asked for. Without
    `days` nobody answers for candles."""

    time: ManualClock = field(default_factory=lambda: ManualClock(START))
    prices: dict[Symbol, float] = field(default_factory=lambda: {BTC: 10_000.0})
    days: tuple[Candle, ...] | None = ()

    async def pairs(self) -> Mapping[Symbol, Pair]:
        least, most = Decimal("0.0001"), Decimal(2000)
        return {s: Pair(symbol=s, min_size=least, max_size=most, margin=True) for s in self.prices}

    async def ticker(self, symbol: Symbol) -> Ticker:
        price = self.prices.get(symbol)
        if price is None:
            raise ExchangeUnreachable
        ticker = await super().ticker(symbol)
        return ticker._replace(bid=price, ask=price, last=price, at=self.time.now())

    async def candles(self, symbol: Symbol, timeframe: str, limit: int) -> tuple[Candle, ...]:
        if self.days is None:
            raise ExchangeUnreachable
        return self.days


@dataclass
class Watched:
    """Desk, exchange, market and clock, and what can be seen of the risk desk."""

    desk: Desk
    facade: MarketDataFacade
    exchange: ScriptedExchange
    market: PricedMarket
    journal: Journal
    clock: ManualClock
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def risk(self) -> RiskState:
        return self.desk.floor.book.risk

    async def worth(self, price: float, equity: str | None = None) -> None:
        """Let the market be there, until the officer has seen it often enough to rule on it."""
        self.market.prices[BTC] = price
        self.facade.hear([await self.market.ticker(BTC)])
        wanted = None if equity is None else Decimal(equity)
        await eventually(lambda: wanted is None or self.risk.steady == wanted)

    async def later(self, seconds: float) -> None:
        """Time passes, the market is heard again, and everybody has looked."""
        self.clock.advance(seconds)
        self.facade.hear([await self.market.ticker(symbol) for symbol in self.market.prices])
        await self.looked()

    async def looked(self) -> None:
        """The officer has looked and ruled a few times."""
        seen: list[Equity] = []

        def often_enough() -> bool:
            if not seen or self.risk.equity is not seen[-1]:
                seen.append(self.risk.equity)
            return len(seen) > LOOKS

        await eventually(often_enough)

    async def told(self, kind: type[E], count: int = 1) -> list[E]:
        """All events of a kind, once there are so many; and no more a few looks later."""

        async def so_far() -> list[E]:
            entries = await self.journal.read(0, 10_000)
            found = [entry.event for entry in entries if isinstance(entry.event, kind)]
            return found if len(found) >= count else []

        await eventually_asked(so_far)
        await self.looked()
        found = await so_far()
        assert len(found) == count, found
        return found

    async def none(self, kind: type[Event]) -> None:
        """No such event, also after a few looks."""
        await self.looked()
        entries = await self.journal.read(0, 10_000)
        assert [entry.event for entry in entries if isinstance(entry.event, kind)] == []

    async def wish(self, command: Command[R]) -> R:
        """An admin wishes something."""
        name = CommandId(f"wish:{next(self._numbers)}:{self.clock.now()}")
        return await self.desk.execute(OLIVIA, command, name)

    async def refused(self, terms: OrderTerms) -> tuple[str, ...]:
        """Why an order does not pass, in codes."""
        name = CommandId(f"refused:{next(self._numbers)}:{self.clock.now()}")
        answer = await self.desk.execute(OLIVIA, PlaceOrder(terms), name)
        assert isinstance(answer, Refused), answer
        return tuple(reason.code for reason in answer.reasons)

    async def trade(
        self,
        side: Side,
        amount: str,
        price: str,
        *,
        wallet: Wallet = Wallet.EXCHANGE,
        kind: OrderType = OrderType.LIMIT,
        fee: str | None = None,
        position: str | None = None,
    ) -> Order:
        """An order of ours that fills whole at that price."""
        terms = order_terms(side, amount, price, wallet=wallet, kind=kind)
        sent, number = len(self.exchange.sent), int(self.clock.now().timestamp() * 1000)
        number += next(self._numbers)
        placing = asyncio.create_task(
            self.desk.execute(OLIVIA, PlaceOrder(terms), CommandId(f"card:{number}"))
        )
        await eventually(lambda: len(self.exchange.sent) > sent or placing.done())
        assert not placing.done(), placing.result()
        key = self.exchange.sent[-1].key
        row = self._row(key, number, terms)
        self.exchange.say(row)
        ticket = await placing
        assert isinstance(ticket, OrderTicket), ticket
        fill = Fill(
            trade_id=TradeId(number),
            order_id=OrderId(number),
            symbol=terms.symbol,
            side=side,
            amount=Decimal(amount),
            price=Decimal(price),
            maker=False,
            at=self.clock.now(),
        )
        settled = replace(fill, fee=Decimal(fee or 0), fee_currency="USD")
        done = replace(row, status=OrderStatus.FILLED, remaining=Decimal(0))
        self.exchange.say(FillReport(fill=fill, cid=key), done, FillReport(fill=settled, cid=key))
        await eventually(lambda: TradeId(number) in self.desk.floor.book.settled_ids)
        order = self.desk.known(key)
        assert order is not None
        return order

    def _row(self, key: int, number: int, terms: OrderTerms) -> OrderReport:
        return OrderReport(
            order_id=OrderId(number),
            cid=key,
            terms=terms,
            status=OrderStatus.WORKING,
            remaining=terms.amount,
            average=None,
            text="ACTIVE",
            created_at=self.clock.now(),
            updated_at=self.clock.now(),
        )


def order_terms(
    side: Side,
    amount: str,
    price: str,
    *,
    wallet: Wallet = Wallet.EXCHANGE,
    kind: OrderType = OrderType.LIMIT,
) -> OrderTerms:
    is_stop = kind is OrderType.STOP
    return OrderTerms(
        symbol=BTC,
        side=side,
        amount=Decimal(amount),
        type=kind,
        price=None if is_stop else Decimal(price),
        trigger=Decimal(price) if is_stop else None,
        wallet=wallet,
    )


def position(amount: str, base_price: str) -> Position:
    return Position(symbol=BTC, amount=Decimal(amount), base_price=Decimal(base_price))


@asynccontextmanager
async def watched(
    journal: Journal,
    clock: ManualClock,
    policy: RiskPolicy | None = None,
    exchange: ScriptedExchange | None = None,
    market: PricedMarket | None = None,
) -> AsyncIterator[Watched]:
    """A desk that has opened and looked around; it holds a million dollars and 100 coins."""
    exchange = exchange or ScriptedExchange()
    market = market or PricedMarket()
    market.time = clock
    facade = MarketDataFacade(market, clock)
    desk = Desk(
        journal=journal,
        exchange=exchange,
        market=facade,
        clock=clock,
        guard_pace=PACE,
        policy=policy or RiskPolicy(limits=CALM),
    )
    await desk.open("test")
    shown = Watched(desk, facade, exchange, market, journal, clock)
    running = asyncio.create_task(desk.run())
    try:
        await eventually(lambda: desk.floor.gate.settled_link is not None)
        await shown.looked()
        yield shown
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
