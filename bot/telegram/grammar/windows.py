"""Trading windows as people say them: `mon 08:00-17:00, 22:00-02:00`, `zone Europe/Stockholm`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bot.telegram.grammar.hours import (
    WHOLE_DAY,
    are_days,
    between,
    clock,
    day,
    days,
    parted,
    window,
)
from bot.telegram.grammar.reading import Reading, understand
from bot.telegram.grammar.refusal import Flaw, Lack, Missing
from bot.telegram.grammar.zones import zone
from engine.model.windows import Weekday, Window

SAMPLE: Final = "/windows mon-fri 08:00-17:00"
MOST_DATES: Final = 20

_CLOSED = frozenset({"closed", "close", "none", "shut"})
_OPEN = frozenset({"open", "all", "allday", "whole", "24h"})


class WindowsVerb(StrEnum):
    """What can be done with trading windows."""

    SHOW = "show"
    DAY = "day"
    SET = "set"
    ADD = "add"
    PICK = "pick"
    DROP = "drop"
    COPY = "copy"
    ZONE = "zone"
    BLACKOUT = "blackout"
    ALLOW = "allow"
    OFF = "off"
    SAVE = "save"
    DISCARD = "discard"
    MINE = "mine"


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsWish:
    """`days` it is about and their `windows`; `zone` or `dates`, where those are changed.

    `picked` are the words so far of a window that is being put together; `to` are the days a day
    is copied to.
    """

    verb: WindowsVerb
    days: tuple[Weekday, ...] = ()
    windows: tuple[Window, ...] = ()
    to: tuple[Weekday, ...] = ()
    zone: str = ""
    dates: tuple[date, ...] = ()
    picked: tuple[str, ...] = ()


def windows(words: Sequence[str]) -> WindowsWish:
    """What `/windows` with these words means."""
    return understand("/windows", parted(words), _wish, SAMPLE)


def _wish(reading: Reading) -> WindowsWish:
    if not reading.more():
        return WindowsWish(verb=WindowsVerb.SHOW)
    word = reading.take()
    match word.lower():
        case "zone" | "timezone" | "tz":
            return WindowsWish(verb=WindowsVerb.ZONE, zone=_zone(reading))
        case "blackout" | "blackouts" | "holiday" | "holidays":
            return _blackout(reading)
        case "show" | "off" | "save" | "discard" | "mine" as plain:
            reading.end()
            return WindowsWish(verb=WindowsVerb(plain))
    if not are_days(word):
        says = "is neither a day nor zone, blackout, save, discard or off."
        raise Flaw(says, "mon", "mon-fri 08:00-17:00")
    return _day(reading, _all_days(reading, word))


def _zone(reading: Reading) -> str:
    words = []
    while reading.more():
        words.append(reading.take())
    return zone(words) if words else ""


def _all_days(reading: Reading, word: str) -> tuple[Weekday, ...]:
    """`mon wed fri` as well as `mon-fri`."""
    found = set(days(word))
    while reading.more() and are_days(reading.peek()):
        found |= set(days(reading.take()))
    return tuple(sorted(found))


def _day(reading: Reading, about: tuple[Weekday, ...]) -> WindowsWish:
    if not reading.more():
        return WindowsWish(verb=WindowsVerb.DAY, days=about)
    match reading.peek().lower():
        case "add":
            reading.take()
            return _added(reading, about)
        case "drop" | "remove":
            reading.take()
            return WindowsWish(verb=WindowsVerb.DROP, days=about, windows=_several(reading))
        case "copy":
            reading.take()
            return _copied(reading, about)
    return WindowsWish(verb=WindowsVerb.SET, days=about, windows=_hours(reading))


def _hours(reading: Reading) -> tuple[Window, ...]:
    word = reading.peek().lower()
    if word in _CLOSED or word in _OPEN:
        reading.take()
        reading.end()
        return (WHOLE_DAY,) if word in _OPEN else ()
    return _several(reading)


def _several(reading: Reading) -> tuple[Window, ...]:
    if not reading.more():
        raise Lack(Missing.MOMENT, "Which hours? Write when it opens and closes.", "08:00-17:00")
    found = []
    while reading.more():
        found.append(window(reading.take()))
    return tuple(dict.fromkeys(found))


def _added(reading: Reading, about: tuple[Weekday, ...]) -> WindowsWish:
    """A whole window, or as much of one as was picked: `08`, `08:00`, `08:00 17`."""
    if "-" in reading.peek():
        return WindowsWish(verb=WindowsVerb.ADD, days=about, windows=_several(reading))
    picked: list[str] = []
    while reading.more() and len(picked) < 2:
        word = reading.take()
        clock(word, ends=bool(picked))
        picked.append(word)
    reading.end()
    if len(picked) == 2 and ":" in picked[1]:
        whole = between(clock(picked[0]), clock(picked[1], ends=True))
        return WindowsWish(verb=WindowsVerb.ADD, days=about, windows=(whole,))
    return WindowsWish(verb=WindowsVerb.PICK, days=about, picked=tuple(picked))


def _copied(reading: Reading, about: tuple[Weekday, ...]) -> WindowsWish:
    if len(about) != 1:
        raise Flaw("copies one day only.", "", at=0, mend=(0, reading.place))
    if not reading.more():
        raise Lack(Missing.MOMENT, "Copy it to which days?", "weekdays", "daily")
    to = _all_days(reading, reading.take())
    reading.end()
    return WindowsWish(verb=WindowsVerb.COPY, days=about, to=to)


def _blackout(reading: Reading) -> WindowsWish:
    dates: list[date] = []
    verb = WindowsVerb.BLACKOUT
    while reading.more():
        word = reading.take()
        if word.lower() in {"off", "remove", "drop"}:
            if not dates:
                raise Flaw("comes after the date it takes away.", "2026-12-24 off")
            reading.end()
            verb = WindowsVerb.ALLOW
        elif len(dates) >= MOST_DATES:
            raise Flaw(f"is one date too many: at most {MOST_DATES} at once.", "")
        else:
            dates.append(day(word))
    return WindowsWish(verb=verb, dates=tuple(dict.fromkeys(dates)))
