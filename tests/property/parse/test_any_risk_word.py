"""Whatever is said of risk is understood or refused with an example; nothing else happens."""

from collections.abc import Callable
from datetime import UTC, datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.telegram import parse
from bot.telegram.parse import MissingWord, WindowsVerb, WrongWord
from bot.telegram.week import edited
from engine.model.errors import InvalidInput
from engine.model.windows import TradingWindows

NOW = datetime(2026, 11, 22, 13, 30, tzinfo=UTC)
KNOWN = st.sampled_from(
    [
        "max",
        "trades",
        "10",
        "off",
        "settings",
        "cooldown",
        "15m",
        "daily",
        "loss",
        "5%",
        "symbols",
        "tBTCUSD,tETHUSD",
        "guards",
        "on",
        "mon",
        "tue-fri",
        "weekdays",
        "closed",
        "open",
        "add",
        "drop",
        "copy",
        "zone",
        "Europe/Stockholm",
        "blackout",
        "2026-12-24",
        "08:00-17:00",
        "22:00-02:00",
        "8-17",
        "08",
        "24:00",
        "for",
        "2h",
        "until",
        "18:00",
        "news",
        "stop",
        "29000",
        "atr",
        "2",
        "entry",
        "1%",
        "tBTCUSD",
        "0",
        "-1",
        "1e9",
        "nan",
        "١٢",
        "мах",
        "08:00\N{EN DASH}17:00",
        "/buy",
        "\u202e",
        "\u200bmon",
        "25:99",
        "24:00-24:00",
    ]
)
LINES = st.lists(KNOWN | st.text(max_size=12), max_size=8).map(lambda said: " ".join(said).split())
Refusal = WrongWord | MissingWord
SETS = {
    WindowsVerb.SET,
    WindowsVerb.ADD,
    WindowsVerb.DROP,
    WindowsVerb.COPY,
    WindowsVerb.OFF,
}


def refusal(read: Callable[[list[str]], object], words: list[str]) -> Refusal | None:
    """What is wrong with the words; None where they are understood."""
    try:
        read(words)
    except (WrongWord, MissingWord) as refused:
        return refused
    return None


@given(LINES)
@example(["a" * 10_000])
@example(["mon", *["08:00-17:00"] * 3000])
@example(["max"] * 5000)
@settings(max_examples=300, deadline=None)
def test_every_line_is_understood_or_taught(words: list[str]) -> None:
    for read in (
        parse.limits,
        parse.windows,
        parse.size,
        lambda said: parse.lock(said, NOW),
    ):
        refused = refusal(read, words)
        if refused is not None:
            assert refused.examples
            assert [refusal(read, each.split()[1:]) for each in refused.examples[:1]] == [None]


@given(st.lists(LINES, max_size=6))
@settings(max_examples=200, deadline=None)
def test_no_change_but_one_opens_a_week_that_had_hours(lines: list[list[str]]) -> None:
    windows = TradingWindows()
    for words in lines:
        try:
            wish = parse.windows(words)
            if wish.verb not in SETS:
                continue
            after = edited(windows, wish)
        except (WrongWord, MissingWord, InvalidInput):
            continue
        assert not any(windows.days) or any(after.days) or wish.verb is WindowsVerb.OFF
        windows = after
