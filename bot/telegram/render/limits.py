"""Limits: those in force, a group of them, one with its choices, and a change."""

from collections.abc import Sequence
from decimal import Decimal

from bot.telegram.render.moments import span
from bot.telegram.render.passed import passed
from bot.telegram.render.risk import OFF
from bot.telegram.render.table import Row, table
from bot.telegram.render.text import bold, code, esc, lines, number
from engine.model.limits import LIMITS, Limit, LimitGroup
from engine.model.risk import RiskLimits
from engine.model.risk_result import LimitPreview, RiskStatus

SET_BY_PEOPLE = "*"
MOST_NAMES = 12
NAMED = {"symbols", "currencies"}
_SECONDS = {"seconds": 1, "minutes": 60}
_NEED_ANOTHER = {
    "stop_streak_lookback_minutes": "stop_streak_trades",
    "stop_streak_lock_minutes": "stop_streak_trades",
    "low_profit_percent": "low_profit_trades",
    "low_profit_lookback_minutes": "low_profit_trades",
    "low_profit_lock_minutes": "low_profit_trades",
    "breaker_window_seconds": "breaker_events",
    "breaker_pause_minutes": "breaker_events",
}
"""Figures that mean nothing while another is off."""
_GOES_ON = ("within ", "after ", "for ")
"""How meanings begin that go on after their figure."""


def figure(limit: Limit, word: str) -> str:
    """A value in the words of settings as people read it: `15 min`, `5 %`, `off`."""
    match limit.unit:
        case "on or off":
            return word
        case unit if unit in NAMED:
            return _names(word) or ("none" if limit.unit == "currencies" else "off")
    value = Decimal(word)
    if not value and limit.least <= 0:
        return _zero(limit)
    if limit.unit in _SECONDS:
        return span(int(value) * _SECONDS[limit.unit])
    return f"{number(value)} %" if limit.unit.startswith("%") else number(value)


def _names(word: str) -> str:
    names = [name for name in word.split(",") if name]
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def _zero(limit: Limit) -> str:
    if limit.name in {"guard_cooldown_minutes", "breaker_pause_minutes"}:
        return "by admin"
    return "0 %" if limit.name == "low_profit_percent" else "off"


def word_in(limits: RiskLimits, name: str) -> str:
    """The limit's value in the words of settings."""
    value: object = getattr(limits, name)
    match value:
        case bool():
            return "on" if value else "off"
        case tuple():
            return ",".join(str(each) for each in value)
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)


def is_on(limits: RiskLimits, name: str) -> bool:
    """Whether the limit holds anything back, or says how another does."""
    other = _NEED_ANOTHER.get(name)
    if other is not None:
        return is_on(limits, other)
    return bool(getattr(limits, name))


def overview(seen: RiskStatus) -> str:
    """The limits in force, and how many there are besides."""
    limits = seen.limits
    names = [name for name in LIMITS if name != "enabled"]
    on = [name for name in names if is_on(limits, name)]
    listed = table([_row(seen, LIMITS[name]) for name in on]) if on else "None is set."
    off = [] if limits.enabled else [*OFF, ""]
    rest = f"{len(names) - len(on)} others are off." if len(names) > len(on) else ""
    head = [*off, bold("Limits in force"), listed]
    notes = ["", bold("Look at these"), *_notes(seen.contradictions)] if seen.contradictions else []
    return lines([*head, *_marks(seen, on), *_some(rest), *notes])


def group(seen: RiskStatus, about: LimitGroup) -> str:
    """Every limit of a group, off or on, with what it is."""
    off = [] if seen.limits.enabled else [*OFF, ""]
    members = [each for each in LIMITS.values() if each.group is about]
    names = [each.name for each in members]
    rows = table([_row(seen, each) for each in members])
    return lines([*off, bold(f"Limits: {about}"), rows, *_marks(seen, names), _folded(members)])


def choice(seen: LimitPreview, overridden: bool) -> str:
    """One limit, what it is now, and how to change it."""
    limit = LIMITS[seen.limit]
    own = f", by the settings {esc(figure(limit, seen.own))}" if overridden else ""
    mark = f" {SET_BY_PEOPLE}" if overridden else ""
    return lines(
        [
            bold(limit.title),
            esc(_sentence(limit)),
            "",
            f"Now: {bold(figure(limit, seen.before))}{mark}{own}",
            "",
            "Choose, reply to this message with a value, or say it:",
            code(f"/limits {limit.name} {_example(limit)}"),
        ]
    )


def card(seen: LimitPreview, status: RiskStatus) -> str:
    """A change before it is made, with how things stand."""
    limit = LIMITS[seen.limit]
    before, after = figure(limit, seen.before), figure(limit, seen.after)
    own = ["As the settings have it."] if seen.value is None else []
    return lines(
        [
            bold("Change this limit?"),
            f"{esc(limit.title)}: {esc(before)} → {bold(after)}",
            *own,
            "",
            f"<i>{esc(meaning(limit, seen.after))}</i>",
            *_notes([*seen.notes, *filter(None, [passed(seen, status)])]),
        ]
    )


def meaning(limit: Limit, word: str) -> str:
    """What the value comes to, in a sentence."""
    if limit.unit == "on or off":
        return (
            "Every limit and guard is asked before anything is opened."
            if word == "on"
            else "NOTHING is asked any more: no limit and no guard, until it is on again."
        )
    shown = figure(limit, word)
    if shown == "off":
        return f"Off: asked no longer ({limit.meaning})."
    of = limit.unit.removeprefix("%") if limit.unit.startswith("%") else ""
    if limit.meaning.startswith(_GOES_ON):
        said = f"{shown}{of}: {limit.meaning}."
    else:
        most = "at most " if limit.name.startswith("max_") else ""
        said = f"{limit.meaning}: {most}{shown}{of}."
    return f"{said[:1].upper()}{said[1:]}"


def _row(seen: RiskStatus, limit: Limit) -> Row:
    mark = SET_BY_PEOPLE if limit.name in seen.overridden else ""
    return limit.title, figure(limit, word_in(seen.limits, limit.name)) + mark


def _folded(members: Sequence[Limit]) -> str:
    """What each is, for whoever unfolds it."""
    rows = [f"{bold(each.title)}: {esc(_sentence(each))}" for each in members]
    return "<blockquote expandable>" + "\n".join([bold("What they mean"), *rows]) + "</blockquote>"


def _sentence(limit: Limit) -> str:
    unit = f", in {limit.unit}" if limit.unit in _SECONDS else ""
    of = f", in {limit.unit}" if limit.unit.startswith("%") else ""
    return f"{limit.meaning[:1].upper()}{limit.meaning[1:]}{unit}{of}."


def _marks(seen: RiskStatus, names: Sequence[str]) -> Sequence[str]:
    if not set(names) & set(seen.overridden):
        return []
    return [f"<i>{SET_BY_PEOPLE} set in the chat, over the settings</i>"]


def _notes(notes: Sequence[str]) -> Sequence[str]:
    return [f"• {esc(note)}" for note in notes]


def _some(text: str) -> Sequence[str]:
    return [f"<i>{text}</i>"] if text else []


def _example(limit: Limit) -> str:
    match limit.unit:
        case "on or off":
            return "on"
        case "symbols":
            return "tBTCUSD,tETHUSD"
        case "currencies":
            return "XAUT,LEO"
        case "seconds" | "minutes":
            return "15m"
        case _:
            return "10"
