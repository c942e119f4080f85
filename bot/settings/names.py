"""The names a setting may have: ours, those of later versions, and the nearest right one."""

import difflib
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from bot.settings.tree import Settings

PREFIXES = (
    "BITFINEX_",
    "TELEGRAM_",
    "GENESIS_",
    "INSTANCE_",
    "METRICS_",
    "WS_",
    "JWT_",
    "AUTH_",
    "RISK_",
    "PROB_",
    "CARD_",
    "CANDLE_",
    "MARKETDATA_",
    "MAX_TRADES_",
    "TRADE_COOLDOWN_",
    "TRADING_",
    "STOP_STREAK_",
    "LOW_PROFIT_",
    "EQUITY_",
    "RATE_LIMIT_",
    "DRY_RUN_",
    "PAPER_",
    "ACCESS_TOKEN_",
    "SECOND_FACTOR_",
    "FOUR_EYES_",
)
_OFF = frozenset({"false", "0", "no", "off"})
_ON = frozenset({"true", "1", "yes", "on"})
_NEVER: frozenset[str] = frozenset()

# Names that a later version will know, with the values that already hold today.
LATER: Mapping[str, frozenset[str]] = {
    "AUTH_LOOPBACK_MINT": _OFF,
    "CANDLE_CACHE_RETENTION_DAYS": _NEVER,
    "CANDLE_STALE_SECS": _NEVER,
    "MARKETDATA_MODE": _NEVER,
    "PROB_MODEL_ENABLED": _OFF,
    "PROB_RETRAIN_ENABLED": _OFF,
    "PROB_RETRAIN_INTERVAL_HOURS": _NEVER,
    "PROB_VALIDATE_ENABLED": _OFF,
    "PROB_VALIDATE_INTERVAL_MINUTES": _NEVER,
    "PROB_VALIDATE_LIMIT": _NEVER,
    "PROB_VALIDATE_MAX_SAMPLES": _NEVER,
    "PROB_VALIDATE_TIMEFRAME": _NEVER,
    "WS_CONNECT_ON_START": _ON,
}


def groups_of(tree: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    """The groups of a settings tree, by their field's name."""
    for name, field in tree.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield name, kind


def group_by_name() -> Mapping[str, str]:
    """Each setting's name, and the group it belongs to."""
    return {
        field.alias: group
        for group, kind in groups_of(Settings)
        for field in kind.model_fields.values()
        if field.alias is not None
    }


def descriptions() -> Mapping[str, str]:
    """Each setting's name, and what it must be."""
    return {
        field.alias: field.description or ""
        for _, kind in groups_of(Settings)
        for field in kind.model_fields.values()
        if field.alias is not None
    }


KNOWN = group_by_name()


def complaint(name: str, value: str, present: Mapping[str, str]) -> str | None:
    """What is wrong with a setting's name, or None; `present` are all names that are set."""
    if name in KNOWN:
        return None
    if name in LATER:
        fine = value.lower() in LATER[name] or not value
        return None if fine else f"{name} is not supported yet with this value: remove it"
    nearest = _nearest(name)
    if name.upper().startswith(PREFIXES):
        hint = f"did you mean {nearest}?" if nearest else "remove it"
        return f"{name} is no setting of Genesis: {hint}"
    if nearest and "_" in name and nearest not in present:
        return f"{name} is no setting of Genesis: did you mean {nearest}?"
    return None


def _nearest(name: str) -> str | None:
    # Where the prefix is right, half of the rest is enough; a foreign name must be very near.
    upper, every = name.upper(), [*KNOWN, *LATER]
    prefix = next((each for each in PREFIXES if upper.startswith(each)), None)
    akin = [each for each in every if prefix and each.startswith(prefix)]
    cutoff = 0.6 if prefix else 0.88
    found = [
        *difflib.get_close_matches(upper, akin, n=1, cutoff=cutoff),
        *difflib.get_close_matches(upper, every, n=1, cutoff=cutoff),
    ]
    return found[0] if found else None
