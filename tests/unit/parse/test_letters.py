"""Characters that deceive are named, with their place and what they resemble."""

# Look-alikes are meant here.
# ruff: noqa: RUF001

import pytest

from tests.unit.parse.lines import draft, refused


@pytest.mark.parametrize(
    ("line", "says", "example"),
    [
        (
            "/buy tВТСUSD 0.01",
            "“tВТСUSD” has Cyrillic В, Т and С at places 2, 3 and 4, not plain B, T and C.",
            "/buy tBTCUSD 0.01",
        ),
        (
            "/buy tBTСUSD 0.01",
            "“tBTСUSD” has Cyrillic С at place 4, not plain C.",
            "/buy tBTCUSD 0.01",
        ),
        ("/buy tΒTCUSD 0.01", "Greek Β at place 2, not plain B.", "/buy tBTCUSD 0.01"),
        ("/buy tＢTCUSD 0.01", "Fullwidth Ｂ at place 2, not plain B.", "/buy tBTCUSD 0.01"),
        ("/buy t𝐁TCUSD 0.01", "at place 2, not plain B.", "/buy tBTCUSD 0.01"),
        ("/buy tÉTHUSD 0.01", "has É at place 2, not plain E.", "/buy tETHUSD 0.01"),
        ("/buy ₿TCUSD 0.01", "has ₿ (bitcoin sign, U+20BF) at place 1", "/buy tBTCUSD 0.01"),
        ("/buy t币USD 0.01", "U+5E01) at place 2", "/buy tBTCUSD 0.01"),
        (
            "/buy tBTCUSD 0.01 lіmit 30000",
            "“lіmit” has Cyrillic і at place 2, not plain i.",
            "/buy tBTCUSD 0.01 limit 30000",
        ),
        ("/buy tBTCUSD ０.０１", "Fullwidth ０, ０ and １ at places 1, 3", "/buy tBTCUSD 0.01"),
        ("/buy tBTCUSD 0.01втс", "Cyrillic в, т and с", "/buy tBTCUSD 0.01btc"),
        ("/buy tBTCUSD 0.01 🚀", "has 🚀 (rocket, U+1F680) at place 1", "/buy tBTCUSD 0.01"),
        (
            "/buy tBT\N{ZERO WIDTH SPACE}CUSD 0.01",
            "an invisible character at place 4 (zero width space, U+200B).",
            "/buy tBTCUSD 0.01",
        ),
        (
            "/buy tBTCUSD 1\N{RIGHT-TO-LEFT OVERRIDE}0",
            "an invisible character at place 2 (right-to-left override, U+202E).",
            "/buy tBTCUSD 10",
        ),
        ("/buy tBTCUSD 1\x00", "an invisible character at place 2 (U+0000).", "/buy tBTCUSD 1"),
        ("/buy tBTCUSD \ud800", "an invisible character at place 1 (U+D800).", "/buy tBTCUSD 0.01"),
        ("/cancel tВTCUSD", "Cyrillic В at place 2, not plain B.", "/cancel tBTCUSD"),
        ("/cancel １２３", "Fullwidth １, ２ and ３", "/cancel 123"),
        ("/close tВTCUSD half", "Cyrillic В at place 2", "/close tBTCUSD half"),
        ("/close tBTCUSD ５0%", "Fullwidth ５ at place 1", "/close tBTCUSD 50%"),
        ("/price tВTCUSD", "Cyrillic В at place 2", "/price tBTCUSD"),
    ],
)
def test_a_character_that_deceives(line: str, says: str, example: str) -> None:
    refusal = refused(line)
    assert says in refusal.sentence
    assert refusal.examples == (example,)


def test_only_the_first_four_of_many_are_named() -> None:
    assert "places 1, 2, 3 and 4, not plain" in refused("/buy ААААААААА 0.01").sentence


@pytest.mark.parametrize("space", ["\n", "\t", "\N{NO-BREAK SPACE}", "\u202f", "\u3000", "\r\n"])
def test_any_white_space_parts_words(space: str) -> None:
    line = space.join(["/buy", "tBTCUSD", "0.01", "limit", "30000"])
    assert draft(line) == draft("/buy tBTCUSD 0.01 limit 30000")
