"""The buttons by which trading windows are changed; each says a whole command."""

from bot.telegram.grammar.hours import EVERY_DAY, spell_window
from bot.telegram.onward import HOME
from bot.telegram.presses import panel
from bot.telegram.render.windows import hours, name
from bot.telegram.screen import Button
from engine.model.windows import TradingWindows, Weekday

Rows = tuple[tuple[Button, ...], ...]

HOURS_IN_A_ROW = 6
ZONES = (
    ("UTC", "UTC"),
    ("Stockholm", "Europe/Stockholm"),
    ("London", "Europe/London"),
    ("New York", "America/New_York"),
    ("Chicago", "America/Chicago"),
    ("Singapore", "Asia/Singapore"),
    ("Hong Kong", "Asia/Hong_Kong"),
    ("Tokyo", "Asia/Tokyo"),
    ("Sydney", "Australia/Sydney"),
)
MOST_DATES = 6
BACK = Button("Back to the week", panel("windows"))


def week_rows(*, acts: bool, draft: bool, stale: bool) -> Rows:
    """Under the week: its days and what is done with the whole of it."""
    last = (HOME, Button("Refresh", panel("windows")))
    if not acts:
        return (last,)
    days = [Button(name(day), _said(name(day).lower())) for day in EVERY_DAY]
    presets = (
        Button("Weekdays 8-17", _said("weekdays 0800-1700")),
        Button("Always open", _said("off")),
    )
    other = (Button("Time zone", _said("zone")), Button("Blackouts", _said("blackout")))
    return (tuple(days[:4]), tuple(days[4:]), presets, other, *_ends(draft, stale), last)


def day_rows(windows: TradingWindows, about: Weekday, *, acts: bool) -> Rows:
    """Under a day: its hours, presets, and where else they may go."""
    if not acts:
        return ((BACK,),)
    day = name(about).lower()
    drops = [
        (Button(f"Remove {hours(each)}", _said(f"{day} drop {spell_window(each)}")),)
        for each in windows.days[about]
    ]
    presets = (
        Button("8-17", _said(f"{day} 08:00-17:00")),
        Button("Whole day", _said(f"{day} open")),
        Button("Closed", _said(f"{day} closed")),
    )
    copies = (
        Button("Copy to weekdays", _said(f"{day} copy weekdays")),
        Button("Copy to all days", _said(f"{day} copy daily")),
    )
    copied = (copies,) if windows.days[about] else ()
    return (*drops, (Button("Add hours", _said(f"{day} add")),), presets, *copied, (BACK,))


def hour_rows(about: Weekday, picked: tuple[str, ...]) -> Rows:
    """Hours, then quarters, first of the opening, then of the closing."""
    day = name(about).lower()
    back = (Button("Back", _said(day)),)
    if not picked or (len(picked) == 1 and ":" in picked[0]):
        words = f"{day} add {picked[0]} " if picked else f"{day} add "
        hours_ = [f"{hour:02}" for hour in range(24)]
        rows = [
            tuple(Button(each, _said(f"{words}{each}")) for each in hours_[at : at + 6])
            for at in range(0, 24, HOURS_IN_A_ROW)
        ]
        midnight = ((Button("24:00", _said(f"{words}24:00")),),) if picked else ()
        return (*rows, *midnight, back)
    words = f"{day} add {picked[0]} " if len(picked) == 2 else f"{day} add "
    hour = picked[-1].partition(":")[0]
    quarters = tuple(
        Button(f"{hour}:{minute}", _said(f"{words}{hour}:{minute}"))
        for minute in ("00", "15", "30", "45")
        if f"{hour}:{minute}" != (picked[0] if len(picked) == 2 else "")
    )
    return (quarters, back)


def zone_rows(windows: TradingWindows, *, acts: bool) -> Rows:
    """Zones that are asked for most."""
    if not acts:
        return ((BACK,),)
    buttons = [
        Button(label, _said(f"zone {zone}")) for label, zone in ZONES if zone != windows.zone
    ]
    rows = [tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3)]
    return (*rows, (BACK,))


def blackout_rows(windows: TradingWindows, *, acts: bool) -> Rows:
    """A way to take each date away again."""
    if not acts:
        return ((BACK,),)
    drops = [
        Button(f"Remove {each:%d %b %Y}", _said(f"blackout {each.isoformat()} off"))
        for each in windows.blackouts[:MOST_DATES]
    ]
    rows = [tuple(drops[at : at + 2]) for at in range(0, len(drops), 2)]
    return (*rows, (BACK,))


def _ends(draft: bool, stale: bool) -> Rows:
    if not draft:
        return ()
    discard = Button("Discard", _said("discard"))
    if stale:
        return ((Button("Keep mine", _said("mine")), discard),)
    return ((Button("Save", _said("save")), discard),)


def _said(words: str) -> str:
    return panel("windows", words)
