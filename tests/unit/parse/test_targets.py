"""What to cancel, close, look at, and why to pause."""

from decimal import Decimal

import pytest

from bot.telegram import parse
from bot.telegram.parse import CancelTarget, Missing, MissingWord, WrongWord
from tests.unit.parse.lines import refused, understood


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("/cancel 123456789012", CancelTarget(number=123456789012)),
        ("/cancel #7", CancelTarget(number=7)),
        ("/cancel tBTCUSD", CancelTarget(symbol="tBTCUSD")),
        ("/cancel btc/usd", CancelTarget(symbol="btc/usd")),
    ],
)
def test_what_to_cancel(line: str, target: CancelTarget) -> None:
    assert understood(line) == target


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("/close tBTCUSD", "100"),
        ("/close tBTCUSD all", "100"),
        ("/close tBTCUSD MAX", "100"),
        ("/close tBTCUSD 100%", "100"),
        ("/close tBTCUSD half", "50"),
        ("/close tBTCUSD 50%", "50"),
        ("/close tBTCUSD 0.5%", "0.5"),
    ],
)
def test_how_much_to_close(line: str, part: str) -> None:
    assert understood(line) == ("tBTCUSD", Decimal(part))


@pytest.mark.parametrize(
    ("line", "wrong", "says", "examples"),
    [
        ("/cancel all", "all", "send /cancelall", ("/cancel tBTCUSD",)),
        ("/cancel 0", "0", "is not an order number", ("/cancel 123456789",)),
        ("/cancel -5", "-5", "is not an order number", ("/cancel 123456789",)),
        ("/cancel 12.5", "12.5", "is not an order number", ("/cancel 123456789",)),
        ("/cancel " + "9" * 19, "9" * 19, "is not an order number", ("/cancel 123456789",)),
        ("/cancel 1 2", "2", "one word too many", ("/cancel 1",)),
        ("/cancel tBTCUSD all", "all", "one word too many", ("/cancel tBTCUSD",)),
        ("/cancel <b>", "<b>", "is not a symbol", ("/cancel tBTCUSD",)),
        ("/close 50%", "50%", "is not a symbol", ("/close tBTCUSD",)),
        ("/close tBTCUSD 50", "50", "has no % sign", ("/close tBTCUSD 50%",)),
        ("/close tBTCUSD 500", "500", "has no % sign", ("/close tBTCUSD 50%",)),
        (
            "/close tBTCUSD 0.5",
            "0.5",
            "could be 50% or 0.5%",
            ("/close tBTCUSD 50%", "/close tBTCUSD 0.5%"),
        ),
        ("/close tBTCUSD 101%", "101%", "at most 100%", ("/close tBTCUSD 100%",)),
        ("/close tBTCUSD 0%", "0%", "is zero", ("/close tBTCUSD 25%",)),
        ("/close tBTCUSD -50%", "-50%", "has a sign", ("/close tBTCUSD 50%",)),
        ("/close tBTCUSD lots", "lots", "is not a part", ("/close tBTCUSD 50%",)),
        ("/close tBTCUSD half now", "now", "one word too many", ("/close tBTCUSD half",)),
        ("/price 100", "100", "is not a symbol", ("/price tBTCUSD",)),
        ("/price tBTCUSD tETHUSD", "tETHUSD", "one word too many", ("/price tBTCUSD",)),
        ("/price tBTCUSD /buy", "/buy", "second command", ("/price tBTCUSD",)),
        ("/orders $", "$", "is not a symbol", ("/orders tBTCUSD",)),
        ("/orders " + "a" * 33, "a" * 33, "is not a symbol", ("/orders tBTCUSD",)),
    ],
)
def test_the_wrong_word_is_named(
    line: str, wrong: str, says: str, examples: tuple[str, ...]
) -> None:
    refusal = refused(line)
    assert isinstance(refusal, WrongWord)
    assert refusal.word == wrong
    assert refusal.sentence.startswith(f"“{wrong}” ")
    assert says in refusal.sentence
    assert refusal.examples == examples


@pytest.mark.parametrize(
    ("line", "missing", "examples"),
    [
        ("/cancel", Missing.TARGET, ("/cancel 123456789", "/cancel tBTCUSD")),
        ("/close", Missing.SYMBOL, ("/close tBTCUSD", "/close tBTCUSD 50%")),
        ("/price", Missing.SYMBOL, ("/price tBTCUSD",)),
    ],
)
def test_what_is_missing_is_said(line: str, missing: Missing, examples: tuple[str, ...]) -> None:
    refusal = refused(line)
    assert isinstance(refusal, MissingWord)
    assert (refusal.missing, refusal.examples) == (missing, examples)


def test_a_symbol_may_be_left_out_where_it_may() -> None:
    assert parse.optional_symbol(()) is None
    assert parse.optional_symbol(("tBTCUSD",)) == "tBTCUSD"
    with pytest.raises(WrongWord) as caught:
        parse.optional_symbol(("%",))
    assert caught.value.examples == ("tBTCUSD",)


def test_a_reason_is_one_clean_line() -> None:
    assert parse.reason("") == ""
    assert (
        parse.reason("  news\n at\tnoon\x00\N{RIGHT-TO-LEFT OVERRIDE} <b> ") == "news at noon <b>"
    )


def test_a_long_reason_is_cut_not_refused() -> None:
    cut = parse.reason("x" * 10_000)
    assert len(cut) == 200
    assert cut.endswith("…")
    assert parse.reason("y" * 200) == "y" * 200
