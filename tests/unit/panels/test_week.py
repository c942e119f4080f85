"""Hours as people change them, and the week as they read it."""

from dataclasses import replace
from datetime import date, time

import pytest

from bot.telegram import parse
from bot.telegram.commands.window_buttons import day_rows, hour_rows, week_rows, zone_rows
from bot.telegram.drafts import WindowsDraft, WindowsDrafts
from bot.telegram.memory import MemoryShelf
from bot.telegram.render import windows as render
from bot.telegram.week import edited, tidied
from engine.model.actor import Actor, Role
from engine.model.errors import InvalidInput
from engine.model.risk_result import WindowsPreview
from engine.model.windows import TradingWindows, Weekday, Window
from tests.unit.panels.made import NIGHT, NOW, OFFICE

OLIVIA = Actor(actor_id="tg:1", name="Olivia", role=Role.ADMIN)
ALWAYS = TradingWindows()
WORKWEEK = TradingWindows(days=(OFFICE,) * 5 + ((),) * 2)
WHOLE = (Window(time(0), time(0)),)


def change(windows: TradingWindows, words: str) -> TradingWindows:
    return edited(windows, parse.windows(words.split()))


def test_the_first_hours_close_the_other_days() -> None:
    assert change(ALWAYS, "mon 08:00-17:00").days == (OFFICE, *((),) * 6)


def test_closing_a_day_of_an_open_week_leaves_the_others_open() -> None:
    assert change(ALWAYS, "sun closed").days == (*(WHOLE,) * 6, ())


def test_a_week_is_never_opened_by_closing_it() -> None:
    with pytest.raises(InvalidInput, match="/pause"):
        change(WORKWEEK, "daily closed")
    monday = change(ALWAYS, "mon 08:00-17:00")
    with pytest.raises(InvalidInput, match="always open"):
        change(monday, "mon drop 08:00-17:00")
    with pytest.raises(InvalidInput, match="always open"):
        change(monday, "tue copy daily")
    assert change(WORKWEEK, "off").days == ((),) * 7


def test_a_button_pressed_twice_changes_once() -> None:
    once = change(WORKWEEK, "mon add 22:00 02:00")
    assert once.days[0] == (*OFFICE, *NIGHT)
    assert change(once, "mon add 22:00 02:00") == once
    gone = change(once, "mon drop 22:00-02:00")
    assert gone == WORKWEEK
    assert change(gone, "mon drop 22:00-02:00") == WORKWEEK


def test_hours_that_overlap_become_one() -> None:
    assert tidied((Window(time(12), time(18)), Window(time(8), time(12)))) == (
        Window(time(8), time(18)),
    )
    assert tidied((*NIGHT, Window(time(23), time(0)))) == NIGHT
    everything = (Window(time(0), time(0)), *NIGHT)
    assert tidied(everything) == everything


def test_zone_and_blackouts() -> None:
    moved = change(WORKWEEK, "zone stockholm")
    assert moved.zone == "Europe/Stockholm"
    dark = change(moved, "blackout 2026-12-25 2026-12-24")
    assert dark.blackouts == (date(2026, 12, 24), date(2026, 12, 25))
    assert change(dark, "blackout 2026-12-24 off").blackouts == (date(2026, 12, 25),)
    assert change(WORKWEEK, "mon copy daily").days == (OFFICE,) * 7


async def test_a_draft_is_somebodys_until_it_is_in_force() -> None:
    shelf = MemoryShelf()
    fresh = WindowsDraft(base=ALWAYS, windows=replace(WORKWEEK, blackouts=(date(2026, 12, 24),)))
    await WindowsDrafts(shelf).put(OLIVIA, fresh)
    again = WindowsDrafts(shelf)
    assert await again.of(OLIVIA, ALWAYS) == fresh
    assert await again.of(replace(OLIVIA, actor_id="tg:2"), ALWAYS) is None
    assert await again.of(OLIVIA, fresh.windows) is None
    assert await again.of(OLIVIA, ALWAYS) is None


def test_the_week_is_read_at_a_glance() -> None:
    long = replace(WORKWEEK, days=((*OFFICE, *NIGHT), *WORKWEEK.days[1:]), zone="Europe/Stockholm")
    seen = WindowsPreview(before=WORKWEEK, after=long, open=True, until=NOW)
    said = render.week(seen, NOW, draft=True, stale=True)
    assert "Europe/Stockholm" in said
    assert "not saved" in said
    assert "Changed meanwhile" in said
    assert "22:00-02:00+1" in said
    assert "Sun  closed" in said
    assert max(len(row) for row in said.split("<pre>")[1].split("</pre>")[0].splitlines()) <= 29


def test_a_card_groups_days_that_change_alike() -> None:
    seen = WindowsPreview(before=ALWAYS, after=WORKWEEK, open=True, until=None)
    said = render.card(seen, NOW)
    assert "Mon-Fri  all day\n  →      08:00-17:00" in said
    assert "Sat-Sun  all day\n  →      closed" in said


def test_every_button_fits_and_is_understood() -> None:
    crowded = change(WORKWEEK, "mon 00:15-01:15 02:15-03:15 22:15-02:45")
    steps = [(), ("08",), ("08:15",), ("08:15", "17")]
    rows = [
        *week_rows(acts=True, draft=True, stale=False),
        *week_rows(acts=True, draft=True, stale=True),
        *day_rows(crowded, Weekday.MON, acts=True),
        *zone_rows(crowded, acts=True),
        *(row for step in steps for row in hour_rows(Weekday.MON, step)),
    ]
    for button in (button for row in rows for button in row):
        assert len(button.data.encode()) <= 64
        command, words = button.data.split(":")[1:]
        if command == "windows":
            parse.windows(words.replace("/", ":").split())
    assert len(day_rows(crowded, Weekday.MON, acts=False)) == 1
