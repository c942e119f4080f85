"""What is a command, and which."""

# Look-alikes are meant here.
# ruff: noqa: RUF001

import pytest

from bot.telegram import parse
from bot.telegram.parse import Spoken, WrongWord
from tests.unit.parse.lines import refused


def test_a_command_with_a_mention_and_words() -> None:
    assert parse.split_command("/buy@genesis_bot  tBTCUSD 0.01 ") == Spoken(
        name="buy", mention="genesis_bot", words=("tBTCUSD", "0.01"), rest="tBTCUSD 0.01"
    )


def test_a_command_alone() -> None:
    spoken = Spoken(name="status", mention=None, words=(), rest="")
    assert parse.split_command("/status") == spoken
    assert parse.split_command("\n /STATUS \n") == spoken


def test_the_rest_keeps_its_lines() -> None:
    spoken = parse.split_command("/pause\nfirst  line\nsecond")
    assert spoken is not None
    assert spoken.rest == "first  line\nsecond"
    assert spoken.words == ("first", "line", "second")


@pytest.mark.parametrize(
    "text",
    [
        *("", "/", "/ buy", "//", "hello", "buy tBTCUSD 1", "see /buy", "/home/user", "/buy@"),
        *(" " * 10_000 + "/buy", "x" * 10_000, "/" + "a" * 33, "</b>", "/a@b@c"),
    ],
)
def test_no_command(text: str) -> None:
    assert parse.split_command(text) is None


def test_a_message_may_be_so_long_and_no_longer() -> None:
    longest = "/pause " + "x" * 493
    assert parse.split_command(longest) is not None
    refusal = refused(longest + "x")
    assert "at most 500 characters; this one has 501" in refusal.sentence
    assert "has 10000." in refused("/" + "x" * 9_999).sentence


@pytest.mark.parametrize(
    ("text", "says", "example"),
    [
        ("/ѕell tBTCUSD 1", "“/ѕell” has Cyrillic ѕ at place 2, not plain s.", "/sell"),
        ("/buy\N{ZERO WIDTH SPACE} tBTCUSD 1", "place 5 (zero width space, U+200B)", "/buy"),
        ("\N{RIGHT-TO-LEFT MARK}/buy tBTCUSD 1", "place 1 (right-to-left mark, U+200F)", "/buy"),
        ("/привет", "has п (Cyrillic small letter pe, U+043F) at place 2", "/help"),
    ],
)
def test_a_name_that_deceives(text: str, says: str, example: str) -> None:
    refusal = refused(text)
    assert says in refusal.sentence
    assert refusal.examples == (example,)


def test_the_example_for_a_name_is_a_known_one() -> None:
    with pytest.raises(WrongWord) as caught:
        parse.split_command("/bуy tBTCUSD 1", known=("buy", "sell", "help"))
    assert caught.value.examples == ("/buy",)
    with pytest.raises(WrongWord) as caught:
        parse.split_command("/жжж", known=("buy", "sell"))
    assert caught.value.examples == ("/help",)


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("bu", "buy"),
        ("ordes", "orders"),
        ("/blance", "balance"),
        ("POSITION", "positions"),
        ("cancelal", "cancelall"),
        ("zzz", None),
        ("", None),
        ("x" * 10_000, None),
    ],
)
def test_the_nearest_command(word: str, near: str | None) -> None:
    known = {"buy", "sell", "orders", "balance", "positions", "cancel", "cancelall"}
    assert parse.nearest(word, known) == near
