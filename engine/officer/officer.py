"""Watches what the account is worth and what goes wrong, and rules what follows from it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import structlog

from engine.book import Book
from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.model.event import Event
from engine.model.risk import Equity, Guard
from engine.model.symbol import Symbol
from engine.officer.breaker import mishaps
from engine.officer.marks import current
from engine.officer.movements import Movements
from engine.officer.plan import plan
from engine.officer.quotes import Quotes
from engine.officer.steady import Steady
from engine.officer.valuing import Account, Price, needed, valued
from engine.officer.volatility import Volatility
from engine.ports import Exchange
from engine.risk.contradictions import contradictions
from engine.risk.state import RiskState

LOOK_SECONDS: Final = 1.0
LINK_PATIENCE: Final = timedelta(seconds=60)
LEAST_FRESHNESS: Final = timedelta(seconds=30)
USUAL_FRESHNESS: Final = 60

log = structlog.get_logger()


@dataclass(slots=True)
class RiskOfficer:
    """Looks once a second, and whenever something happens that may trip something. `pace` below 1
    hurries the looks."""

    floor: Floor
    market: MarketDataFacade
    exchange: Exchange
    pace: float = 1.0
    _quotes: Quotes = field(init=False)
    _volatility: Volatility = field(init=False)
    _movements: Movements = field(init=False)
    _steady: Steady = field(default_factory=Steady)
    _heard: bool = False
    _down_since: datetime | None = None
    _ruled_on: RiskState | None = None
    _revision: int = 0
    _noted: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._quotes = Quotes(self.market, self.floor.clock)
        self._volatility = Volatility(self.market, self.floor.clock)
        self._movements = Movements(self.floor, self.exchange, self._quotes, self._steady)

    async def run(self) -> None:
        """Watch for ever; ends only by cancellation, or with `JournalUnavailable`."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._price())
            group.create_task(self._measure())
            group.create_task(self._look())
            group.create_task(self._read())
            group.create_task(self._rule())

    async def round(self) -> None:
        """What is worth, what was moved, and what follows: all that `run` looks at, once."""
        await self._learn_prices()
        await self._watch()
        await self._movements.read()
        await self._decide()

    async def _price(self) -> None:
        while True:
            await self._learn_prices()
            await self._pause()

    async def _measure(self) -> None:
        while True:
            risk = self.floor.book.risk
            await self._volatility.refresh(self._moving(), risk.volatility)
            await self._pause()

    async def _look(self) -> None:
        while True:
            await self._watch()
            await self._pause()

    async def _read(self) -> None:
        while True:
            await self.floor.until(self._movements.is_asked_for, LOOK_SECONDS * self.pace)
            await self._movements.read()

    async def _rule(self) -> None:
        while True:
            await self._decide()
            await self.floor.until(self._stirred, LOOK_SECONDS * self.pace)

    async def _learn_prices(self) -> None:
        await self._quotes.learn_pairs()
        account = self._account()
        await self._quotes.refresh([*needed(account), *self._movements.needed(account)])

    async def _watch(self) -> None:
        settled = self._see()
        self.floor.wake()
        await self._movements.rule(self._account(), self._quotes.newest, settled)

    async def _pause(self) -> None:
        await self.floor.until(_never, LOOK_SECONDS * self.pace)

    async def _decide(self) -> None:
        """What is planned on one look may be due only because of what was planned on the last."""
        now, risk = self.floor.clock.now(), self.floor.book.risk
        risk.mishaps = len(mishaps(risk, now))
        self._ruled_on, self._revision = risk, risk.revision

        def due(book: Book) -> Sequence[Event]:
            return plan(book.risk, now)

        if plan(risk, now):
            await self.floor.decide(due)

    def _stirred(self) -> bool:
        """Whether anything was told since we last looked that may trip something."""
        risk = self.floor.book.risk
        return risk is not self._ruled_on or risk.revision != self._revision

    def _see(self) -> Decimal | None:
        """Write down what the account is worth now; what that is since the last notable change."""
        risk, now = self.floor.book.risk, self.floor.clock.now()
        self._follow_link(now)
        self._note(contradictions(risk.limits))
        account, price = self._account(), self._fresh(risk)
        valuation = valued(account, price, self._quotes.newest)
        unknown = self._unheard(now) or valuation.unknown
        value = None if unknown else valuation.value
        if risk.equity_since is None or (risk.equity.value is None) is not (value is None):
            risk.equity_since = now
        currency = risk.policy.currency
        risk.equity = Equity(at=now, currency=currency, value=value, unknown=unknown)
        risk.worth = valuation.worth
        self._movements.see(account, price, value)
        settled = self._steady.look(value)
        risk.steady = None if self._movements.holds else settled
        if risk.steady is not None:
            _raise_peak(risk, risk.steady)
            self._movements.raised(risk.steady)
        return settled

    def _note(self, notes: tuple[str, ...]) -> None:
        """Say what is new of what limits contradict, at the start and as they change."""
        for note in notes:
            if note not in self._noted:
                log.warning("limits_contradict", note=note)
        self._noted = notes

    def _follow_link(self, now: datetime) -> None:
        if self.floor.gate.link_since is not None:
            self._heard, self._down_since = True, None
        elif self._down_since is None:
            self._down_since = now

    def _unheard(self, now: datetime) -> str:
        """Why nobody can know what is held; empty where it is known."""
        if not self._heard:
            return "the exchange has not told what is held yet"
        if not self.floor.book.balances:
            return "the exchange has told of no balances"
        if self._down_since is not None and now - self._down_since >= LINK_PATIENCE:
            return f"there has been no link to the exchange since {self._down_since:%H:%M:%S} UTC"
        return ""

    def _fresh(self, risk: RiskState) -> Price:
        stale = timedelta(seconds=risk.limits.market_stale_seconds or USUAL_FRESHNESS)
        no_older = max(stale, LEAST_FRESHNESS)
        return lambda symbol: self._quotes.price(symbol, no_older)

    def _account(self) -> Account:
        book = self.floor.book
        return Account(
            balances=tuple(book.balances.values()),
            positions=tuple(book.positions.values()),
            currency=book.risk.policy.currency,
            ignored=book.risk.limits.equity_ignores,
            pairs=self._quotes.pairs,
        )

    def _moving(self) -> list[Symbol]:
        """Symbols somebody asked about; where a limit is set, all that are watched or held."""
        book = self.floor.book
        asked = list(book.risk.wanted)
        if not book.risk.limits.max_volatility_percent:
            return asked
        return [*asked, *book.positions, *self.market.watched]


def _raise_peak(risk: RiskState, value: Decimal) -> None:
    mark = current(risk)
    if mark is None or Guard.DRAWDOWN in risk.anew:
        return
    risk.peak = max(risk.peak or mark.peak, value)


def _never() -> bool:
    return False
