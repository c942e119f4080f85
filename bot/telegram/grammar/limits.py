"""Limits as people name and set them: `max trades 10`, `daily-loss 5%`, `cooldown 15m`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from bot.telegram.grammar.letters import leading_word, plain_word
from bot.telegram.grammar.reading import Reading, understand
from bot.telegram.grammar.refusal import Flaw, listed
from engine.model.errors import InvalidInput
from engine.model.limit_words import value_of
from engine.model.limits import LIMITS, SYMBOL_LISTS, Limit, LimitGroup

SAMPLE: Final = "/limits max_trades_per_day 10"
OWN_WORDS: Final = frozenset({"settings", "default", "reset"})

_MOST_SHOWN = 3
_MOST_WORDS = 40
_GROUPS = {group.value: group for group in LimitGroup}
_SPAN = re.compile(r"([0-9]{1,6})(s|sec|m|min|h|d)", re.IGNORECASE)
_SECONDS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}
_UNIT_SECONDS = {"seconds": 1, "minutes": 60}


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitWish:
    """A group or a limit to look at, or with `sets` a limit to set; None is the settings' own."""

    group: LimitGroup | None = None
    name: str | None = None
    value: str | None = None
    sets: bool = False


def limits(words: Sequence[str]) -> LimitWish:
    """What `/limits` with these words means."""
    return understand("/limits", words, _wish, SAMPLE)


def _wish(reading: Reading) -> LimitWish:
    said = _taken(reading)
    if not said:
        return LimitWish()
    if len(said) == 1 and said[0].lower() in _GROUPS:
        return LimitWish(group=_GROUPS[said[0].lower()])
    name, used = _named(said)
    rest = said[used:]
    if rest and rest[0].lower() in {"to", "=", "is"}:
        used, rest = used + 1, rest[1:]
    if not rest:
        return LimitWish(name=name)
    if len(rest) == 1 and rest[0].lower() in OWN_WORDS:
        return LimitWish(name=name, sets=True)
    return LimitWish(name=name, value=_value(LIMITS[name], rest, used), sets=True)


def _taken(reading: Reading) -> list[str]:
    said: list[str] = []
    while reading.more():
        said.append(leading_word(reading.take()))
        if len(said) > _MOST_WORDS:
            raise Flaw("is one word too many.", "")
    return said


def _named(said: list[str]) -> tuple[str, int]:
    """The limit that the first words name, and how many of them do."""
    for used in range(len(said), 0, -1):
        found = _meant(said[:used])
        if len(found) == 1:
            return found[0], used
        if found:
            says = f"could mean {listed(found[:_MOST_SHOWN])}."
            raise Flaw(says, *found[:_MOST_SHOWN], at=0, mend=(0, used))
    plain_word(said[0])
    words = _name_words(said)
    near = _nearest("_".join(words))
    says = f"is no limit. Did you mean {near[0]}? " if near else "is no limit. "
    raise Flaw(f"{says}/limits lists them.", *near, at=0, mend=(0, max(1, len(words))))


def _meant(words: Sequence[str]) -> list[str]:
    """Every limit these words could name equally well."""
    key = _key("_".join(words))
    if key in LIMITS:
        return [key]
    if titled := [name for name, limit in LIMITS.items() if _key(limit.title) == key]:
        return titled
    wanted = set(key.split("_"))
    fits = [name for name in LIMITS if wanted <= set(name.split("_"))]
    fits = [name for name in fits if name.startswith("max_")] or fits
    fewest = min((name.count("_") for name in fits), default=0)
    return [name for name in fits if name.count("_") == fewest]


def _key(text: str) -> str:
    return re.sub(r"[\s_-]+", "_", text.strip().lower())


def _name_words(said: Sequence[str]) -> list[str]:
    """The words before the first that begins with a figure."""
    words: list[str] = []
    for word in said:
        if word[:1].isdigit():
            break
        words.append(_key(word))
    return words


def _nearest(key: str) -> list[str]:
    known = {_key(limit.title): name for name, limit in LIMITS.items()} | {n: n for n in LIMITS}
    close = get_close_matches(key[:60], known, n=_MOST_SHOWN, cutoff=0.5)
    return list(dict.fromkeys(known[each] for each in close))


def _value(limit: Limit, rest: Sequence[str], at: int) -> str:
    if limit.name in SYMBOL_LISTS or limit.unit == "currencies":
        word = ",".join(part for each in rest for part in each.split(",") if part)
    else:
        word = _in_units(limit, rest[0])
        if len(rest) > 1 and rest[1].lower() not in set(limit.unit.split()):
            raise Flaw("is one word too many.", "", at=at + 1)
    try:
        value_of(limit.name, word)
    except InvalidInput as error:
        says = f"does not fit. {error.sentence}"
        raise Flaw(says, _fitting(limit), at=at, mend=(at, at + len(rest))) from None
    return word


def _in_units(limit: Limit, word: str) -> str:
    """A span such as `15m` in the limit's own unit, where it is one of whole units."""
    span, unit = _SPAN.fullmatch(word), _UNIT_SECONDS.get(limit.unit)
    if span is None or unit is None:
        return word
    seconds = int(span.group(1)) * _SECONDS[span.group(2).lower()]
    return str(seconds // unit) if seconds % unit == 0 else word


def _fitting(limit: Limit) -> str:
    match limit.unit:
        case "on or off":
            return "on"
        case "symbols":
            return "tBTCUSD,tETHUSD"
        case "currencies":
            return "XAUT,LEO"
        case _:
            return "10"
