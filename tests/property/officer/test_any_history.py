"""Whatever happens: guards trip with cause and once, end in time, and a restart changes nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.book import Book
from engine.memory_journal import MemoryJournal
from engine.model.event import Event, OrderFilled, OrderRejected
from engine.model.ids import OrderId, OrderKey, TradeId
from engine.model.order import Fill, Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.risk import Equity, Guard, RiskLimits
from engine.model.risk_event import (
    EquityKnown,
    EquityMarked,
    EquityUnknown,
    GuardReset,
    GuardTripped,
    SymbolLocked,
    SymbolUnlocked,
    TradingBreakerReset,
    TradingBreakerTripped,
    WindowClosed,
    WindowOpened,
)
from engine.model.symbol import Symbol
from engine.model.windows import TradingWindows, Window
from engine.officer.guards import breaches
from engine.officer.plan import plan
from engine.risk.state import RiskPolicy, RiskState

START = datetime(2026, 3, 27, 9, tzinfo=UTC)
BTC = Symbol("tBTCUSD")
ROUNDS = 4

_percent = st.sampled_from([Decimal(0), Decimal(3), Decimal(20)])
_few = st.integers(0, 3)
_limits = st.builds(
    RiskLimits,
    enabled=st.sampled_from([True, True, True, False]),
    max_daily_loss_percent=_percent,
    max_drawdown_percent=_percent,
    max_consecutive_losses=_few,
    guard_cooldown_minutes=st.sampled_from([0, 30]),
    stop_streak_trades=_few,
    stop_streak_lookback_minutes=st.just(120),
    stop_streak_lock_minutes=st.just(30),
    low_profit_trades=_few,
    low_profit_percent=_percent,
    low_profit_lock_minutes=st.just(45),
    breaker_events=_few,
    breaker_pause_minutes=st.sampled_from([0, 5]),
)
_times = st.times().map(lambda at: at.replace(microsecond=0, fold=0))
_windows = st.builds(
    TradingWindows,
    zone=st.sampled_from(["UTC", "Europe/Stockholm", "America/New_York", "Pacific/Apia"]),
    days=st.lists(
        st.lists(st.builds(Window, _times, _times), max_size=2).map(tuple), min_size=7
    ).map(lambda days: tuple(days[:7])),
)


@dataclass(frozen=True)
class Worth:
    value: Decimal | None


@dataclass(frozen=True)
class Closed:
    profit: Decimal
    stopped: bool


@dataclass(frozen=True)
class Rejected:
    pass


@dataclass(frozen=True)
class Reset:
    guard: Guard


Step = Worth | Closed | Rejected | Reset
_steps = st.lists(
    st.tuples(
        st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(hours=9)),
        st.one_of(
            st.builds(Worth, st.none() | st.decimals(0, 200, places=2)),
            st.builds(Closed, st.decimals(-50, 50, places=2), st.booleans()),
            st.builds(Rejected),
            st.builds(Reset, st.sampled_from(Guard)),
        ),
    ),
    max_size=14,
)


def an_order(number: int, status: OrderStatus, at: datetime) -> Order:
    terms = OrderTerms(symbol=BTC, side=Side.SELL, amount=Decimal(1), type=OrderType.MARKET)
    return Order(
        key=OrderKey(number),
        terms=terms,
        status=status,
        remaining=Decimal(0),
        created_at=at,
        updated_at=at,
    )


def event_of(step: Step, number: int, at: datetime, risk: RiskState) -> Sequence[Event]:
    match step:
        case Closed():
            fill = Fill(
                trade_id=TradeId(number),
                order_id=OrderId(number),
                symbol=BTC,
                side=Side.SELL,
                amount=Decimal(1),
                price=Decimal(100) + step.profit,
                maker=False,
                at=at,
                fee=Decimal(0),
                profit=step.profit,
                paid=Decimal(100),
                stopped=step.stopped,
            )
            return [OrderFilled(at=at, order=an_order(number, OrderStatus.FILLED, at), fill=fill)]
        case Rejected():
            return [OrderRejected(at=at, order=an_order(number, OrderStatus.REJECTED, at))]
        case Reset():
            return [GuardReset(at=at, guard=step.guard, actor_id="tg:1")] * (
                step.guard in risk.trips
            )
        case Worth():
            return []


def see(risk: RiskState, value: Decimal | None, at: datetime) -> None:
    """As the officer writes down what it has seen."""
    if risk.equity_since is None or (risk.equity.value is None) is not (value is None):
        risk.equity_since = at
    unknown = "" if value is not None else "no price"
    risk.equity = Equity(at=at, currency="USD", value=value, unknown=unknown)
    risk.steady = value
    if risk.mark is not None and value is not None and Guard.DRAWDOWN not in risk.anew:
        risk.peak = max(risk.peak or value, value)


def check_told(risk: RiskState, event: Event, now: datetime) -> None:
    """Before it becomes true: there is a cause, and it is not true already."""
    match event:
        case GuardTripped(trip=trip):
            assert trip.guard not in risk.trips
            assert trip.seen >= trip.allowed > 0
            assert trip.guard in {breach.guard for breach in breaches(risk, now)}
        case GuardReset(guard=guard):
            assert (risk.trips[guard].until or now) <= now
        case SymbolLocked(lock=lock):
            assert lock.symbol not in risk.locks
            assert lock.until is not None
            assert lock.until > now
        case SymbolUnlocked(symbol=symbol):
            assert (risk.locks[symbol].until or now) <= now
        case TradingBreakerTripped():
            assert risk.breaker is None
            assert len(risk.failures) >= risk.limits.breaker_events > 0
        case TradingBreakerReset():
            assert risk.breaker is not None
        case EquityMarked(mark=mark):
            assert mark.value == risk.steady
            assert mark.peak >= mark.value
        case EquityUnknown():
            assert risk.unvalued is None
            assert risk.equity.value is None
        case EquityKnown():
            assert risk.unvalued is not None
        case WindowOpened():
            assert isinstance(risk.hours, WindowClosed)
        case WindowClosed():
            assert not isinstance(risk.hours, WindowClosed)
        case _:
            raise AssertionError(event)


async def rule(book: Book, journal: MemoryJournal, now: datetime) -> None:
    """As the officer does it, until nothing is due; that is soon."""
    for _ in range(ROUNDS):
        due = plan(book.risk, now)
        assert plan(book.risk, now) == due
        await journal.append(due)
        for event in due:
            check_told(book.risk, event, now)
            book.apply(event)
    assert plan(book.risk, now) == []


def stands(risk: RiskState) -> tuple[object, ...]:
    return (
        risk.trips,
        risk.locks,
        risk.breaker,
        risk.losses,
        risk.resets,
        risk.anew,
        risk.unlocked,
        risk.mark,
        risk.closings.over,
        list(risk.failures),
        risk.hours,
        risk.unvalued,
    )


@settings(deadline=None, max_examples=150)
@given(limits=_limits, windows=_windows, steps=_steps)
def test_any_history(
    limits: RiskLimits, windows: TradingWindows, steps: list[tuple[timedelta, Step]]
) -> None:
    policy = RiskPolicy(limits=limits, windows=windows)

    async def play() -> None:
        journal, now = MemoryJournal(), START
        book = Book.of(await journal.remember(), policy, {})
        for number, (passes, step) in enumerate(steps, 1):
            now += passes
            happened = event_of(step, number, now, book.risk)
            await journal.append(happened)
            for event in happened:
                book.apply(event)
            if isinstance(step, Worth):
                see(book.risk, step.value, now)
            await rule(book, journal, now)
            check_nothing_left(book.risk, now)
            again = Book.of(await journal.remember(), policy, {})
            assert stands(again.risk) == stands(book.risk)
            again.risk.look_on(book.risk)
            assert again.risk.peak == book.risk.peak
            assert plan(again.risk, now) == []
            book = again

    asyncio.run(play())


def check_nothing_left(risk: RiskState, now: datetime) -> None:
    if risk.limits.enabled:
        assert {breach.guard for breach in breaches(risk, now)} <= risk.trips.keys()
    ends = [trip.until for trip in risk.trips.values()]
    ends += [lock.until for lock in risk.locks.values()]
    assert all(until is None or until > now for until in ends)


def test_what_is_off_trips_nothing() -> None:
    risk = RiskState(RiskPolicy(limits=replace(RiskLimits(), enabled=False, breaker_events=1)))
    risk.failures.append((START, "OrderRejected"))
    assert plan(risk, START) == []
