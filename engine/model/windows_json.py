"""Trading windows in words: `{"timezone", "windows": {"mon": [["08:00", "17:00"]]}, "paused"}`.

Beside these three there may be `"blackouts": ["2026-12-24"]`. A window that ends at `24:00` ends at
midnight; one that ends no later than it begins, on the next day.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Final
from zoneinfo import ZoneInfo

from engine.model.errors import InvalidInput
from engine.model.windows import TradingWindows, Weekday, Window

EXAMPLE: Final = (
    '{"timezone": "Europe/Stockholm", "windows": {"mon": [["08:00", "17:00"]], '
    '"fri": [["22:00", "02:00"]]}, "blackouts": ["2026-12-24"]}'
)
MOST_WINDOWS: Final = 24
MOST_BLACKOUTS: Final = 366
LONGEST: Final = 20_000

_KEYS: Final = frozenset({"timezone", "windows", "paused", "blackouts"})
_DAYS: Final = tuple(day.name.lower() for day in Weekday)
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When trading is open, and whether it is paused; None where nothing is said of that."""

    windows: TradingWindows
    paused: bool | None = None


def of_text(text: str, zone: str = "UTC") -> Schedule:
    """The windows a text of JSON means; errors as `of_json`."""
    if len(text) > LONGEST:
        raise _wrong("this is too long to be hours of a week")
    try:
        given: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong("this is no JSON") from error
    return of_json(given, zone)


def of_json(given: object, zone: str = "UTC") -> Schedule:
    """The windows that decoded JSON means; `zone` holds where it names none.

    Raises `InvalidInput` with what is wrong and an example that is right.
    """
    if not isinstance(given, dict) or not given.keys() <= _KEYS:
        raise _wrong("it has the keys timezone, windows, paused and blackouts, and no others")
    named, days = given.get("timezone", zone), given.get("windows", {})
    paused, dates = given.get("paused"), given.get("blackouts", [])
    if not isinstance(named, str):
        raise _wrong("timezone is a name such as Europe/Stockholm")
    if not isinstance(days, dict) or not days.keys() <= set(_DAYS):
        raise _wrong(f"windows has the keys {', '.join(_DAYS)}, and no others")
    if paused is not None and not isinstance(paused, bool):
        raise _wrong("paused is true or false")
    if not isinstance(dates, list):
        raise _wrong('blackouts is a list of dates such as ["2026-12-24"]')
    windows = TradingWindows(
        zone=named,
        days=tuple(_windows(day, days.get(day, [])) for day in _DAYS),
        blackouts=tuple(sorted({_date(each) for each in dates})),
    )
    check_windows(windows)
    return Schedule(windows, paused)


def as_json(windows: TradingWindows, paused: bool | None = None) -> Mapping[str, object]:
    """The same in words, ready for `json.dumps`."""
    said: dict[str, object] = {
        "timezone": windows.zone,
        "windows": {
            name: [[_clock(each.opens), _clock(each.closes, ends=True)] for each in day]
            for name, day in zip(_DAYS, windows.days, strict=True)
            if day
        },
    }
    if windows.blackouts:
        said["blackouts"] = [day.isoformat() for day in windows.blackouts]
    if paused is not None:
        said["paused"] = paused
    return said


def check_windows(windows: TradingWindows) -> None:
    """Raises `InvalidInput` where the zone is unknown or there is too much of something."""
    try:
        ZoneInfo(windows.zone)
    except (ValueError, OSError, KeyError) as error:  # a name that is not found is a KeyError
        raise _wrong(f"{windows.zone[:40]!r} is no time zone such as Europe/Stockholm") from error
    if len(windows.days) != len(_DAYS):
        raise _wrong("a week has seven days")
    if any(len(day) > MOST_WINDOWS for day in windows.days):
        raise _wrong(f"a day has at most {MOST_WINDOWS} windows")
    if len(windows.blackouts) > MOST_BLACKOUTS:
        raise _wrong(f"there are at most {MOST_BLACKOUTS} blackout dates")


def _windows(day: str, given: object) -> tuple[Window, ...]:
    if not isinstance(given, list):
        raise _wrong(f'{day} is a list of pairs such as [["08:00", "17:00"]]')
    windows = {_window(day, each) for each in given}
    return tuple(sorted(windows, key=lambda each: (each.opens, each.closes)))


def _window(day: str, given: object) -> Window:
    if not isinstance(given, list) or len(given) != 2:
        raise _wrong(f'each window of {day} is a pair such as ["08:00", "17:00"]')
    opens, closes = given
    return Window(_time(day, opens), time(0) if closes == "24:00" else _time(day, closes))


def _time(day: str, given: object) -> time:
    found = _CLOCK.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        raise _wrong(f"{day} has a time that is not HH:MM such as 08:00")
    return time(int(found[1]), int(found[2]))


def _date(given: object) -> date:
    try:
        if isinstance(given, str) and _DATE.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass  # of a right shape, and still no date
    raise _wrong("blackouts holds something that is no date such as 2026-12-24")


def _clock(clock: time, *, ends: bool = False) -> str:
    return "24:00" if ends and clock == time(0) else f"{clock:%H:%M}"


def _wrong(what: str) -> InvalidInput:
    return InvalidInput(f"Trading windows: {what}. For example: {EXAMPLE}")
