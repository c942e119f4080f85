"""Until when: `18:00`, `2026-11-30T18:00`, `30m`, `2h`, `1d`; every time is UTC."""

import re
from datetime import UTC, datetime, timedelta

from bot.telegram.grammar.letters import plain_word
from bot.telegram.grammar.refusal import Flaw

SAMPLE = "1h"
FARTHEST = timedelta(days=365)

_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?", re.IGNORECASE)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SPAN = re.compile(r"([0-9]{1,5})([mhd])", re.IGNORECASE)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def moment(word: str, following: str, now: datetime) -> datetime:
    """The moment `word` means, later than `now` and within a year; `following` is the next word."""
    plain_word(word, SAMPLE)
    if span := _SPAN.fullmatch(word):
        return _after(int(span.group(1)), span.group(2).lower(), now)
    if clock := _CLOCK.fullmatch(word):
        return _next(int(clock.group(1)), int(clock.group(2)), now)
    if _DATED.fullmatch(word):
        return _dated(word, now)
    if _DAY.fullmatch(word):
        clock_follows = _CLOCK.fullmatch(following)
        time = following if clock_follows else "18:00"
        says = f"is a day without its time. Write {word}T{time} as one word."
        raise Flaw(says, f"{word}T{time}", SAMPLE)
    raise Flaw("is not a time. Write 30m, 2h, 1d, 18:00 or 2026-11-30T18:00, in UTC.", SAMPLE)


def spell_moment(at: datetime) -> str:
    """The shortest word that means `at` on any day."""
    return f"{at:%Y-%m-%dT%H:%M:%S}" if at.second else f"{at:%Y-%m-%dT%H:%M}"


def _after(count: int, unit: str, now: datetime) -> datetime:
    if not count:
        raise Flaw("is no time at all.", f"30{unit}")
    return _bounded(now + timedelta(**{_UNITS[unit]: count}), now)


def _next(hour: int, minute: int, now: datetime) -> datetime:
    if hour > 23 or minute > 59:
        raise Flaw("is not a time of day.", "18:00")
    today = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


def _dated(word: str, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(word.upper()).replace(tzinfo=UTC)
    except ValueError:
        raise Flaw("is not in the calendar.", SAMPLE) from None
    if at <= now:
        raise Flaw("is in the past.", SAMPLE)
    return _bounded(at, now)


def _bounded(at: datetime, now: datetime) -> datetime:
    if at - now > FARTHEST:
        raise Flaw("is more than a year away.", "30d")
    return at.replace(microsecond=0)
