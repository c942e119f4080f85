"""A world in which everything passes, and how to change it."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from engine.model.market import Fees, Pair
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.risk import Equity, RiskLimits
from engine.model.symbol import Symbol
from engine.risk.circumstances import Circumstances
from engine.risk.state import RiskPolicy, RiskState

BTC = Symbol("tBTCUSD")
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
BUY = OrderTerms(symbol=BTC, side=Side.BUY, amount=Decimal("0.01"), type=OrderType.MARKET)
LIMIT = replace(BUY, type=OrderType.LIMIT, price=Decimal(29000))
EQUITY = Equity(at=NOW, currency="USD", value=Decimal(10_000))


def state(limits: RiskLimits | None = None) -> RiskState:
    """A risk desk that knows what the account is worth."""
    made = RiskState(RiskPolicy(limits=limits or RiskLimits()))
    made.equity = EQUITY
    return made


def world(risk: RiskState | None = None) -> Circumstances:
    return Circumstances(
        pair=Pair(symbol=BTC, min_size=Decimal("0.0002"), max_size=Decimal(2000), margin=True),
        market=Decimal(30000),
        fees=Fees(maker=Decimal("0.001"), taker=Decimal("0.002")),
        free=Decimal(1_000_000),
        position=None,
        paused=None,
        now=NOW,
        risk=risk or state(),
        mid=Decimal(30000),
        quoted_at=NOW,
        rate=Decimal(1),
    )
