"""A frame that is missing shows."""

import pytest

from engine.bitfinex.broken import Broken
from engine.bitfinex.sequence import AccountSequence, MarketSequence
from engine.bitfinex.wire import event, exact_row
from tests.unit.bitfinex.recorded import needs_shared, shared

ON = b'{"event":"conf","status":"OK","flags":196608}'


def test_numbers_in_a_row_are_fine_wherever_they_begin() -> None:
    sequence = MarketSequence()
    for number in range(41, 60):
        sequence.see_frame(b"[7,[1,0,1],%d]" % number)
    sequence.see_frame(b'[7,"hb",60]')
    sequence.see_frame(b'[7,"cs",-1234,61]')
    with pytest.raises(Broken, match="missing: 2 after number 61"):
        sequence.see_frame(b"[7,[1,0,1],64]")


def test_a_frame_twice_is_no_gap() -> None:
    sequence = MarketSequence()
    for number in (1, 2, 2, 1, 3):
        sequence.see_frame(b"[7,[1,0,1],%d]" % number)
    with pytest.raises(Broken):
        sequence.see_frame(b"[7,[1,0,1],5]")


def test_frames_without_a_number_are_let_be() -> None:
    sequence = MarketSequence()
    for raw in (b"[7,[1,0,1]]", b'[7,"hb"]', b"[7]", b"", b"rubbish"):
        sequence.see_frame(raw)
    sequence.see_frame(b"[7,[1,0,1],900]")


@pytest.mark.parametrize(
    ("answer", "on"),
    [
        (ON, True),
        (b'{"event":"conf","status":"OK","flags":131072}', False),
        (b'{"event":"conf","status":"FAILED","code":10050}', False),
        (b'{"event":"conf"}', False),
    ],
)
def test_only_an_exchange_that_agreed_is_held_to_it(answer: bytes, on: bool) -> None:
    sequence = MarketSequence()
    sequence.hear(event(answer))
    assert sequence.on is on


def account(*frames: bytes) -> AccountSequence:
    sequence = AccountSequence()
    for frame in frames:
        sequence.see(exact_row(frame))
    return sequence


def test_both_numbers_of_the_account_channel_are_watched() -> None:
    good = (b'[0,"os",[],1,0]', b'[0,"hb",2]', b'[0,"on",[],3,1]', b'[0,"wu",[],4,2]')
    assert account(*good).on is False
    with pytest.raises(Broken, match="1 after number 4"):
        account(*good, b'[0,"wu",[],6,3]')
    with pytest.raises(Broken, match="1 after number 2"):
        account(*good, b'[0,"wu",[],5,4]')
    with pytest.raises(Broken):
        account(*good, b'[0,"hb",7]')


def test_notifications_may_be_numbered_or_not() -> None:
    start = (b'[0,"on",[],1,1]', b'[0,"on",[],2,2]')
    for tail in (b"2,2", b"2,0", b"9", b"3", b"0"):
        account(*start, b'[0,"n",[null,"on-req"],' + tail + b"]", b'[0,"oc",[],3,3]')
    told = account(*start, b'[0,"n",[null,"uca"],3,2]', b'[0,"oc",[],4,3]')
    with pytest.raises(Broken):
        told.see(exact_row(b'[0,"hb",6]'))


def test_short_and_strange_frames_are_let_be() -> None:
    account(b"[]", b"[0]", b'[0,"on",[]]', b'[0,"on",[],"x","y"]', b'[0,"hb"]', b"[1,2,3,4,5]")


@needs_shared
def test_the_recorded_session_has_no_gap() -> None:
    sequence, seen = MarketSequence(), 0
    for line in shared("recorded_session_first420.jsonl"):
        raw = str(line["raw"]).encode()
        if line["dir"] == "server" and raw.startswith(b"["):
            sequence.see_frame(raw)
            seen += 1
    assert seen > 100
