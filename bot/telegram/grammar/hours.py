"""Days of the week and hours of the day: `mon-fri`, `08:00-17:00`, `22-02`."""

import re
from collections.abc import Sequence
from datetime import date, time

from bot.telegram.grammar.letters import plain_word
from bot.telegram.grammar.refusal import Flaw
from engine.model.windows import Weekday, Window

WHOLE_DAY = Window(time(0), time(0))
WORKDAYS = tuple(Weekday)[:5]
EVERY_DAY = tuple(Weekday)

_CLOCK = re.compile(r"([0-9]{1,2})(?::?([0-9]{2}))?")
_WINDOW = re.compile(r"([0-9:]{1,5})-([0-9:]{1,5})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SETS = {
    "weekdays": WORKDAYS,
    "workdays": WORKDAYS,
    "weekend": tuple(Weekday)[5:],
    "weekends": tuple(Weekday)[5:],
    "daily": EVERY_DAY,
    "everyday": EVERY_DAY,
    "week": EVERY_DAY,
}
_NAMES = {
    name: day
    for day, full in zip(
        Weekday,
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        strict=True,
    )
    for name in (full, full[:3], f"{full[:4]}", f"{full[:3]}s", f"{full}s")
}


def parted(words: Sequence[str]) -> tuple[str, ...]:
    """The words with nothing around their dashes, and parted at commas."""
    line = re.sub(r"\s*[-\N{EN DASH}\N{EM DASH}]\s*", "-", " ".join(words))
    return tuple(re.sub(r"[,;]", " ", line).split())


def are_days(word: str) -> bool:
    """Whether `word` names days."""
    return _days(word.lower()) is not None


def days(word: str) -> tuple[Weekday, ...]:
    """The days `word` names, in the order of the week."""
    plain_word(word, "mon")
    found = _days(word.lower())
    if found is None:
        raise Flaw("is not a day of the week.", "mon", "mon-fri")
    return found


def _days(word: str) -> tuple[Weekday, ...] | None:
    if word in _SETS:
        return _SETS[word]
    if word in _NAMES:
        return (_NAMES[word],)
    first, dash, last = word.partition("-")
    if not dash or first not in _NAMES or last not in _NAMES:
        return None
    start, end = _NAMES[first], _NAMES[last]
    count = (end - start) % len(EVERY_DAY) + 1
    return tuple(sorted(Weekday((start + step) % len(EVERY_DAY)) for step in range(count)))


def window(word: str) -> Window:
    """`08:00-17:00`; where it closes before it opens, on the next day."""
    plain_word(word, "08:00-17:00")
    found = _WINDOW.fullmatch(word)
    if found is None:
        raise Flaw("is not a window. Write when it opens and closes: 08:00-17:00.", "08:00-17:00")
    return between(clock(found.group(1)), clock(found.group(2), ends=True))


def between(opens: time, closes: time) -> Window:
    """The window between two moments of the day."""
    if opens == closes and opens != time(0):
        raise Flaw(
            "opens and closes at the same time. The whole day is 00:00-24:00.", "00:00-24:00"
        )
    return Window(opens, closes)


def clock(word: str, *, ends: bool = False) -> time:
    """`8`, `08:00` or `0800`; with `ends`, `24:00` is midnight."""
    plain_word(word, "08:00")
    found = _CLOCK.fullmatch(word)
    hour, minute = (int(found.group(1)), int(found.group(2) or 0)) if found else (99, 0)
    if ends and (hour, minute) == (24, 0):
        return time(0)
    if hour > 23 or minute > 59:
        raise Flaw("is not a time of day, from 00:00 to 23:59.", "08:00-17:00")
    return time(hour, minute)


def day(word: str) -> date:
    """`2026-12-24`."""
    plain_word(word, "2026-12-24")
    if not _DATE.fullmatch(word):
        raise Flaw("is not a date. Write year, month and day: 2026-12-24.", "2026-12-24")
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise Flaw("is not in the calendar.", "2026-12-24") from None


def spell_window(each: Window) -> str:
    """The word that means it."""
    return f"{each.opens:%H:%M}-{spell_close(each)}"


def spell_close(each: Window) -> str:
    """When it closes; midnight is the end of a day."""
    return "24:00" if each.closes == time(0) else f"{each.closes:%H:%M}"
