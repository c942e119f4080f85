"""Whatever arrives, reading it gives reports or nothing, and never an end."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bitfinex import wire
from engine.bitfinex.book_feed import BookFeed, BookMismatch
from engine.bitfinex.errors import answer_of
from engine.bitfinex.frames import AccountFrames
from engine.bitfinex.market_rows import channel_of, ticker_feed
from engine.bitfinex.sequence import MarketSequence
from engine.clock import SystemClock
from engine.model.errors import ExchangeError
from engine.model.symbol import Symbol

patient = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])

BTC = Symbol("tBTCUSD")
KINDS = ["os", "on", "ou", "oc", "te", "tu", "ws", "wu", "ps", "pn", "pu", "pc", "n", "hb", "zz"]

leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["tBTCUSD", "EXCHANGE LIMIT", "ACTIVE", "on-req", "ERROR", "NaN", "1e999"])
    | st.text(max_size=5)
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=33) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=25,
)


@patient
@given(kind=st.sampled_from(KINDS), payload=values, tail=st.lists(leaves, max_size=2))
def test_account_frames(kind: str, payload: object, tail: list[object]) -> None:
    raw = json.dumps([0, kind, payload, *tail]).encode()
    reports = AccountFrames().read(wire.exact_row(raw))
    assert len(list(reports)) <= 33


@patient
@given(raw=st.binary(max_size=80))
def test_bytes(raw: bytes) -> None:
    for read in (wire.event, wire.exact_row, wire.anything):
        try:
            read(raw)
        except wire.Unreadable as error:
            assert str(error)  # noqa: PT017  # either outcome is fine
    try:
        answer_of(500, raw)
    except ExchangeError as error:
        assert error.sentence  # noqa: PT017  # the same


@patient
@given(payload=values, tail=st.lists(leaves, max_size=2))
def test_market_frames(payload: object, tail: list[object]) -> None:
    raw = json.dumps([7, payload, *tail], separators=(",", ":")).encode()
    assert channel_of(raw) == 7
    told: list[object] = []
    book = BookFeed(BTC, told.append)
    book(b"[7,[[1,1,1],[2,1,-1]]]")
    for feed in (
        ticker_feed(BTC, SystemClock().now, told.append),
        book,
        MarketSequence().see_frame,
    ):
        try:
            feed(raw)
        except (wire.Unreadable, BookMismatch) as error:
            assert type(error)  # noqa: PT017  # either outcome is fine


@patient
@given(cut=st.integers(0, 32), extra=st.lists(leaves, max_size=5))
def test_rows_of_any_length(cut: int, extra: list[object]) -> None:
    row: list[object] = [
        1, None, 2, "tBTCUSD", 1700000000000, 1700000000000, 1, 1, "EXCHANGE LIMIT", None, None,
        None, "0", "ACTIVE", None, None, 30000, 0, 0, 0, None, None, None, 0, 0, None, None, None,
        "API>BFX", None, None, None,
    ]  # fmt: skip
    whole = row[:cut] if cut < 32 else [*row, *extra]
    raw = json.dumps([0, "on", whole]).encode()
    reports = AccountFrames().read(wire.exact_row(raw))
    assert bool(reports) == (len(whole) >= 9)
