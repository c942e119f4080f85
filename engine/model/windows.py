"""When trading is open: hours of the week in one time zone."""

from dataclasses import dataclass
from datetime import date, time
from enum import IntEnum


class Weekday(IntEnum):
    """Days as `datetime.weekday` counts them."""

    MON = 0
    TUE = 1
    WED = 2
    THU = 3
    FRI = 4
    SAT = 5
    SUN = 6


@dataclass(frozen=True, slots=True)
class Window:
    """From `opens` until `closes`, local time; where it closes no later than it opens, the next
    day. Midnight to midnight is the whole day."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingWindows:
    """Seven days from Monday, each with its windows; none on any day means always open.

    `zone` is an IANA name; on `blackouts` (local dates) nothing opens, holidays such as these.
    """

    zone: str = "UTC"
    days: tuple[tuple[Window, ...], ...] = ((),) * 7
    blackouts: tuple[date, ...] = ()
