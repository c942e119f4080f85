"""Margin positions (facts sheet 5.2)."""

from dataclasses import dataclass
from decimal import Decimal

from engine.model.symbol import Symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """An open position: `amount` in base units, negative when short; zero means closed."""

    symbol: Symbol
    amount: Decimal
    base_price: Decimal
    position_id: int | None = None
    profit: Decimal | None = None
    profit_percent: Decimal | None = None
    liquidation_price: Decimal | None = None
    leverage: Decimal | None = None
