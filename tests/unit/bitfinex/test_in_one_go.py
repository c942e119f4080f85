"""Frames as they are written today are read in one go, and say what the careful reader says."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.bitfinex.frames import AccountFrames
from engine.bitfinex.wire import exact_row
from tests.unit.bitfinex.recorded import needs_shared, ours, shared

ORDER: tuple[object, ...] = (
    118, None, 1700000000001, "tBTCUSD", 1700000000100, 1700000000110, 0.116163, 0.116163,
    "EXCHANGE LIMIT", None, None, None, 0, "ACTIVE", None, None, 4304.3, 0, 0, 0, None, None, None,
    0, 0, None, None, None, "API>BFX", None, None, None,
)  # fmt: skip
TRADE: tuple[object, ...] = (
    77, "tBTCUSD", 1700000000100, 118, -0.116163, 4304.26318325, "EXCHANGE LIMIT", 4304.3, -1,
    -0.00023233, "BTC", 1700000000001,
)  # fmt: skip
WALLET: tuple[object, ...] = ("exchange", "USD", 412.06187584, 0, 400.1, None, None)
ACCEPTED: tuple[object, ...] = (
    1700000000100, "on-req", None, None, ORDER, None, "SUCCESS", "Submitting.",
)  # fmt: skip
ROWS = {
    "on": ORDER, "ou": ORDER, "oc": ORDER, "te": TRADE, "tu": TRADE, "wu": WALLET, "n": ACCEPTED,
}  # fmt: skip
ODD: tuple[object, ...] = (
    None, True, 0, 1, -1, 0.5, -0.0, 2**63, 10**50, "", "1", "NaN", "Infinity", "1e999", "0e-60",
    "ACTIVE", "EXECUTED @ 1.0(1.0)", "CANCELED", "PARTIALLY FILLED @ 1(1)", "EXCHANGE STOP LIMIT",
    "STOP", "MARKET", "TRAILING STOP", "limit", "POSCLOSE", "tETHUSD", "fUSD", "margin", [], {},
    {"$F7": 1, "$F33": 5}, '{"$F7":1}', 1700000000100.25, 4160, 5632, "ou-req", "ERROR", [ORDER],
)  # fmt: skip


def assert_both_say_the_same(raw: bytes) -> None:
    frames = AccountFrames()
    frame, reports = frames.hear(raw)
    careful = exact_row(raw)
    # as words, so that the same number in other digits would show
    assert repr([*reports]) == repr([*frames.read(careful)])
    head_and_tail = [*careful[:2], *careful[3:]]
    assert [*frame[:2], *frame[3 : len(careful)]] == head_and_tail


def written(message: object) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode()


def recorded() -> list[bytes]:
    own = [str(sample["raw"]).encode() for sample in ours("account_frames.json")]
    return [*own, *(written(json.loads(raw)) for raw in own)]


@pytest.mark.parametrize("raw", recorded())
def test_our_own_samples(raw: bytes) -> None:
    assert_both_say_the_same(raw)


@needs_shared
def test_recorded_messages() -> None:
    messages = [sample["msg"] for sample in shared("ws_messages.json")]
    frames = [m for m in messages if isinstance(m, list) and len(m) > 1 and m[0] == 0]
    assert frames
    for frame in frames:
        assert_both_say_the_same(written(frame))


@pytest.mark.parametrize("kind", ROWS)
def test_what_is_written_as_today_is_told_with_its_numbers(kind: str) -> None:
    frame, reports = AccountFrames().hear(written([0, kind, ROWS[kind], 5, 6]))
    assert len(reports) == 1
    assert tuple(frame) == (0, kind, None, 5, 6)


@settings(deadline=None, max_examples=400)
@given(
    kind=st.sampled_from(sorted(ROWS)),
    changes=st.dictionaries(st.integers(0, 31), st.sampled_from(ODD), max_size=3),
    cut=st.none() | st.integers(0, 31),
    tail=st.lists(st.integers(0, 9), max_size=2),
)
@example(kind="oc", changes={4: "0e-60"}, cut=None, tail=[])
def test_odd_rows(kind: str, changes: dict[int, object], cut: int | None, tail: list[int]) -> None:
    row = list(ROWS[kind])
    for index, value in changes.items():
        row[index % len(row)] = value
    assert_both_say_the_same(written([0, kind, row[:cut], *tail]))
