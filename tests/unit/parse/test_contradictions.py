"""Options that do not go together: which word is named, and what would work."""

import pytest

from bot.telegram.parse import WrongWord
from tests.unit.parse.lines import draft, guarded, refused


@pytest.mark.parametrize(
    ("line", "wrong", "says", "example"),
    [
        ("/buy tBTCUSD 1 @3 oco 4 sl 2", "oco", "“sl”", "/buy tBTCUSD 1 @3 sl 2"),
        ("/buy tBTCUSD 1 @3 tp 4 oco 5", "oco", "“tp”", "/buy tBTCUSD 1 @3 tp 4"),
        (
            "/sell tBTCUSD 1 oco 29000",
            "oco",
            "needs a limit price",
            "/sell tBTCUSD 1 limit 30450 oco 29000",
        ),
        (
            "/buy tBTCUSD 1 oco 31000",
            "oco",
            "needs a limit price",
            "/buy tBTCUSD 1 limit 29450 oco 31000",
        ),
        ("/sell tBTCUSD 1 stop 9 oco 8", "oco", "only a limit order", "/sell tBTCUSD 1 stop 9"),
        ("/sell tBTCUSD 1 fok 9 oco 8", "oco", "only a limit order", "/sell tBTCUSD 1 fok 9"),
        (
            "/sell tBTCUSD 1 limit 100 oco 101",
            "101",
            "lies below its limit price 100",
            "/sell tBTCUSD 1 limit 100 oco 95",
        ),
        (
            "/buy tBTCUSD 1 oco 99 limit 100",
            "99",
            "lies above its limit price 100",
            "/buy tBTCUSD 1 oco 105 limit 100",
        ),
        (
            "/buy tBTCUSD 1 limit 100 oco 100",
            "100",
            "wrong side",
            "/buy tBTCUSD 1 limit 100 oco 105",
        ),
        ("/buy tBTCUSD 1 ioc 3 post", "post", "contradicts “ioc”", "/buy tBTCUSD 1 ioc 3"),
        ("/buy tBTCUSD 1 post fok 3", "post", "contradicts “fok”", "/buy tBTCUSD 1 fok 3"),
        (
            "/buy tBTCUSD 1 tif 1h",
            "tif",
            "needs a limit price",
            "/buy tBTCUSD 1 limit 30000 tif 1h",
        ),
        ("/buy tBTCUSD 1 market tif 1h", "tif", "“market”", "/buy tBTCUSD 1 market"),
        ("/buy tBTCUSD 1 ioc 3 tif 1h", "tif", "never waits", "/buy tBTCUSD 1 ioc 3"),
        ("/buy tBTCUSD 1 fallback close", "fallback", "needs sl or tp", "/buy tBTCUSD 1"),
        ("/buy tBTCUSD 1 sl 2 reduce", "reduce", "“sl”", "/buy tBTCUSD 1 sl 2"),
        ("/buy tBTCUSD 1 @100 sl 101", "101", "lies below its entry", "/buy tBTCUSD 1 @100 sl 95"),
        ("/buy tBTCUSD 1 @100 tp 99", "99", "lies above its entry", "/buy tBTCUSD 1 @100 tp 105"),
        (
            "/sell tBTCUSD 1 stop 100 sl 99",
            "99",
            "lies above its entry at 100",
            "/sell tBTCUSD 1 stop 100 sl 105",
        ),
        (
            "/sell tBTCUSD 1 @100 tp 101",
            "101",
            "lies below its entry",
            "/sell tBTCUSD 1 @100 tp 95",
        ),
        (
            "/buy tBTCUSD 1 sl 100 tp 90",
            "90",
            "take profit lies above its stop loss",
            "/buy tBTCUSD 1 sl 100 tp 105",
        ),
        (
            "/sell tBTCUSD 1 sl 100 tp 100",
            "100",
            "take profit lies below its stop loss",
            "/sell tBTCUSD 1 sl 100 tp 95",
        ),
    ],
)
def test_the_word_that_does_not_go_with_the_others(
    line: str, wrong: str, says: str, example: str
) -> None:
    refusal = refused(line)
    assert isinstance(refusal, WrongWord)
    assert refusal.word == wrong
    assert refusal.sentence.startswith(f"“{wrong}” ")
    assert says in refusal.sentence
    assert refusal.examples == (example,)


@pytest.mark.parametrize(
    "line",
    [
        "/buy tBTCUSD 1 limit 3 hidden post margin tif 1d oco 4",
        "/sell tBTCUSD 1 trail 500 reduce margin tif 18:00",
        "/buy tBTCUSD 1 post",
        "/buy tBTCUSD 1 market post",
        "/buy tBTCUSD 1 trail 500 post",
    ],
)
def test_what_goes_together_is_read(line: str) -> None:
    assert draft(line).symbol == "tBTCUSD"


@pytest.mark.parametrize(
    "line",
    [
        "/buy tBTCUSD 1 sl 2 tp 4",
        "/buy tBTCUSD 1 sl 2 tif 1h stop 3",
        "/sell tBTCUSD 1 fok 3 sl 4 fallback CLOSE",
        "/bracket sell tBTCUSD 1 tp 2",
    ],
)
def test_exits_make_a_bracket(line: str) -> None:
    assert guarded(line).entry.symbol == "tBTCUSD"
