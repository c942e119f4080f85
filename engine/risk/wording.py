"""Moments and figures in the sentences of rules."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from zoneinfo import ZoneInfo

from engine.model.money import plain, readable

_HUNDREDTH: Final = Decimal("0.01")


def moment(at: datetime, now: datetime, zone: str) -> str:
    """`14:05:30 UTC`; of another day `Mon 24 Nov 09:00 Europe/Stockholm`."""
    there = ZoneInfo(zone)
    local, today = at.astimezone(there), now.astimezone(there).date()
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    day = "" if local.date() == today else f"{local:%a %d %b} "
    return f"{day}{clock} {zone}"


def percent(value: Decimal) -> str:
    """Hundredths of a percent are enough."""
    return f"{plain(value.quantize(_HUNDREDTH, rounding=ROUND_HALF_UP))} %"


def money(value: Decimal, currency: str) -> str:
    """Grouped by thousands, with its currency; hundredths are enough above one."""
    shown = value.quantize(_HUNDREDTH, rounding=ROUND_HALF_UP) if abs(value) >= 1 else value
    return f"{readable(shown)} {currency}"


def times(count: int, noun: str) -> str:
    """`1 trade`, `2 trades`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def span(minutes: int) -> str:
    """`an hour`, `2 hours`, `90 minutes`."""
    hours, rest = divmod(minutes, 60)
    if not rest:
        return f"{hours} hours" if hours > 1 else "an hour"
    return f"{minutes} minutes" if minutes > 1 else "a minute"


def lapse(seconds: int) -> str:
    """As `span`, of seconds where they are no whole minutes."""
    return times(seconds, "second") if seconds % 60 else span(seconds // 60)


def until(end: datetime | None, now: datetime, zone: str, how: str) -> str:
    """How it ends: by itself at that moment, or only as `how` says."""
    if end is None:
        return how
    return f"That ends at {moment(end, now, zone)}; before that {how[0].lower()}{how[1:]}"
