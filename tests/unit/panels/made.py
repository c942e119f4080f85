"""A risk desk to look at."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from engine.model.risk import BreakerTrip, Equity, EquityMark, Guard, Lock, RiskLimits, Trip
from engine.model.risk_result import RiskStatus
from engine.model.symbol import Symbol
from engine.model.windows import TradingWindows, Window

NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
OFFICE = (Window(time(8), time(17)),)
NIGHT = (Window(time(22), time(2)),)
BTCUSD = Symbol("tBTCUSD")
CALM = RiskStatus(
    at=NOW,
    limits=RiskLimits(),
    overridden=(),
    paused=None,
    windows=TradingWindows(),
    open=True,
    window_until=None,
    day=date(2026, 11, 23),
    trades=((BTCUSD, 2),),
    newest_trade=NOW - timedelta(minutes=5),
    equity=Equity(at=NOW, currency="USD", value=Decimal(9500)),
    mark=EquityMark(
        value=Decimal(9500),
        currency="USD",
        day=date(2026, 11, 23),
        day_start=Decimal(10_000),
        peak=Decimal(12_500),
    ),
    losses=1,
    trips=(),
    locks=(),
    breaker=None,
    mishaps=0,
    open_orders=3,
    positions=1,
    exposure=Decimal(1900),
)
UNKNOWN = replace(
    CALM, equity=Equity(at=NOW, currency="USD", value=None, unknown="XAUT <has> no price")
)
TRIP = Trip(
    guard=Guard.DAILY_LOSS,
    at=NOW,
    seen=Decimal("5.2"),
    allowed=Decimal(5),
    reason="The day lost 5.2 %.",
)
BROKEN = BreakerTrip(at=NOW, reason="5 mishaps within 60 s.", until=NOW + timedelta(minutes=15))
LOCK = Lock(symbol=BTCUSD, at=NOW, reason="too <wild>", until=NOW + timedelta(hours=2), by="Olivia")
