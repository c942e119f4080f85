"""Check figures of books, and the numbers in them as JavaScript writes them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bitfinex.book_feed import BookFeed, BookMismatch
from engine.bitfinex.checksum import checksum, number_text
from engine.bitfinex.wire import Unreadable
from engine.model.report import BookChange, BookSnapshot
from tests.unit.bitfinex.doubles import BTC
from tests.unit.bitfinex.recorded import needs_shared, shared

BIDS, ASKS = {6000.0: 1.0, 5900.0: 2.0}, {6100.0: -3.0, 6200.0: -4.0}
FIGURE = 1756193398


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (8.1, "8.1"),
        (100.0, "100"),
        (0.0000011, "0.0000011"),
        (7e-7, "7e-7"),
        (1.5e-10, "1.5e-10"),
        (0.00001, "0.00001"),
        (-0.25279457, "-0.25279457"),
        (-3.0, "-3"),
        (1e16, "10000000000000000"),
        (123456789012345680000.0, "123456789012345680000"),
        (1e21, "1e+21"),
        (2.5e22, "2.5e+22"),
        (1000000.0, "1000000"),
    ],
)
def test_numbers_are_written_as_javascript_writes_them(value: float, text: str) -> None:
    assert number_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_the_same_when_it_is_read_again(value: float) -> None:
    assert float(number_text(value)) == value


def test_a_known_figure() -> None:
    assert checksum(BIDS, ASKS) == FIGURE
    assert checksum({}, {}) == 0
    assert checksum({1.0: 1.0}, {}) != checksum({}, {1.0: -1.0})


@needs_shared
def test_the_shared_vectors() -> None:
    plain = [sample for sample in shared("book_checksum_vectors.json") if not sample.get("raw")]
    assert plain
    for sample in plain:
        sides = [json.loads(json.dumps(sample[side])) for side in ("bids", "asks")]
        bids, asks = ({price: amount for price, _, amount in rows} for rows in sides)
        assert checksum(bids, asks) == sample["signed_crc32"]


def feed() -> tuple[BookFeed, list[object]]:
    told: list[object] = []
    return BookFeed(BTC, told.append), told


def test_only_the_best_25_levels_count() -> None:
    bids = {float(price): 1.0 for price in range(1, 41)}
    best = {float(price): 1.0 for price in range(16, 41)}
    assert checksum(bids, {}) == checksum(best, {})


def test_a_book_kept_change_by_change_adds_up() -> None:
    book, told = feed()
    book(b"[7,[[6000,1,9],[5900,1,2],[5800,3,1],[6100,1,-3],[6300,1,-1]],1]")
    for change in (b"[6000,2,1]", b"[5800,0,1]", b"[6200,1,-4]", b"[6300,0,-1]", b"[1,0,1]"):
        book(b"[7," + change + b",2]")
    book(b'[7,"hb",3]')
    book(b'[7,"cs",%d,4]' % FIGURE)
    assert book.verified == 1
    assert [type(report) for report in told] == [BookSnapshot] + [BookChange] * 5


def test_many_changes_in_one_frame_are_changes_and_no_snapshot() -> None:
    book, told = feed()
    book(b"[7,[[6000,1,9],[5800,3,1],[6300,1,-1]],1]")
    book(b"[7,[[6000,2,1],[5800,0,1],[5900,1,2],[6300,0,-1],[6100,1,-3],[6200,1,-4]],2]")
    book(b"[7,[],3]")
    book(b'[7,"cs",%d,4]' % FIGURE)
    assert book.verified == 1
    assert [type(report) for report in told] == [BookSnapshot] + [BookChange] * 6


def test_a_change_that_is_missing_shows() -> None:
    book, _ = feed()
    book(b"[7,[[6000,1,1],[6100,1,-3],[6200,1,-4]],1]")
    with pytest.raises(BookMismatch):
        book(b'[7,"cs",%d,2]' % FIGURE)


def test_nothing_is_told_or_checked_before_the_snapshot() -> None:
    book, told = feed()
    book(b"[7,[6000,1,1],1]")
    book(b'[7,"cs",5,2]')
    assert told == []
    with pytest.raises(Unreadable):
        book(b'[7,"zz",5,2]')
