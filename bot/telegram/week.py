"""Trading windows as a person changes them: hours in order, and never closed by accident."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, time

from bot.telegram.grammar.hours import EVERY_DAY, WHOLE_DAY
from bot.telegram.parse import WindowsVerb, WindowsWish
from engine.model.errors import InvalidInput
from engine.model.windows import TradingWindows, Weekday, Window

DAY_MINUTES = 24 * 60
Day = tuple[Window, ...]


def is_always_open(windows: TradingWindows) -> bool:
    """Whether no hours are set: every day is open then, but for blackouts."""
    return not any(windows.days)


def edited(windows: TradingWindows, wish: WindowsWish) -> TradingWindows:
    """The windows with this change; `InvalidInput` where it would open what it means to close."""
    match wish.verb:
        case WindowsVerb.OFF:
            return replace(windows, days=((),) * 7)
        case WindowsVerb.ZONE:
            return replace(windows, zone=wish.zone)
        case WindowsVerb.BLACKOUT:
            return replace(windows, blackouts=_dates({*windows.blackouts, *wish.dates}))
        case WindowsVerb.ALLOW:
            return replace(windows, blackouts=_dates({*windows.blackouts} - {*wish.dates}))
        case _:
            return _with_days(windows, _changed(windows, wish))


def _changed(windows: TradingWindows, wish: WindowsWish) -> Mapping[Weekday, Day]:
    match wish.verb:
        case WindowsVerb.SET:
            return dict.fromkeys(wish.days, tidied(wish.windows))
        case WindowsVerb.ADD:
            return {day: tidied((*windows.days[day], *wish.windows)) for day in wish.days}
        case WindowsVerb.DROP:
            return {day: _without(windows.days[day], wish.windows) for day in wish.days}
        case WindowsVerb.COPY:
            return dict.fromkeys(wish.to, windows.days[wish.days[0]])
        case _:
            return {}


def _with_days(windows: TradingWindows, changed: Mapping[Weekday, Day]) -> TradingWindows:
    whole = (WHOLE_DAY,)
    always = is_always_open(windows)
    if always and all(hours == whole for hours in changed.values()):
        return windows
    # what is closed out of an open week leaves the other days open
    closes = always and not any(changed.values())
    before = (whole,) * 7 if closes else windows.days
    days = tuple(changed.get(day, before[day]) for day in EVERY_DAY)
    if not any(days):
        raise InvalidInput(
            "That would leave no day with hours, and a week without hours is always open. "
            "To stop trading, /pause; to be open at all hours, /windows off"
        )
    return replace(windows, days=days)


def tidied(hours: Iterable[Window]) -> Day:
    """In order, and what overlaps or touches as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(_span(each) for each in hours):
        last = joined[-1] if joined else None
        if last is not None and start <= last[1] and max(end, last[1]) - last[0] <= DAY_MINUTES:
            joined[-1] = (last[0], max(end, last[1]))
        else:
            joined.append((start, end))
    return tuple(Window(_time(start), _time(end)) for start, end in joined)


def _without(hours: Day, gone: Day) -> Day:
    return tuple(each for each in hours if each not in gone)


def _span(window: Window) -> tuple[int, int]:
    start, end = _minutes(window.opens), _minutes(window.closes)
    return start, end if end > start else end + DAY_MINUTES


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def _dates(dates: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(dates))
