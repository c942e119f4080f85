"""Any week, any zone: the next change is the first minute at which the answer differs."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.windows import TradingWindows, Window
from engine.model.windows_json import as_json, of_json
from engine.risk.windows import day_start, is_open, next_change, trading_day

ZONES = ("UTC", "Europe/Stockholm", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo")
CHANGES = (
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2026, 3, 8),
    date(2026, 11, 1),
    date(2026, 4, 5),
    date(2026, 10, 4),
    date(2026, 4, 24),
    date(2026, 10, 30),
    date(2026, 12, 31),
    date(2028, 2, 29),
)
MINUTE = timedelta(minutes=1)

clocks = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 29, 30, 59)))
window = st.builds(Window, clocks, clocks)
days = st.lists(window, max_size=2).map(tuple)
near_changes = st.builds(
    lambda day, ahead: datetime.combine(day, time(0), UTC) + timedelta(minutes=ahead),
    st.sampled_from(CHANGES),
    st.integers(-2 * 1440, 2 * 1440),
)
windows = st.builds(
    TradingWindows,
    zone=st.sampled_from(ZONES),
    days=st.tuples(days, days, days, days, days, days, days),
    blackouts=st.lists(st.sampled_from(CHANGES), max_size=3, unique=True).map(
        lambda each: tuple(sorted(each))
    ),
)


def by_the_clock_on_the_wall(week: TradingWindows, at: datetime) -> bool:
    """The same said another way: what the local clock shows, against minutes of the week."""
    local = at.astimezone(ZoneInfo(week.zone))
    shown = local.hour * 60 + local.minute
    for back in (0, 1):
        day = local.date() - timedelta(days=back)
        opening = week.days[day.weekday()] if any(week.days) else (Window(time(0), time(0)),)
        for each in () if day in week.blackouts else opening:
            opens = each.opens.hour * 60 + each.opens.minute
            closes = each.closes.hour * 60 + each.closes.minute
            closes += 1440 if closes <= opens else 0
            if opens <= shown + 1440 * back < closes:
                return True
    return False


@given(windows, near_changes)
@settings(max_examples=300, deadline=None)
def test_open_is_what_the_wall_clock_says(week: TradingWindows, at: datetime) -> None:
    assert is_open(week, at) is by_the_clock_on_the_wall(week, at)


@given(windows, near_changes)
@settings(max_examples=60, deadline=None)
def test_the_next_change_is_the_first(week: TradingWindows, at: datetime) -> None:
    found, now_open = next_change(week, at), is_open(week, at)
    looked_until = at + timedelta(days=2)
    end = looked_until if found is None else min(found, looked_until)
    minute = at
    while minute < end:
        assert is_open(week, minute) is now_open
        minute += MINUTE
    if found is not None:
        assert found > at
        assert is_open(week, found) is not now_open
        assert is_open(week, found - timedelta(seconds=1)) is now_open


@given(st.sampled_from(ZONES), near_changes)
@settings(deadline=None)
def test_every_moment_lies_in_its_trading_day(zone: str, at: datetime) -> None:
    day = trading_day(zone, at)
    assert day_start(zone, day) <= at < day_start(zone, day + timedelta(days=1))


@given(windows, st.one_of(st.none(), st.booleans()))
@settings(deadline=None)
def test_words_and_windows_say_the_same(week: TradingWindows, paused: bool | None) -> None:
    read = of_json(as_json(week, paused))
    assert read.paused is paused
    assert as_json(read.windows, paused) == as_json(of_json(as_json(read.windows)).windows, paused)
    for hour in range(0, 24 * 8, 5):
        at = datetime(2026, 10, 23, tzinfo=UTC) + timedelta(hours=hour)
        assert is_open(read.windows, at) is is_open(week, at)
