"""When trading is open, by the wall clock of its time zone.

What the clock shows decides. An hour that a change of the clocks skips is not traded, one that it
repeats is open or closed both times. A window belongs to the local date on which it opens: an
overnight one ends by its own hours, also on a blackout, and does not open on one.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from engine.model.windows import TradingWindows, Window

_DAY: Final = timedelta(days=1)
_MIDNIGHT: Final = time(0)
_LOOK_AHEAD_DAYS: Final = 366


def is_open(windows: TradingWindows, at: datetime) -> bool:
    """Whether something may be opened at that moment; `at` is aware."""
    if not windows.blackouts and not any(windows.days):
        return True
    local = at.astimezone(ZoneInfo(windows.zone))
    today, clock = local.date(), local.time()
    if any(_is_within(each, clock) for each in _opening(windows, today)):
        return True
    return any(
        each.closes <= each.opens and clock < each.closes
        for each in _opening(windows, today - _DAY)
    )


def next_change(windows: TradingWindows, at: datetime) -> datetime | None:
    """When it opens next, where it is closed, else when it closes; UTC.

    None where that is not within a year.
    """
    if not windows.blackouts and not any(windows.days):
        return None
    now_open = is_open(windows, at)
    zone = ZoneInfo(windows.zone)
    first = at.astimezone(zone).date() - _DAY
    for ahead in range(_LOOK_AHEAD_DAYS + 2):
        for moment in sorted(_moments(windows, zone, first + ahead * _DAY)):
            if moment > at and is_open(windows, moment) is not now_open:
                return moment
    return None


def trading_day(zone: str, at: datetime) -> date:
    """The local date, which is the trading day."""
    return at.astimezone(ZoneInfo(zone)).date()


def day_start(zone: str, day: date) -> datetime:
    """When that day begins there, in UTC: at midnight, or where the clocks skip it, after it."""
    return datetime.combine(day, _MIDNIGHT, ZoneInfo(zone)).astimezone(UTC)


def _is_within(window: Window, clock: time) -> bool:
    return window.opens <= clock and (window.closes <= window.opens or clock < window.closes)


def _opening(windows: TradingWindows, day: date) -> tuple[Window, ...]:
    if day in windows.blackouts:
        return ()
    return windows.days[day.weekday()] if any(windows.days) else _WHOLE_DAY


def _moments(windows: TradingWindows, zone: ZoneInfo, day: date) -> Iterator[datetime]:
    """Every moment of a local date at which the answer may change, in UTC."""
    edges = {_MIDNIGHT}
    for window in (*_opening(windows, day), *_opening(windows, day - _DAY)):
        edges |= {window.opens, window.closes}
    for edge in edges:
        for fold in (0, 1):
            yield datetime.combine(day, edge, zone).replace(fold=fold).astimezone(UTC)
    begins = datetime.combine(day, _MIDNIGHT, zone).astimezone(UTC)
    ends = datetime.combine(day + _DAY, _MIDNIGHT, zone).astimezone(UTC)
    if begins.astimezone(zone).utcoffset() != ends.astimezone(zone).utcoffset():
        yield _change_of_clocks(zone, begins, ends)


def _change_of_clocks(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second at which the offset is the later one."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


_WHOLE_DAY: Final = (Window(_MIDNIGHT, _MIDNIGHT),)
