"""The words of trading windows, strictly."""

import json
from datetime import date, time

import pytest

from engine.model.errors import InvalidInput
from engine.model.windows import TradingWindows, Window
from engine.model.windows_json import EXAMPLE, Schedule, as_json, of_json, of_text

GIVEN = {
    "timezone": "Europe/Stockholm",
    "windows": {"mon": [["08:00", "17:00"], ["22:00", "02:00"]], "sun": [["00:00", "24:00"]]},
    "blackouts": ["2026-12-24"],
    "paused": True,
}
MEANT = TradingWindows(
    zone="Europe/Stockholm",
    days=(
        (Window(time(8), time(17)), Window(time(22), time(2))),
        *((),) * 5,
        (Window(time(0), time(0)),),
    ),
    blackouts=(date(2026, 12, 24),),
)


def test_words_become_windows_and_words_again() -> None:
    assert of_json(GIVEN) == Schedule(MEANT, paused=True)
    assert as_json(MEANT, paused=True) == GIVEN
    assert of_text(json.dumps(GIVEN)) == of_json(GIVEN)
    assert of_text(EXAMPLE).paused is None


def test_what_is_left_out_is_the_zone_of_the_house_and_always() -> None:
    assert of_json({}, "Asia/Tokyo") == Schedule(TradingWindows(zone="Asia/Tokyo"))
    assert as_json(TradingWindows()) == {"timezone": "UTC", "windows": {}}


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ([], "no others"),
        ({"zone": "UTC"}, "no others"),
        ({"timezone": "Mars/Olympus"}, "no time zone"),
        ({"timezone": "../etc/passwd"}, "no time zone"),
        ({"timezone": ""}, "no time zone"),
        ({"timezone": 1}, "timezone is a name"),
        ({"windows": []}, "mon, tue"),
        ({"windows": {"Monday": []}}, "mon, tue"),
        ({"windows": {"mon": "08:00-17:00"}}, "a list of pairs"),
        ({"windows": {"mon": ["08:00", "17:00"]}}, "is a pair"),
        ({"windows": {"mon": [["08:00"]]}}, "is a pair"),
        ({"windows": {"mon": [["8:00", "17:00"]]}}, "HH:MM"),
        ({"windows": {"mon": [["24:00", "02:00"]]}}, "HH:MM"),
        ({"windows": {"mon": [["08:00", "24:01"]]}}, "HH:MM"),
        ({"windows": {"mon": [["08:00", None]]}}, "HH:MM"),
        ({"windows": {"mon": [[f"{n:02}:00", f"{n:02}:30"] for n in range(24)]
                      + [["00:30", "00:40"]]}}, "at most 24"),
        ({"paused": "yes"}, "true or false"),
        ({"blackouts": "2026-12-24"}, "a list of dates"),
        ({"blackouts": ["24.12.2026"]}, "no date"),
        ({"blackouts": ["2026-02-29"]}, "no date"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_what_would_be_right(given: object, word: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        of_json(given)
    assert word in caught.value.sentence
    assert EXAMPLE in caught.value.sentence


@pytest.mark.parametrize("text", ["", "weekdays", "{", "[" * 20_000, "x" * 20_001, "NaN"])
def test_a_text_that_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="For example"):
        of_text(text)
