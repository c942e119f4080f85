"""Trading windows by the wall clock, above all where the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.model.windows import TradingWindows, Weekday, Window
from engine.risk.windows import day_start, is_open, next_change, trading_day

STOCKHOLM, NEW_YORK, LORD_HOWE = "Europe/Stockholm", "America/New_York", "Australia/Lord_Howe"
DAYS = {day.name.lower(): day for day in Weekday}


def hours(zone: str, *blackouts: date, **days: str) -> TradingWindows:
    """`hours("UTC", mon="08:00-17:00 22:00-02:00")`."""
    week: list[tuple[Window, ...]] = [()] * 7
    for name, text in days.items():
        week[DAYS[name]] = tuple(map(window, text.split()))
    return TradingWindows(zone=zone, days=tuple(week), blackouts=blackouts)


def window(text: str) -> Window:
    opens, closes = text.split("-")
    return Window(time.fromisoformat(opens), time.fromisoformat(closes))


def every_day(zone: str, text: str) -> TradingWindows:
    return hours(zone, **dict.fromkeys(DAYS, text))


def there(zone: str, text: str, fold: int = 0) -> datetime:
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return local.astimezone(UTC)


OFFICE = hours("UTC", mon="08:00-12:00 13:00-17:00")
NIGHT = hours(STOCKHOLM, fri="22:00-02:00")


@pytest.mark.parametrize(
    ("windows", "at", "expected"),
    [
        (OFFICE, "2026-11-23T07:59:59", False),
        (OFFICE, "2026-11-23T08:00:00", True),
        (OFFICE, "2026-11-23T11:59:59", True),
        (OFFICE, "2026-11-23T12:00:00", False),
        (OFFICE, "2026-11-23T13:00:00", True),
        (OFFICE, "2026-11-23T17:00:00", False),
        (OFFICE, "2026-11-24T09:00:00", False),
        (NIGHT, "2026-11-27T21:59:59", False),
        (NIGHT, "2026-11-27T22:00:00", True),
        (NIGHT, "2026-11-28T01:59:59", True),
        (NIGHT, "2026-11-28T02:00:00", False),
        (NIGHT, "2026-11-27T01:00:00", False),
        (hours("UTC", sun="00:00-00:00"), "2026-11-29T00:00:00", True),
        (hours("UTC", sun="00:00-00:00"), "2026-11-29T23:59:59", True),
        (hours("UTC", sun="00:00-00:00"), "2026-11-30T00:00:00", False),
        (hours("UTC", sun="09:00-09:00"), "2026-11-30T08:59:59", True),
        (hours("UTC", sun="09:00-09:00"), "2026-11-30T09:00:00", False),
        (TradingWindows(), "2026-11-30T09:00:00", True),
        (TradingWindows(blackouts=(date(2026, 12, 24),)), "2026-12-24T00:00:00", False),
        (TradingWindows(blackouts=(date(2026, 12, 24),)), "2026-12-24T23:59:59", False),
        (TradingWindows(blackouts=(date(2026, 12, 24),)), "2026-12-25T00:00:00", True),
    ],
)
def test_hours_hold_from_their_opening_until_just_before_their_closing(
    windows: TradingWindows, at: str, expected: bool
) -> None:
    assert is_open(windows, there(windows.zone, at)) is expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-12-24T23:00:00", True),
        ("2026-12-25T01:59:59", True),  # opened the evening before: it ends by its own hours
        ("2026-12-25T02:00:00", False),
        ("2026-12-25T22:00:00", False),  # what would open on the blackout does not
        ("2026-12-26T01:00:00", False),
        ("2026-12-26T22:00:00", True),
    ],
)
def test_a_blackout_stops_what_would_open_on_it(at: str, expected: bool) -> None:
    nights = every_day(STOCKHOLM, "22:00-02:00")
    nights = TradingWindows(zone=STOCKHOLM, days=nights.days, blackouts=(date(2026, 12, 25),))
    assert is_open(nights, there(STOCKHOLM, at)) is expected


@pytest.mark.parametrize(
    ("zone", "text", "at", "fold", "expected"),
    [
        # 29 March 2026 02:00-03:00 is skipped in Stockholm, 25 October repeated
        (STOCKHOLM, "01:30-02:30", "2026-03-29T01:59:59", 0, True),
        (STOCKHOLM, "01:30-02:30", "2026-03-29T03:00:00", 0, False),
        (STOCKHOLM, "02:30-04:00", "2026-03-29T01:59:59", 0, False),
        (STOCKHOLM, "02:30-04:00", "2026-03-29T03:00:00", 0, True),
        (STOCKHOLM, "02:10-02:50", "2026-03-29T03:00:00", 0, False),
        (STOCKHOLM, "02:10-02:50", "2026-10-25T02:30:00", 0, True),
        (STOCKHOLM, "02:10-02:50", "2026-10-25T02:55:00", 0, False),
        (STOCKHOLM, "02:10-02:50", "2026-10-25T02:30:00", 1, True),
        (STOCKHOLM, "02:10-02:50", "2026-10-25T02:55:00", 1, False),
        (STOCKHOLM, "22:00-02:30", "2026-10-25T02:29:59", 0, True),
        (STOCKHOLM, "22:00-02:30", "2026-10-25T02:30:00", 0, False),
        (STOCKHOLM, "22:00-02:30", "2026-10-25T02:29:59", 1, True),
        (STOCKHOLM, "22:00-02:30", "2026-10-25T02:30:00", 1, False),
        # 8 March 2026 is skipped in New York, 1 November 01:00-02:00 repeated
        (NEW_YORK, "02:00-03:00", "2026-03-08T01:59:59", 0, False),
        (NEW_YORK, "02:00-03:00", "2026-03-08T03:00:00", 0, False),
        (NEW_YORK, "01:00-02:00", "2026-11-01T01:30:00", 0, True),
        (NEW_YORK, "01:00-02:00", "2026-11-01T01:30:00", 1, True),
        (NEW_YORK, "01:00-02:00", "2026-11-01T02:00:00", 0, False),
        # Lord Howe moves by half an hour: 4 October 2026 02:00-02:30 is skipped,
        # 5 April 01:30-02:00 repeated
        (LORD_HOWE, "02:00-02:30", "2026-10-04T01:59:59", 0, False),
        (LORD_HOWE, "02:00-02:30", "2026-10-04T02:30:00", 0, False),
        (LORD_HOWE, "02:15-03:00", "2026-10-04T02:30:00", 0, True),
        (LORD_HOWE, "01:40-01:50", "2026-04-05T01:45:00", 0, True),
        (LORD_HOWE, "01:40-01:50", "2026-04-05T01:30:00", 1, False),
        (LORD_HOWE, "01:40-01:50", "2026-04-05T01:45:00", 1, True),
    ],
)
def test_the_wall_clock_decides_where_the_clocks_change(
    zone: str, text: str, at: str, fold: int, expected: bool
) -> None:
    assert is_open(every_day(zone, text), there(zone, at, fold)) is expected


@pytest.mark.parametrize(
    ("windows", "at", "expected"),
    [
        (OFFICE, "2026-11-23T07:00:00", "2026-11-23T08:00:00"),
        (OFFICE, "2026-11-23T08:00:00", "2026-11-23T12:00:00"),
        (OFFICE, "2026-11-23T17:00:00", "2026-11-30T08:00:00"),
        (NIGHT, "2026-11-27T23:00:00", "2026-11-28T02:00:00"),
        (hours("UTC", mon="08:00-12:00 12:00-17:00"), "2026-11-23T09:00", "2026-11-23T17:00"),
        (hours("UTC", mon="08:00-12:00 10:00-17:00"), "2026-11-23T09:00", "2026-11-23T17:00"),
        (
            hours("UTC", mon="20:00-00:00", tue="00:00-04:00"),
            "2026-11-23T21:00",
            "2026-11-24T04:00",
        ),
        (
            hours("UTC", mon="00:00-00:00", tue="00:00-00:00"),
            "2026-11-23T21:00",
            "2026-11-25T00:00",
        ),
        (
            TradingWindows(blackouts=(date(2026, 12, 24), date(2026, 12, 25))),
            "2026-11-23T09:00",
            "2026-12-24T00:00",
        ),
        (
            TradingWindows(blackouts=(date(2026, 12, 24), date(2026, 12, 25))),
            "2026-12-24T09:00",
            "2026-12-26T00:00",
        ),
        # the year's end, and a leap day
        (hours("UTC", fri="00:00-01:00"), "2026-12-31T12:00", "2027-01-01T00:00"),
        (hours("UTC", tue="10:00-11:00"), "2028-02-28T12:00", "2028-02-29T10:00"),
        (hours("UTC", tue="22:00-02:00"), "2028-02-29T23:00", "2028-03-01T02:00"),
        (TradingWindows(blackouts=(date(2028, 2, 29),)), "2028-02-29T01:00", "2028-03-01T00:00"),
        # an opening that the clocks skip is where they land
        (every_day(STOCKHOLM, "02:30-04:00"), "2026-03-29T01:00", "2026-03-29T03:00"),
        (every_day(STOCKHOLM, "01:00-02:30"), "2026-03-29T01:30", "2026-03-29T03:00"),
        (every_day(LORD_HOWE, "02:15-03:00"), "2026-10-04T01:00", "2026-10-04T02:30"),
    ],
)
def test_the_next_change_is_named(windows: TradingWindows, at: str, expected: str) -> None:
    zone = windows.zone
    assert next_change(windows, there(zone, at)) == there(zone, expected)


def test_a_repeated_hour_closes_and_opens_again() -> None:
    windows = every_day(STOCKHOLM, "01:00-02:30")
    first = next_change(windows, there(STOCKHOLM, "2026-10-25T01:30"))
    assert first == there(STOCKHOLM, "2026-10-25T02:30", fold=0)
    second = next_change(windows, first)
    assert second == there(STOCKHOLM, "2026-10-25T02:00", fold=1)
    assert next_change(windows, second) == there(STOCKHOLM, "2026-10-25T02:30", fold=1)


@pytest.mark.parametrize(
    "windows",
    [
        TradingWindows(),
        every_day("UTC", "00:00-00:00"),
        every_day(STOCKHOLM, "12:00-12:00"),
        hours(STOCKHOLM, *(date(2026, 1, 1) + timedelta(days=n) for n in range(1000))),
    ],
)
def test_where_nothing_changes_within_a_year_there_is_no_next_change(
    windows: TradingWindows,
) -> None:
    assert next_change(windows, datetime(2026, 11, 23, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("zone", "day", "begins", "lasts"),
    [
        (STOCKHOLM, date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        (STOCKHOLM, date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
        (NEW_YORK, date(2026, 3, 8), datetime(2026, 3, 8, 5, tzinfo=UTC), 23),
        (NEW_YORK, date(2026, 11, 1), datetime(2026, 11, 1, 4, tzinfo=UTC), 25),
        (LORD_HOWE, date(2026, 10, 4), datetime(2026, 10, 3, 13, 30, tzinfo=UTC), 23.5),
        (LORD_HOWE, date(2026, 4, 5), datetime(2026, 4, 4, 13, tzinfo=UTC), 24.5),
        ("UTC", date(2028, 2, 29), datetime(2028, 2, 29, tzinfo=UTC), 24),
        # midnight itself is skipped
        ("Africa/Cairo", date(2026, 4, 24), datetime(2026, 4, 23, 22, tzinfo=UTC), 23),
        ("America/Havana", date(2026, 3, 8), datetime(2026, 3, 8, 5, tzinfo=UTC), 23),
        # and here it comes twice
        ("America/Havana", date(2026, 11, 1), datetime(2026, 11, 1, 4, tzinfo=UTC), 25),
    ],
)
def test_a_trading_day_begins_and_ends_with_the_local_date(
    zone: str, day: date, begins: datetime, lasts: float
) -> None:
    start, end = day_start(zone, day), day_start(zone, day + timedelta(days=1))
    assert start == begins
    assert end - start == timedelta(hours=lasts)
    assert trading_day(zone, start) == day
    assert trading_day(zone, start - timedelta(seconds=1)) == day - timedelta(days=1)
    assert trading_day(zone, end - timedelta(seconds=1)) == day
