"""Any policy, history, clock and order; and whether an order opens something, said our own way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from engine.model.account import Wallet
from engine.model.event import TradingPaused
from engine.model.market import Fees, Pair
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.position import Position
from engine.model.risk import BreakerTrip, Equity, Guard, Lock, RiskLimits, Trip
from engine.model.symbol import Symbol
from engine.risk.circumstances import Circumstances
from engine.risk.state import RiskPolicy, RiskState
from tests.property.risk.test_windows import windows

BTC, ETH = Symbol("tBTCUSD"), Symbol("tETHUSD")
SYMBOLS = (BTC, ETH)
PAIR = Pair(symbol=BTC, min_size=Decimal("0.0002"), max_size=Decimal(2000), margin=True)
LONG = Position(symbol=BTC, amount=Decimal("0.5"), base_price=Decimal(29000))
FEES = Fees(maker=Decimal("0.001"), taker=Decimal("0.002"))

now = st.integers(0, 270 * 86_400).map(
    lambda ahead: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=ahead)
)
percents = st.sampled_from((Decimal(0), Decimal(5), Decimal(30), Decimal(100)))
symbol_lists = st.sampled_from(((), (BTC,), (ETH,), (BTC, ETH)))
few = st.integers(0, 3)
seconds = st.sampled_from((0, 30, 600))

limits = st.builds(
    RiskLimits,
    enabled=st.sampled_from((True, True, True, False)),
    max_trades_per_day=few,
    max_trades_per_symbol_per_day=few,
    trade_cooldown_seconds=seconds,
    symbol_cooldown_seconds=seconds,
    max_open_orders=few,
    allowed_symbols=symbol_lists,
    denied_symbols=symbol_lists,
    price_band_percent=percents,
    max_order_notional=st.sampled_from((Decimal(0), Decimal(500), Decimal(50_000))),
    market_stale_seconds=seconds,
    max_daily_loss_percent=percents,
    max_drawdown_percent=percents,
    max_open_positions=few,
    max_position_percent=percents,
    max_exposure_percent=percents,
    max_volatility_percent=percents,
)
seldom = st.sampled_from((False, False, False, True))


@st.composite
def states(draw: st.DrawFn, at: datetime) -> RiskState:
    """What may have happened by then."""
    policy = RiskPolicy(limits=draw(limits))
    risk = RiskState(replace(policy, windows=draw(windows)) if draw(seldom) else policy)
    ends = st.sampled_from((None, at, at + timedelta(minutes=5), at - timedelta(minutes=5)))
    for ago in sorted(draw(st.lists(st.integers(0, 200_000), max_size=4)), reverse=True):
        risk.trades.record(draw(st.sampled_from(SYMBOLS)), at - timedelta(seconds=ago))
    for guard in Guard:
        if draw(seldom):
            risk.trips[guard] = Trip(
                guard=guard,
                at=at,
                seen=Decimal(6),
                allowed=Decimal(5),
                reason="lost",
                until=draw(ends),
            )
    for symbol in SYMBOLS:
        if draw(seldom):
            risk.locks[symbol] = Lock(symbol=symbol, at=at, reason="stops", until=draw(ends))
        risk.worth[symbol] = draw(st.sampled_from((Decimal(0), Decimal(3000), None)))
        if draw(st.booleans()):
            risk.volatility[symbol] = draw(st.floats(0, 200))
    if draw(seldom):
        risk.breaker = BreakerTrip(at=at, reason="rejections", until=draw(ends))
    value = draw(st.sampled_from((None, Decimal(-1), Decimal(0), Decimal(10_000))))
    risk.equity = Equity(at=at, currency="USD", value=value, unknown="" if value else "unheard")
    return risk


@st.composite
def worlds(draw: st.DrawFn) -> Circumstances:
    """Anything an order may meet."""
    at = draw(now)
    held = draw(st.sampled_from((None, LONG, replace(LONG, amount=Decimal("-0.5")))))
    paused = TradingPaused(at=at, actor_id="tg:1", name="Olivia", reason="")
    return Circumstances(
        pair=PAIR,
        market=Decimal(30000),
        fees=FEES,
        free=Decimal(10) ** 9,
        position=held,
        paused=paused if draw(seldom) else None,
        now=at,
        risk=draw(states(at)),
        mid=Decimal(30000),
        quoted_at=at - timedelta(seconds=draw(st.integers(0, 900))),
        average=draw(st.sampled_from((None, Decimal(30010), Decimal(36000)))),
        open_orders=draw(few),
        positions=draw(few),
        rate=draw(st.sampled_from((None, Decimal(1), Decimal("1.1")))),
    )


@st.composite
def orders(draw: st.DrawFn) -> OrderTerms:
    """Market and limit orders, both ways, in both wallets."""
    kind = draw(st.sampled_from((OrderType.MARKET, OrderType.LIMIT)))
    wallet = draw(st.sampled_from((Wallet.EXCHANGE, Wallet.MARGIN)))
    return OrderTerms(
        symbol=BTC,
        side=draw(st.sampled_from(Side)),
        amount=draw(st.decimals("0.0001", 2, places=4)),
        type=kind,
        price=Decimal(draw(st.integers(1, 99_999))) if kind is OrderType.LIMIT else None,
        wallet=wallet,
        reduce_only=wallet is Wallet.MARGIN and draw(st.booleans()),
    )


def opens(terms: OrderTerms, there: Circumstances) -> bool:
    """Whether it can make an exposure greater."""
    if terms.wallet is Wallet.EXCHANGE:
        return terms.side is Side.BUY
    held = there.position.amount if there.position else Decimal(0)
    if held * terms.side.sign >= 0:
        return True
    return not terms.reduce_only and terms.amount > abs(held)
