"""Limits by name: what a word for one may be, and the policy that words make."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Final

import structlog

from engine.model.errors import InvalidInput
from engine.model.risk import RiskLimits
from engine.model.symbol import Symbol

Value = bool | int | Decimal | tuple[Symbol, ...] | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One figure: what it is, for a person, and its bounds; 0 is off where `least` is 0."""

    name: str
    meaning: str
    unit: str = ""
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(1_000_000)


_LIMITS: Final = (
    Limit(name="enabled", meaning="whether risk is watched at all", unit="on or off"),
    Limit(name="max_trades_per_day", meaning="opening trades a day", unit="trades"),
    Limit(
        name="max_trades_per_symbol_per_day",
        meaning="opening trades a day in one symbol",
        unit="trades",
    ),
    Limit(name="trade_cooldown_seconds", meaning="pause after an opening trade", unit="seconds"),
    Limit(
        name="symbol_cooldown_seconds",
        meaning="pause in a symbol after an opening trade in it",
        unit="seconds",
    ),
    Limit(name="max_open_orders", meaning="open orders at once", unit="orders"),
    Limit(name="allowed_symbols", meaning="the only symbols that may be opened", unit="symbols"),
    Limit(name="denied_symbols", meaning="symbols that may not be opened", unit="symbols"),
    Limit(
        name="price_band_percent",
        meaning="how far a price may be from the market's",
        unit="%",
        most=Decimal(1000),
    ),
    Limit(
        name="max_order_notional",
        meaning="worth of one order, in quote currency",
        most=Decimal(10) ** 12,
    ),
    Limit(
        name="market_stale_seconds",
        meaning="age of a price that is too old to open on",
        unit="seconds",
        most=Decimal(3600),
    ),
    Limit(
        name="max_daily_loss_percent",
        meaning="loss since the trading day began",
        unit="% of equity",
        most=Decimal(100),
    ),
    Limit(
        name="max_drawdown_percent",
        meaning="loss since the highest equity",
        unit="% of equity",
        most=Decimal(100),
    ),
    Limit(name="max_consecutive_losses", meaning="losing trades in a row", unit="trades"),
    Limit(
        name="guard_cooldown_minutes",
        meaning="after which a tripped guard resets itself; 0 waits for an admin",
        unit="minutes",
    ),
    Limit(name="max_open_positions", meaning="open margin positions at once", unit="positions"),
    Limit(
        name="max_position_percent",
        meaning="worth of one holding",
        unit="% of equity",
        most=Decimal(10_000),
    ),
    Limit(
        name="max_exposure_percent",
        meaning="worth of all holdings together",
        unit="% of equity",
        most=Decimal(10_000),
    ),
    Limit(
        name="max_volatility_percent",
        meaning="average true range a day",
        unit="% of the price",
        most=Decimal(1000),
    ),
    Limit(name="stop_streak_trades", meaning="stop losses in a symbol that lock it", unit="trades"),
    Limit(
        name="stop_streak_lookback_minutes",
        meaning="within which those stop losses count",
        unit="minutes",
        least=Decimal(1),
    ),
    Limit(
        name="stop_streak_lock_minutes",
        meaning="for which they lock it",
        unit="minutes",
        least=Decimal(1),
    ),
    Limit(
        name="low_profit_trades",
        meaning="closed trades in a symbol before its profit is judged",
        unit="trades",
    ),
    Limit(
        name="low_profit_percent",
        meaning="profit they must have made together",
        unit="%",
        least=Decimal(-100),
        most=Decimal(1000),
    ),
    Limit(
        name="low_profit_lookback_minutes",
        meaning="within which they count",
        unit="minutes",
        least=Decimal(1),
    ),
    Limit(
        name="low_profit_lock_minutes",
        meaning="for which too little profit locks a symbol",
        unit="minutes",
        least=Decimal(1),
    ),
    Limit(
        name="breaker_events",
        meaning="mishaps that trip the trading breaker",
        unit="mishaps",
    ),
    Limit(
        name="breaker_window_seconds",
        meaning="within which they count",
        unit="seconds",
        least=Decimal(1),
        most=Decimal(86_400),
    ),
    Limit(
        name="breaker_pause_minutes",
        meaning="after which the breaker resets itself; 0 waits for an admin",
        unit="minutes",
    ),
    Limit(
        name="equity_ignores",
        meaning="currencies that equity leaves out, for want of a price",
        unit="currencies",
    ),
)

LIMITS: Final[Mapping[str, Limit]] = {limit.name: limit for limit in _LIMITS}
SYMBOL_LISTS: Final = frozenset({"allowed_symbols", "denied_symbols"})
_DEFAULTS: Final = RiskLimits()
_MOST_NAMES: Final = 100
_YES: Final = frozenset({"on", "true", "yes", "1"})
_NO: Final = frozenset({"off", "false", "no", "0"})
_OFF: Final = frozenset({"off", "none", ""})


log = structlog.get_logger()


def check_name(name: str) -> None:
    """Raises `InvalidInput` where there is no limit of that name, with the nearest there is."""
    if name in LIMITS:
        return
    near = difflib.get_close_matches(name[:40], LIMITS, n=1)
    nearest = f"Did you mean {near[0]}? " if near else ""
    raise InvalidInput(f"There is no limit {name[:40]}. {nearest}/limits lists them all.")


def value_of(name: str, word: str) -> Value:
    """What a word means for this limit. Raises `InvalidInput` with what is wrong with it."""
    check_name(name)
    limit = LIMITS[name]
    match getattr(_DEFAULTS, name):
        case bool():
            return _switch(limit, word)
        case int():
            return int(_number(limit, word, whole=True))
        case Decimal():
            return _number(limit, word, whole=False)
        case _:
            return _names(limit, word)


def word_of(value: Value) -> str:
    """The word that means this value."""
    match value:
        case bool():
            return "on" if value else "off"
        case tuple():
            return ",".join(value)
        case _:
            return format(value, "f") if isinstance(value, Decimal) else str(value)


def with_words(base: RiskLimits, words: Mapping[str, str]) -> RiskLimits:
    """The policy with these words over it; a word that no longer means anything is left out."""
    limits = base
    for name, word in words.items():
        try:
            limits = _with(limits, name, value_of(name, word))
        except InvalidInput as error:  # kept by another version; the others still hold
            log.error("limit_word_not_understood", limit=name, detail=error.sentence)
    return limits


def _with(limits: RiskLimits, name: str, value: Value) -> RiskLimits:
    changed = {field.name: getattr(limits, field.name) for field in fields(RiskLimits)}
    return replace(limits, **(changed | {name: value}))


def _switch(limit: Limit, word: str) -> bool:
    plain = word.strip().lower()
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise InvalidInput(f"{limit.name} is on or off, not {word[:20]!r}.")


def _number(limit: Limit, word: str, *, whole: bool) -> Decimal:
    plain = word.strip().rstrip("%").replace("_", "")
    if plain.lower() in _OFF and limit.least <= 0:
        return Decimal(0)
    kind = "a whole number" if whole else "a number"
    wrong = InvalidInput(
        f"{limit.name} is {kind} from {limit.least:f} to {limit.most:f}, not {word[:20]!r}."
    )
    if not plain.isascii() or len(plain) > 30:
        raise wrong
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise wrong from error
    if not number.is_finite() or not limit.least <= number <= limit.most:
        raise wrong
    if whole and number != number.to_integral_value():
        raise wrong
    return number


def _names(limit: Limit, word: str) -> tuple[str, ...]:
    if word.strip().lower() in _OFF:
        return ()
    names = [name.strip() for name in word.split(",") if name.strip()]
    if len(names) > _MOST_NAMES or not all(_is_name(name) for name in names):
        example = "tBTCUSD,tETHUSD" if limit.name in SYMBOL_LISTS else "XAUT,LEO"
        raise InvalidInput(
            f"{limit.name} is a list of {limit.unit}, comma separated, such as {example}; or off."
        )
    return tuple(dict.fromkeys(names))


def _is_name(name: str) -> bool:
    return name.isascii() and name.replace(":", "").isalnum() and len(name) <= 24
