"""Moments by somebody's wall clock, as short as they can be said."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)


def there(at: datetime, now: datetime, zone: str) -> str:
    """`14:05`, within days `Mon 08:00`, else `24 Dec 08:00`; of another year with it."""
    local, here = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    if local.date() == here.date():
        return clock
    if timedelta(0) < local.date() - here.date() < WEEK:
        return f"{local:%a} {clock}"
    year = f" {local:%Y}" if local.year != here.year else ""
    return f"{local:%d %b}{year} {clock}"


def on_day(day: date) -> str:
    """`Thu 24 Dec 2026`."""
    return f"{day:%a %d %b %Y}"


def span(seconds: int) -> str:
    """`90 s`, `15 min`, `4 h`, `2 d`: in the largest unit that leaves nothing over."""
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
