"""What may be risked, until somebody rules otherwise in the chat."""

# pydantic's base class is typed with Any, which mypy lays to the charge of each subclass.
# mypy: disallow-any-explicit=False

import re
from dataclasses import fields
from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainValidator

from bot.settings.group import Group
from engine.model.errors import InvalidInput
from engine.model.limit_words import value_of
from engine.model.limits import LIMITS
from engine.model.risk import RiskLimits
from engine.model.windows import TradingWindows
from engine.model.windows_json import EXAMPLE, Schedule, of_text
from engine.risk.state import RiskPolicy

_DEFAULTS = RiskLimits()
_CURRENCY = re.compile(r"[A-Z0-9]{2,12}", re.ASCII)


def _whole(name: str) -> int:
    limit = LIMITS[name]
    value: int = Field(
        getattr(_DEFAULTS, name),
        alias=name.upper(),
        ge=int(limit.least),
        le=int(limit.most),
        description=f"a whole number from {limit.least} to {limit.most}: {limit.meaning}"
        + _off(limit.least),
    )
    return value


def _figure(name: str) -> Decimal:
    limit = LIMITS[name]
    value: Decimal = Field(
        getattr(_DEFAULTS, name),
        alias=name.upper(),
        ge=limit.least,
        le=limit.most,
        description=f"a number from {limit.least} to {limit.most}: {limit.meaning}"
        + _off(limit.least),
    )
    return value


def _names(name: str) -> tuple[str, ...]:
    limit = LIMITS[name]
    value: tuple[str, ...] = Field(
        (), alias=name.upper(), description=f"{limit.unit}, comma separated: {limit.meaning}"
    )
    return value


def _off(least: Decimal) -> str:
    return " (0 is off)" if least == 0 else ""


def _symbols(given: object) -> object:
    return _listed("allowed_symbols", str(given))


def _currencies(given: object) -> object:
    return _listed("equity_ignores", str(given))


def _listed(name: str, text: str) -> object:
    try:
        return value_of(name, text)
    except InvalidInput:
        example = "XAUT,LEO" if name == "equity_ignores" else "tBTCUSD,tETHUSD"
        raise ValueError(f"must be {LIMITS[name].unit} such as {example}") from None


def _windows(given: object) -> str:
    try:
        of_text(str(given))
    except InvalidInput as error:
        what = error.sentence.removeprefix("Trading windows: ")
        raise ValueError(f"is not right: {what}") from None
    return str(given)


def _currency(given: object) -> str:
    if not _CURRENCY.fullmatch(str(given)):
        raise ValueError("must be a currency as the exchange names it, such as USD")
    return str(given)


Symbols = Annotated[tuple[str, ...], PlainValidator(_symbols)]
Currencies = Annotated[tuple[str, ...], PlainValidator(_currencies)]


class RiskSettings(Group):
    """The figures of the policy; what people set in the chat goes over them."""

    enabled: bool = Field(
        True, alias="RISK_ENABLED", description="true or false: whether risk is watched at all"
    )
    paused: bool = Field(
        False,
        alias="TRADING_PAUSED",
        description="true or false: whether trading is paused at every start, until somebody "
        "resumes it",
    )
    windows: Annotated[str, PlainValidator(_windows)] | None = Field(
        None,
        alias="TRADING_WINDOWS",
        description="when trading is open, such as " + EXAMPLE + " (unset: always)",
    )
    equity_currency: Annotated[str, PlainValidator(_currency)] = Field(
        "USD", alias="EQUITY_CURRENCY", description="the currency that equity is counted in"
    )
    max_trades_per_day: int = _whole("max_trades_per_day")
    max_trades_per_symbol_per_day: int = _whole("max_trades_per_symbol_per_day")
    trade_cooldown_seconds: int = _whole("trade_cooldown_seconds")
    symbol_cooldown_seconds: int = _whole("symbol_cooldown_seconds")
    max_open_orders: int = _whole("max_open_orders")
    allowed_symbols: Symbols = _names("allowed_symbols")
    denied_symbols: Symbols = _names("denied_symbols")
    price_band_percent: Decimal = _figure("price_band_percent")
    max_order_notional: Decimal = _figure("max_order_notional")
    market_stale_seconds: int = _whole("market_stale_seconds")
    max_daily_loss_percent: Decimal = _figure("max_daily_loss_percent")
    max_drawdown_percent: Decimal = _figure("max_drawdown_percent")
    max_consecutive_losses: int = _whole("max_consecutive_losses")
    guard_cooldown_minutes: int = _whole("guard_cooldown_minutes")
    max_open_positions: int = _whole("max_open_positions")
    max_position_percent: Decimal = _figure("max_position_percent")
    max_exposure_percent: Decimal = _figure("max_exposure_percent")
    max_volatility_percent: Decimal = _figure("max_volatility_percent")
    stop_streak_trades: int = _whole("stop_streak_trades")
    stop_streak_lookback_minutes: int = _whole("stop_streak_lookback_minutes")
    stop_streak_lock_minutes: int = _whole("stop_streak_lock_minutes")
    low_profit_trades: int = _whole("low_profit_trades")
    low_profit_percent: Decimal = _figure("low_profit_percent")
    low_profit_lookback_minutes: int = _whole("low_profit_lookback_minutes")
    low_profit_lock_minutes: int = _whole("low_profit_lock_minutes")
    breaker_events: int = _whole("breaker_events")
    breaker_window_seconds: int = _whole("breaker_window_seconds")
    breaker_pause_minutes: int = _whole("breaker_pause_minutes")
    equity_ignores: Currencies = _names("equity_ignores")

    def policy(self, zone: str) -> RiskPolicy:
        """What risk begins with; `zone` is that of trading days where the windows name none."""
        schedule = (
            of_text(self.windows, zone) if self.windows else Schedule(TradingWindows(zone=zone))
        )
        limits = {field.name: getattr(self, field.name) for field in fields(RiskLimits)}
        return RiskPolicy(
            limits=RiskLimits(**limits),
            windows=schedule.windows,
            currency=self.equity_currency,
            paused=self.paused or bool(schedule.paused),
        )
