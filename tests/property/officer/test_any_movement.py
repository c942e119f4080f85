"""Whatever is moved, whenever: drawdown, the day's profit and the guards are as without it."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import ManualClock
from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.memory_journal import MemoryJournal
from engine.model.account import Balance, Wallet
from engine.model.event import BalanceChanged
from engine.model.records import LedgerEntry
from engine.model.risk import Guard, RiskLimits
from engine.model.risk_event import FundsMoved, GuardTripped
from engine.officer.officer import RiskOfficer
from engine.risk.state import RiskPolicy, RiskState
from tests.integration.desk.scripted import BTC, ScriptedExchange
from tests.integration.officer.house import PricedMarket

START = datetime(2026, 3, 2, 0, 1, tzinfo=UTC)
DAILY, DRAWDOWN = Decimal(5), Decimal(20)
POLICY = RiskPolicy(
    limits=RiskLimits(
        max_daily_loss_percent=DAILY,
        max_drawdown_percent=DRAWDOWN,
        market_stale_seconds=0,
        price_band_percent=Decimal(0),
        breaker_events=0,
    )
)
FIRST_PRICE, FIRST_COINS = Decimal(10_000), Decimal(10)
LOOKS = 24
EXACT = Decimal("0.000001")
SLACK = Decimal("0.15")
"""What a movement too small to be asked about at once, or a restart, may be off by, in percent."""


@dataclass(frozen=True)
class Step:
    """The price changes, and a share of what is held may come or leave at that moment, another one
    so many looks `later`; the ledger tells of each so many looks later; the desk may be begun
    anew."""

    price: Decimal
    share: Decimal
    lag: int
    restart: bool
    again: Decimal
    later: int


_shares = st.sampled_from(
    [Decimal(0)] * 2 + [Decimal(n) / 1000 for n in (-600, -400, -90)]
) | st.decimals("-0.6", "4", places=4)
_steps = st.lists(
    st.builds(
        Step,
        price=st.decimals("0.9", "1.1", places=3),
        share=_shares,
        lag=st.integers(0, 4),
        restart=st.sampled_from([False, False, True]),
        again=st.just(Decimal(0)) | _shares,
        later=st.integers(1, 8),
    ),
    min_size=1,
    max_size=6,
)


@dataclass
class Account:
    """Coins alone, so that without movements equity is the price; watched as the desk watches."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(START))
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    exchange: ScriptedExchange = field(default_factory=ScriptedExchange)
    market: PricedMarket = field(default_factory=PricedMarket)
    price: Decimal = FIRST_PRICE
    coins: Decimal = FIRST_COINS
    floor: Floor = field(init=False)
    officer: RiskOfficer = field(init=False)
    facade: MarketDataFacade = field(init=False)

    def __post_init__(self) -> None:
        self.market.time = self.clock

    @property
    def risk(self) -> RiskState:
        return self.floor.book.risk

    async def begin(self) -> None:
        """As after a crash: nothing is known but what was journalled."""
        self.floor = Floor(self.journal, self.clock, policy=POLICY)
        await self.floor.rebuild()
        self.floor.gate.link_since = self.clock.now()
        self.facade = MarketDataFacade(self.market, self.clock)
        self.officer = RiskOfficer(self.floor, self.facade, self.exchange)
        await self.tell()

    async def tell(self) -> None:
        total = Balance(wallet=Wallet.EXCHANGE, currency="BTC", total=self.coins)
        known = self.floor.book.balances.get((Wallet.EXCHANGE, "BTC"))
        if known != total:
            await self.floor.record([BalanceChanged(at=self.clock.now(), balance=total)])

    async def look(self, seconds: float = 1) -> None:
        self.clock.advance(seconds)
        self.market.prices[BTC] = float(self.price)
        self.facade.hear([await self.market.ticker(BTC)])
        await self.officer.round()

    def book(self, amount: Decimal) -> None:
        """The ledger shows it."""
        if not amount:
            return
        self.exchange.entries.append(
            LedgerEntry(
                entry_id=len(self.exchange.entries) + 1,
                currency="BTC",
                wallet="exchange",
                at=self.clock.now(),
                amount=amount,
                balance=self.coins,
                description="",
                moved=True,
            )
        )

    async def play(self, step: Step) -> None:
        self.price *= step.price
        first = self.move(step.share)
        if step.restart:
            await self.begin()
        else:
            await self.tell()
        # one that came late while nobody was there is not told apart from a second one
        due = {0 if step.restart and step.again else step.lag: [first]}
        for number in range(LOOKS):
            if number == step.later and step.again:
                due.setdefault(number + step.lag, []).append(self.move(step.again))
                await self.tell()
            for amount in due.get(number, []):
                self.book(amount)
            await self.look()
        for seconds in (61, *[1] * LOOKS):
            await self.look(seconds)

    def move(self, share: Decimal) -> Decimal:
        amount = (self.coins * share).quantize(Decimal("1e-8"))
        self.coins += amount
        return amount

    async def tripped(self) -> set[Guard]:
        entries = await self.journal.read(0, 10_000)
        return {e.event.trip.guard for e in entries if isinstance(e.event, GuardTripped)}


def fall(before: Decimal, now: Decimal) -> Decimal:
    return (before - now) * 100 / before


def decided(figures: list[Decimal], allowed: Decimal, slack: Decimal) -> bool | None:
    """Whether a guard had to trip over these; None where it may, or may not."""
    if max(figures) >= allowed + slack:
        return True
    return None if max(figures) > allowed - slack else False


@settings(deadline=None, max_examples=25)
@given(steps=_steps)
def test_any_movement(steps: list[Step]) -> None:
    async def play() -> None:
        account = Account()
        await account.begin()
        for _ in range(LOOKS):
            await account.look()
        peak, slack = FIRST_PRICE, EXACT
        losses, drawdowns = [Decimal(0)], [Decimal(0)]
        for step in steps:
            await account.play(step)
            risk = account.risk
            assert risk.steady is not None
            assert risk.mark is not None
            peak = max(peak, account.price)
            losses.append(fall(FIRST_PRICE, account.price))
            drawdowns.append(fall(peak, account.price))
            small = [share for share in (step.share, step.again) if abs(share) < Decimal("0.002")]
            slack += SLACK * (len(small) + step.restart)
            assert abs(fall(risk.mark.day_start, risk.steady) - losses[-1]) <= slack
            assert abs(fall(risk.peak or Decimal(0), risk.steady) - drawdowns[-1]) <= slack
        if any(step.restart and step.lag for step in steps):
            return  # the ledger was asked, and had nothing to tell yet
        tripped = await account.tripped()
        for guard, had_to in (
            (Guard.DAILY_LOSS, decided(losses, DAILY, slack)),
            (Guard.DRAWDOWN, decided(drawdowns, DRAWDOWN, slack)),
        ):
            assert had_to is None or (guard in tripped) is had_to
        entries = await account.journal.read(0, 10_000)
        moved = [e.event for e in entries if isinstance(e.event, FundsMoved)]
        assert sum(len(told.entries) for told in moved) == len(account.exchange.entries)

    asyncio.run(play())
