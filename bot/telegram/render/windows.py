"""Trading windows: the week, a day, what is still a draft, and the change before it is made."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from bot.telegram.grammar.hours import EVERY_DAY, WHOLE_DAY, spell_close
from bot.telegram.render.moments import on_day, there
from bot.telegram.render.table import Row, table
from bot.telegram.render.text import bold, code, esc, lines
from bot.telegram.week import is_always_open
from engine.model.risk_result import WindowsPreview
from engine.model.windows import TradingWindows, Weekday, Window

WIDE = 23
MOST_DATES = 8
CHANGED = "Somebody has saved other windows meanwhile."
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FULL = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def name(day: Weekday) -> str:
    """`Mon`."""
    return _NAMES[day]


def hours(window: Window) -> str:
    """`08:00-17:00`; `22:00-02:00 +1` where it ends on the next day."""
    if window == WHOLE_DAY:
        return "all day"
    closes = spell_close(window)
    over = " +1" if window.closes <= window.opens and closes != "24:00" else ""
    return f"{window.opens:%H:%M}-{closes}{over}"


def week(seen: WindowsPreview, now: datetime, *, draft: bool, stale: bool) -> str:
    """The whole week, by its own clock; `draft` when it is not saved, `stale` when others were."""
    windows = seen.after
    head = f"{bold('Trading windows')}, {esc(windows.zone)}"
    state = [bold("Draft, not saved yet")] if draft else []
    if stale:
        state.append(f"{bold('Changed meanwhile')}: {CHANGED}")
    return lines(
        [head, *state, standing(seen, now), "", *_days(windows), *_blackouts(windows.blackouts)]
    )


def standing(seen: WindowsPreview, now: datetime) -> str:
    """Whether it is open, and until when."""
    word = "Open" if seen.open else "Closed"
    if seen.until is None:
        return f"{bold(word)} at all times" if seen.open else f"{bold(word)}, for a year at least"
    then = "until" if seen.open else "opens"
    return f"{bold(word)} now, {then} {esc(there(seen.until, now, seen.after.zone))}"


def day(windows: TradingWindows, about: Weekday) -> str:
    """One day's hours, and what can be said."""
    found = windows.days[about]
    if is_always_open(windows):
        said = "No day has hours: it is always open. Once one has some, the others are closed."
    elif not found:
        said = "Closed."
    else:
        said = "\n".join(f"• {bold(hours(each))}" for each in found)
    example = code(f"/windows {_NAMES[about].lower()} 08:00-17:00, 22:00-02:00")
    over = ["<i>+1 ends on the next day</i>"] if any("+1" in hours(e) for e in found) else []
    return lines(
        [
            f"{bold(_FULL[about])}, {esc(windows.zone)}",
            said,
            *over,
            "",
            "Choose, or say it:",
            example,
        ]
    )


def picking(about: Weekday, picked: Sequence[str]) -> str:
    """A window that is being put together."""
    opens = picked[0] if picked else ""
    if len(picked) == 2:
        asked = f"opens {opens}, closes {picked[1]}:?"
    elif ":" in opens:
        asked = f"opens {opens}. It closes at?"
    else:
        asked = f"opens {opens}:?" if opens else "opens at?"
    note = "<i>An hour before it opens is the next day's.</i>" if ":" in opens else ""
    return lines([f"{bold(_FULL[about])}: {esc(asked)}", *([note] if note else [])])


def zones(windows: TradingWindows) -> str:
    """Which clock the hours are of."""
    return lines(
        [
            f"{bold('Time zone')}: {esc(windows.zone)}",
            "Trading days and windows go by its clock, summer time included.",
            "",
            "Choose, or say it:",
            code("/windows zone Europe/Stockholm"),
        ]
    )


def blackouts(windows: TradingWindows) -> str:
    """Dates on which nothing opens."""
    listed = [f"• {esc(on_day(each))}" for each in windows.blackouts[:MOST_DATES]]
    return lines(
        [
            bold("Blackout dates"),
            *(listed or ["None."]),
            *_more(windows.blackouts),
            "",
            "No window opens on them. Say it:",
            code("/windows blackout 2026-12-24"),
            code("/windows blackout 2026-12-24 off"),
        ]
    )


def card(seen: WindowsPreview, now: datetime) -> str:
    """What changes, day by day, and when it opens then."""
    before, after = seen.before, seen.after
    rows = _steps(before, after)
    zone = [f"Zone: {esc(before.zone)} → {bold(after.zone)}"] if before.zone != after.zone else []
    return lines(
        [
            bold("Change the trading windows?"),
            *([table(rows)] if rows else []),
            *zone,
            *_dates("Blackout", set(after.blackouts) - set(before.blackouts)),
            *_dates("No blackout any more", set(before.blackouts) - set(after.blackouts)),
            f"Then: {standing(seen, now)}",
        ]
    )


def _steps(before: TradingWindows, after: TradingWindows) -> Sequence[Row]:
    """Before and after, days in a row that change alike together."""
    found = [(each, _said(before, each), _said(after, each)) for each in EVERY_DAY]
    rows: list[Row] = []
    for (was, will), group in groupby(found, key=lambda step: step[1:]):
        if was != will:
            days = [step[0] for step in group]
            rows += _aligned(_run(days), was)
            rows += _aligned("  →", will)
    return rows


def _run(days: Sequence[Weekday]) -> str:
    first, last = _NAMES[days[0]], _NAMES[days[-1]]
    return first if len(days) == 1 else f"{first}-{last}"


def _aligned(name: str, parts: Sequence[str]) -> Sequence[Row]:
    return [(name if not at else "", part) for at, part in enumerate(parts)]


def _said(windows: TradingWindows, about: Weekday) -> tuple[str, ...]:
    """A day's hours, in lines no wider than a phone's."""
    if is_always_open(windows):
        return ("all day",)
    parts: list[str] = []
    for each in windows.days[about]:
        word = _narrow(each)
        if parts and len(parts[-1]) + 1 + len(word) <= WIDE:
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    return tuple(parts) or ("closed",)


def _narrow(window: Window) -> str:
    """As `hours`, for a column as wide as a phone."""
    return hours(window).replace(" +1", "+1")


def _days(windows: TradingWindows) -> Sequence[str]:
    if is_always_open(windows):
        return ["No hours are set."]
    rows: list[Row] = []
    for each in EVERY_DAY:
        rows += _aligned(_NAMES[each], _said(windows, each))
    over = any("+1" in value for _, value in rows)
    return [table(rows), *(["<i>+1 ends on the next day</i>"] if over else [])]


def _blackouts(dates: Sequence[date]) -> Sequence[str]:
    if not dates:
        return []
    shown = ", ".join(f"{each:%d %b %Y}" for each in dates[:3])
    more = f" and {len(dates) - 3} more" if len(dates) > 3 else ""
    return [f"Blackouts: {esc(shown)}{more}"]


def _dates(label: str, dates: set[date]) -> Sequence[str]:
    if not dates:
        return []
    return [f"{label}: {esc(', '.join(on_day(each) for each in sorted(dates)[:MOST_DATES]))}"]


def _more(dates: Sequence[date]) -> Sequence[str]:
    return [f"and {len(dates) - MOST_DATES} more"] if len(dates) > MOST_DATES else []
