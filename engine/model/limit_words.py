"""What a word for a limit may be, and what it means."""

from decimal import Decimal, InvalidOperation
from typing import Final

from engine.model.errors import InvalidInput
from engine.model.limits import LIMITS, SYMBOL_LISTS, Limit, check_name
from engine.model.risk import RiskLimits
from engine.model.symbol import Symbol

Value = bool | int | Decimal | tuple[Symbol, ...] | tuple[str, ...]

_DEFAULTS: Final = RiskLimits()
_MOST_NAMES: Final = 100
_YES: Final = frozenset({"on", "true", "yes", "1"})
_NO: Final = frozenset({"off", "false", "no", "0"})
_OFF: Final = frozenset({"off", "none", ""})


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
