"""Any text at all is understood or refused with a lesson, and nothing else happens."""

# Look-alikes are meant here.
# ruff: noqa: RUF001

import string
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram import parse
from engine.model.draft import BracketDraft
from engine.model.errors import InvalidInput
from engine.model.order import Side
from tests.unit.parse.lines import NOW, teaches, understood

A_WHILE = timedelta(seconds=2)

odd = st.text(st.characters(), max_size=12) | st.text(
    st.sampled_from("0123456789.,$%€@+-eEkKxX_'/:<>&#tBTCUSD \u00a0\u200b\ud800\u202eВТС½١"),
    max_size=12,
)
RIGHT = """
    tBTCUSD btcusd BTC/USD tAAVE:USD 0.01 0.01btc $250 250usd 25% max all half market limit stop
    stoplimit stop-limit @ @30000 30000 31000 500 1 post post-only reduce hidden margin trail sl
    tp oco tif ioc fok 29000 33000 30m 2h 18:00 2026-11-30T18:00 fallback close hold buy sell
    bracket save list use delete export import dip price amount trail 500
    btc usd % $ 1,000 0,01 1e5 /sell /buy #12 12345
"""
right = st.sampled_from(RIGHT.split())
words = st.lists(right | odd, max_size=9)
name = st.sampled_from(
    [
        "buy",
        "sell",
        "bracket",
        "cancel",
        "close",
        "amend",
        "order",
        "template",
        "price",
        "orders",
        "pause",
        "help",
    ]
)


def survives(line: str) -> None:
    try:
        understood(line)
    except InvalidInput as refusal:
        teaches(refusal)
        refusal.sentence.encode()


@settings(deadline=A_WHILE, max_examples=200)
@given(st.text(st.characters()) | odd)
def test_any_text(text: str) -> None:
    survives(text)
    survives("/" + text)


@settings(deadline=A_WHILE, max_examples=400)
@given(name, words)
def test_any_words(command: str, said: list[str]) -> None:
    survives(f"/{command} {' '.join(said)}")


@settings(deadline=A_WHILE, max_examples=200)
@given(st.sampled_from(Side), words)
def test_words_that_were_never_split(side: Side, said: list[str]) -> None:
    try:
        draft = parse.order(side, said, NOW)
        assert (draft.entry if isinstance(draft, BracketDraft) else draft).side is side
    except InvalidInput as refusal:
        teaches(refusal)


@settings(deadline=A_WHILE, max_examples=30)
@given(odd, st.integers(min_value=1_000, max_value=100_000))
def test_long_texts_and_words(piece: str, times: int) -> None:
    long = piece * times
    survives(f"/buy {long}")
    try:
        parse.order(Side.BUY, ("tBTCUSD", long, long), NOW)
    except InvalidInput as refusal:
        teaches(refusal)


@settings(deadline=A_WHILE, max_examples=200)
@given(st.text(st.characters(), max_size=2_000))
def test_a_reason_is_always_clean(text: str) -> None:
    cleaned = parse.reason(text)
    assert len(cleaned) <= 200
    assert cleaned.isprintable() or all(c.isspace() or c.isprintable() for c in cleaned)
    assert parse.reason(cleaned) == cleaned


@settings(deadline=A_WHILE, max_examples=200)
@given(st.text(string.ascii_letters + "/", max_size=50), st.sets(name, min_size=1))
def test_the_nearest_is_a_known_one(word: str, known: set[str]) -> None:
    assert parse.nearest(word, known) in {*known, None}
