"""Limits by name: what each is, for a person, and its bounds."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from engine.model.errors import InvalidInput


class LimitGroup(StrEnum):
    """What a limit is about."""

    TRADES = "trades"
    ORDERS = "orders"
    GUARDS = "guards"
    LOCKS = "locks"
    BREAKER = "breaker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One figure: what it is, for a person, and its bounds; 0 is off where `least` is 0.

    `title` is its name in a list, `meaning` goes on after it.
    """

    name: str
    title: str
    group: LimitGroup
    meaning: str
    unit: str = ""
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(1_000_000)


_LIMITS: Final = (
    Limit(
        name="enabled",
        title="Risk",
        group=LimitGroup.TRADES,
        meaning="whether risk is watched at all",
        unit="on or off",
    ),
    Limit(
        name="max_trades_per_day",
        title="Trades a day",
        group=LimitGroup.TRADES,
        meaning="opening trades a day",
        unit="trades",
    ),
    Limit(
        name="max_trades_per_symbol_per_day",
        title="Trades a day per symbol",
        group=LimitGroup.TRADES,
        meaning="opening trades a day in one symbol",
        unit="trades",
    ),
    Limit(
        name="trade_cooldown_seconds",
        title="Cooldown",
        group=LimitGroup.TRADES,
        meaning="pause after an opening trade",
        unit="seconds",
        most=Decimal(86_400),
    ),
    Limit(
        name="symbol_cooldown_seconds",
        title="Cooldown per symbol",
        group=LimitGroup.TRADES,
        meaning="pause in a symbol after an opening trade in it",
        unit="seconds",
        most=Decimal(86_400),
    ),
    Limit(
        name="max_open_orders",
        title="Open orders",
        group=LimitGroup.ORDERS,
        meaning="open orders at once",
        unit="orders",
    ),
    Limit(
        name="allowed_symbols",
        title="Allowed symbols",
        group=LimitGroup.ORDERS,
        meaning="the only symbols that may be opened",
        unit="symbols",
    ),
    Limit(
        name="denied_symbols",
        title="Denied symbols",
        group=LimitGroup.ORDERS,
        meaning="symbols that may not be opened",
        unit="symbols",
    ),
    Limit(
        name="price_band_percent",
        title="Price band",
        group=LimitGroup.ORDERS,
        meaning="how far an order's price may be from the market's",
        unit="%",
        most=Decimal(1000),
    ),
    Limit(
        name="max_order_notional",
        title="Order size",
        group=LimitGroup.ORDERS,
        meaning="worth of one order, in quote currency",
        most=Decimal(10) ** 12,
    ),
    Limit(
        name="market_stale_seconds",
        title="Price age",
        group=LimitGroup.ORDERS,
        meaning="age of a price that is too old to open on",
        unit="seconds",
        most=Decimal(3600),
    ),
    Limit(
        name="max_daily_loss_percent",
        title="Daily loss",
        group=LimitGroup.GUARDS,
        meaning="loss since the trading day began",
        unit="% of equity",
        most=Decimal(100),
    ),
    Limit(
        name="max_drawdown_percent",
        title="Drawdown",
        group=LimitGroup.GUARDS,
        meaning="loss since the highest equity",
        unit="% of equity",
        most=Decimal(100),
    ),
    Limit(
        name="max_consecutive_losses",
        title="Losses in a row",
        group=LimitGroup.GUARDS,
        meaning="losing trades in a row",
        unit="trades",
    ),
    Limit(
        name="guard_cooldown_minutes",
        title="Guard resets in",
        group=LimitGroup.GUARDS,
        meaning="after which a tripped guard resets itself; 0 waits for an admin",
        unit="minutes",
    ),
    Limit(
        name="max_open_positions",
        title="Positions",
        group=LimitGroup.GUARDS,
        meaning="open margin positions at once",
        unit="positions",
    ),
    Limit(
        name="max_position_percent",
        title="Position size",
        group=LimitGroup.GUARDS,
        meaning="one holding",
        unit="% of equity",
        most=Decimal(10_000),
    ),
    Limit(
        name="max_exposure_percent",
        title="Exposure",
        group=LimitGroup.GUARDS,
        meaning="all holdings together",
        unit="% of equity",
        most=Decimal(10_000),
    ),
    Limit(
        name="max_volatility_percent",
        title="Volatility",
        group=LimitGroup.GUARDS,
        meaning="average true range a day",
        unit="% of the price",
        most=Decimal(1000),
    ),
    Limit(
        name="stop_streak_trades",
        title="Stops in a row",
        group=LimitGroup.LOCKS,
        meaning="stop losses in a symbol that lock it",
        unit="trades",
    ),
    Limit(
        name="stop_streak_lookback_minutes",
        title="Stops looked back",
        group=LimitGroup.LOCKS,
        meaning="within which those stop losses count",
        unit="minutes",
        least=Decimal(1),
    ),
    Limit(
        name="stop_streak_lock_minutes",
        title="Stops lock for",
        group=LimitGroup.LOCKS,
        meaning="for which they lock it",
        unit="minutes",
        least=Decimal(1),
    ),
    Limit(
        name="low_profit_trades",
        title="Low-profit trades",
        group=LimitGroup.LOCKS,
        meaning="closed trades in a symbol before its profit is judged",
        unit="trades",
    ),
    Limit(
        name="low_profit_percent",
        title="Low-profit mark",
        group=LimitGroup.LOCKS,
        meaning="profit they must have made together",
        unit="%",
        least=Decimal(-100),
        most=Decimal(1000),
    ),
    Limit(
        name="low_profit_lookback_minutes",
        title="Low profit looked back",
        group=LimitGroup.LOCKS,
        meaning="within which they count",
        unit="minutes",
        least=Decimal(1),
    ),
    Limit(
        name="low_profit_lock_minutes",
        title="Low profit locks for",
        group=LimitGroup.LOCKS,
        meaning="for which too little profit locks a symbol",
        unit="minutes",
        least=Decimal(1),
    ),
    Limit(
        name="breaker_events",
        title="Rejections before a stop",
        group=LimitGroup.BREAKER,
        meaning="rejections, lost orders and the like that trip the trading breaker",
        unit="rejections",
    ),
    Limit(
        name="breaker_window_seconds",
        title="Rejections within",
        group=LimitGroup.BREAKER,
        meaning="within which they count",
        unit="seconds",
        least=Decimal(1),
        most=Decimal(86_400),
    ),
    Limit(
        name="breaker_pause_minutes",
        title="Breaker resets in",
        group=LimitGroup.BREAKER,
        meaning="after which the breaker resets itself; 0 waits for an admin",
        unit="minutes",
    ),
    Limit(
        name="equity_ignores",
        title="Equity leaves out",
        group=LimitGroup.GUARDS,
        meaning="currencies that equity leaves out, for want of a price",
        unit="currencies",
    ),
)

LIMITS: Final[Mapping[str, Limit]] = {limit.name: limit for limit in _LIMITS}
SYMBOL_LISTS: Final = frozenset({"allowed_symbols", "denied_symbols"})


def check_name(name: str) -> None:
    """Raises `InvalidInput` where there is no limit of that name, with the nearest there is."""
    if name in LIMITS:
        return
    near = difflib.get_close_matches(name[:40], LIMITS, n=1)
    nearest = f"Did you mean {near[0]}? " if near else ""
    raise InvalidInput(f"There is no limit {name[:40]}. {nearest}/limits lists them all.")
