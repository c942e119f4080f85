"""What a verdict costs: `python -m tests.bench.evaluate`.

All rules are on, 1,000 orders are open and 100 positions held. Beside it, in the same minute and
process, the rules of the exchange's form alone, which no order goes without. Then what it costs to
gather an order's circumstances, beside the same with 10 orders. It is CPU time, so that a busy
machine says the same.
"""

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal

from engine.book import Book
from engine.clock import ManualClock
from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.memory_journal import MemoryJournal
from engine.model.account import Wallet
from engine.model.ids import OrderKey
from engine.model.market import Fees, Pair
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.position import Position
from engine.model.risk import Equity, RiskLimits
from engine.model.symbol import Symbol
from engine.model.windows import TradingWindows, Window
from engine.operations.world import World
from engine.risk.asking import asked
from engine.risk.circumstances import Circumstances
from engine.risk.policy import RiskPolicyEngine
from engine.risk.rulebook import FORM, MEANS, OPENING
from engine.risk.state import RiskPolicy, RiskState
from tests.integration.officer.house import PricedMarket

BTC = Symbol("tBTCUSD")
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
ORDERS, POSITIONS, ROUNDS, CALLS = 1000, 100, 200, 50
ALL_ON = RiskLimits(
    max_trades_per_day=1000,
    max_trades_per_symbol_per_day=1000,
    trade_cooldown_seconds=1,
    symbol_cooldown_seconds=1,
    max_open_orders=5000,
    allowed_symbols=(BTC,),
    denied_symbols=(Symbol("tXRPUSD"),),
    max_order_notional=Decimal(100_000),
    max_daily_loss_percent=Decimal(5),
    max_drawdown_percent=Decimal(20),
    max_consecutive_losses=5,
    max_open_positions=500,
    max_position_percent=Decimal(50),
    max_exposure_percent=Decimal(500),
    max_volatility_percent=Decimal(50),
)
HOURS = TradingWindows(
    zone="Europe/Stockholm",
    days=((Window(clock(8), clock(12)), Window(clock(11), clock(2))),) * 7,
    blackouts=(date(2026, 12, 24),),
)
LIMIT = OrderTerms(
    symbol=BTC,
    side=Side.BUY,
    amount=Decimal("0.01"),
    type=OrderType.LIMIT,
    price=Decimal(29000),
    wallet=Wallet.MARGIN,
)


def symbol_of(number: int) -> Symbol:
    return Symbol(f"t{number:03}USD") if number else BTC


def order(number: int) -> Order:
    """One of many, each in the symbol of one of the positions."""
    symbol = symbol_of(number % POSITIONS)
    return Order(
        key=OrderKey(number),
        terms=replace(LIMIT, symbol=symbol, price=Decimal(20000 + number)),
        status=OrderStatus.WORKING,
        remaining=LIMIT.amount,
        created_at=NOW,
        updated_at=NOW,
    )


def book(orders: int = ORDERS) -> Book:
    """1,000 open orders and 100 positions, a week's trades, and figures of everything."""
    made = Book(risk=RiskState(RiskPolicy(limits=ALL_ON, windows=HOURS)))
    for number in range(orders):
        made.open.put(order(number))
    risk = made.risk
    risk.equity = Equity(at=NOW, currency="USD", value=Decimal(1_000_000))
    for number in range(POSITIONS):
        symbol = symbol_of(number)
        made.put_position(Position(symbol=symbol, amount=Decimal("0.5"), base_price=Decimal(29000)))
        risk.worth[symbol] = Decimal("15000.12345678")
        risk.volatility[symbol] = 4.2
        risk.trades.record(symbol, NOW - timedelta(minutes=POSITIONS - number))
    return made


def world(of: Book) -> Circumstances:
    return Circumstances(
        pair=Pair(symbol=BTC, min_size=Decimal("0.0002"), max_size=Decimal(2000), margin=True),
        market=Decimal(30000),
        fees=Fees(maker=Decimal("0.001"), taker=Decimal("0.002")),
        free=Decimal(100_000),
        position=of.positions.get(BTC),
        paused=None,
        now=NOW,
        risk=of.risk,
        mid=Decimal(30000),
        quoted_at=NOW,
        open_orders=len(of.open),
        positions=len(of.positions),
        rate=Decimal(1),
    )


def looking_around(orders: int) -> Callable[[], object]:
    """What an order's circumstances are gathered with: one of its symbol has just changed, and
    nobody has to be asked."""
    market, clock = PricedMarket(), ManualClock(NOW)
    market.time, market.prices = clock, {symbol_of(number): 3e4 for number in range(POSITIONS)}
    facade = MarketDataFacade(market, clock)
    floor = Floor(MemoryJournal(), clock, book=book(orders))
    around, newest = World(floor, facade), order(0)

    async def hear() -> None:
        await facade.pairs()
        facade.hear([await market.ticker(symbol) for symbol in market.prices])

    asyncio.run(hear())

    def look() -> object:
        floor.book.open.put(newest)
        try:
            around.around(LIMIT).send(None)
        except StopIteration as done:
            return done.value
        raise AssertionError("somebody was asked")

    return look


def microseconds(call: Callable[[], object]) -> list[float]:
    """CPU time of one call, the mean of each round."""
    rounds = []
    for _ in range(ROUNDS):
        begun = time.process_time_ns()
        for _ in range(CALLS):
            call()
        rounds.append((time.process_time_ns() - begun) / CALLS / 1000)
    return rounds


def main() -> None:
    """Both in turn, so that a busy minute meets both."""
    engine, there = RiskPolicyEngine(), world(book())

    def evaluate() -> object:
        return engine.evaluate(
            BTC, LIMIT.amount, LIMIT.price, world=there, type=LIMIT.type, wallet=LIMIT.wallet
        )

    def form() -> object:
        return asked((*FORM, *MEANS), LIMIT, there)

    verdict = engine.judge(LIMIT, there)
    assert verdict.passes, verdict
    assert len(verdict.checks) == len(FORM) + len(MEANS) + 1 + len(OPENING), "a rule is off"
    form(), evaluate()
    whole, bare = [], []
    for _ in range(3):
        whole += microseconds(evaluate)
        bare += microseconds(form)
    middle, least = statistics.median(whole), statistics.median(bare)
    print(f"{ORDERS} orders, {POSITIONS} positions, {len(verdict.checks)} rules")
    print(f"evaluate, all rules on   median {middle:6.1f} us   best {min(whole):6.1f} us")
    print(f"form and needs alone     median {least:6.1f} us   best {min(bare):6.1f} us")
    print(f"ratio                    {middle / least:.1f}")
    compare_looks()


def compare_looks() -> None:
    """The same world with a hundredth of its orders beside it."""
    looks = {orders: looking_around(orders) for orders in (ORDERS, ORDERS // 100)}
    taken: dict[int, list[float]] = {orders: [] for orders in looks}
    for _ in range(3):
        for orders, look in looks.items():
            look()
            taken[orders] += microseconds(look)
    many, few = (statistics.median(rounds) for rounds in taken.values())
    for orders, rounds in taken.items():
        median, best = statistics.median(rounds), min(rounds)
        print(f"around, {orders:4} orders      median {median:6.1f} us   best {best:6.1f} us")
    print(f"ratio                    {many / few:.1f}")


if __name__ == "__main__":
    main()
