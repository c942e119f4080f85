"""Until when an order stands: times of day, dates and spans, all in UTC."""

# Look-alikes are meant here.
# ruff: noqa: RUF001

from datetime import UTC, datetime

import pytest

from bot.telegram.parse import WrongWord
from tests.unit.parse.lines import NOW, draft, refused

LINE = "/buy tBTCUSD 1 limit 3 tif"


@pytest.mark.parametrize(
    ("word", "at"),
    [
        ("30m", datetime(2026, 11, 22, 14, 0, 15, tzinfo=UTC)),
        ("2h", datetime(2026, 11, 22, 15, 30, 15, tzinfo=UTC)),
        ("1D", datetime(2026, 11, 23, 13, 30, 15, tzinfo=UTC)),
        ("365d", datetime(2027, 11, 22, 13, 30, 15, tzinfo=UTC)),
        ("18:00", datetime(2026, 11, 22, 18, 0, tzinfo=UTC)),
        ("13:30", datetime(2026, 11, 23, 13, 30, tzinfo=UTC)),
        ("9:05", datetime(2026, 11, 23, 9, 5, tzinfo=UTC)),
        ("2026-11-30T18:00", datetime(2026, 11, 30, 18, 0, tzinfo=UTC)),
        ("2026-11-30t18:00:30", datetime(2026, 11, 30, 18, 0, 30, tzinfo=UTC)),
    ],
)
def test_what_a_time_means(word: str, at: datetime) -> None:
    assert draft(f"{LINE} {word}").good_until == at
    assert at > NOW


@pytest.mark.parametrize(
    ("word", "says", "examples"),
    [
        ("soon", "is not a time", ("1h",)),
        ("3", "is not a time", ("1h",)),
        ("1.5h", "is not a time", ("1h",)),
        ("gtc", "is not a time", ("1h",)),
        ("0m", "is no time at all", ("30m",)),
        ("366d", "more than a year", ("30d",)),
        ("99999d", "more than a year", ("30d",)),
        ("25:00", "is not a time of day", ("18:00",)),
        ("12:60", "is not a time of day", ("18:00",)),
        ("2026-11-22T13:30", "is in the past", ("1h",)),
        ("2026-02-30T18:00", "is not in the calendar", ("1h",)),
        ("2028-11-30T18:00", "more than a year", ("30d",)),
        ("2026-11-30", "Write 2026-11-30T18:00", ("2026-11-30T18:00", "1h")),
        ("１８:00", "fullwidth", ("18:00",)),
    ],
)
def test_a_time_that_is_none(word: str, says: str, examples: tuple[str, ...]) -> None:
    refusal = refused(f"{LINE} {word} post")
    assert isinstance(refusal, WrongWord)
    assert refusal.word == word
    assert says.lower() in refusal.sentence.lower()
    assert refusal.examples == tuple(f"{LINE} {one} post" for one in examples)


def test_a_day_and_its_time_are_one_word() -> None:
    refusal = refused(f"{LINE} 2026-11-30 17:15")
    assert "Write 2026-11-30T17:15 as one word" in refusal.sentence
    assert refusal.examples[0] == f"{LINE} 2026-11-30T17:15"
