"""Time zones as people name them: `Europe/Stockholm`, `europe stockholm`, `stockholm`."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import available_timezones

from bot.telegram.grammar.letters import plain_word
from bot.telegram.grammar.refusal import Flaw

SAMPLE = "Europe/Stockholm"
_MOST_SHOWN = 2


def zone(words: Sequence[str]) -> str:
    """The zone these words name, as the zone data write it."""
    for word in words:
        plain_word(word, SAMPLE)
    typed = " ".join(words)[:64].lower()
    found = _exact().get(typed) or _loose().get(_key(typed))
    if found is not None:
        return found
    near = get_close_matches(_key(typed), _loose(), n=_MOST_SHOWN, cutoff=0.7)
    names = [_loose()[each] for each in near] or [SAMPLE]
    raise Flaw(f"is no time zone such as {names[0]}.", *names)


@lru_cache(maxsize=1)
def _exact() -> Mapping[str, str]:
    return {name.lower(): name for name in sorted(available_timezones())}


@lru_cache(maxsize=1)
def _loose() -> Mapping[str, str]:
    """By the whole name without its marks, and by the city where only one zone has it."""
    names = [name for name in sorted(available_timezones()) if _is_place(name)]
    cities: dict[str, list[str]] = {}
    for name in names:
        cities.setdefault(_key(name.rpartition("/")[2]), []).append(name)
    unique = {city: found[0] for city, found in cities.items() if len(found) == 1}
    return unique | {_key(name): name for name in names}


def _is_place(name: str) -> bool:
    return "/" in name and not name.startswith(("Etc/", "posix/", "right/", "SystemV/"))


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
