"""Whose a refusal is: by id, by cid, by likeness, or nobody's."""

import json

import pytest

from engine.bitfinex import wire
from engine.bitfinex.frames import AccountFrames
from engine.model.approval import ApprovedOrder
from engine.model.order import OrderType
from engine.model.report import (
    AmendRefused,
    BulkCancelRefused,
    CancelRefused,
    Report,
    SubmissionNoted,
    SubmissionRefused,
)
from tests.unit.bitfinex.answering import approved_of, notification, order_row, terms_of

NOBODY: list[object] = [None] * 32


def read(notice: list[object], *sent: ApprovedOrder) -> list[Report]:
    frames = AccountFrames()
    for order in sent:
        frames.outstanding.sent(order)
    return list(frames.read(wire.exact_row(json.dumps([0, "n", notice]).encode())))


def asked(**fields: object) -> list[object]:
    row = order_row(0, None, status=None, **fields)
    row[0] = None
    return row


def test_both_orders_of_an_oco_are_noted() -> None:
    both = [order_row(7, 71), order_row(8, 72, placed=7)]
    assert read(notification("on-req", both)) == [
        SubmissionNoted(cid=71, order_id=7),  # type: ignore[arg-type]  # plain numbers read better
        SubmissionNoted(cid=72, order_id=8),  # type: ignore[arg-type]  # the same
    ]


def test_a_refusal_without_cid_is_the_only_order_it_can_mean() -> None:
    mine, other = approved_of(key=5), approved_of(terms_of(symbol="tETHUSD"), key=6)
    notice = notification("on-req", asked(), "ERROR", "Invalid order: no")
    assert read(notice, mine, other) == [
        SubmissionRefused(cid=mine.key, reason="Invalid order: no")
    ]


@pytest.mark.parametrize(
    "row",
    [asked(amount=0.4, orig=0.4), asked(type="LIMIT"), asked(symbol="tETHUSD"), NOBODY, None, []],
)
def test_a_refusal_that_fits_nobody_is_nobodys(row: list[object] | None) -> None:
    assert read(notification("on-req", row, "ERROR", "no"), approved_of()) == []


def test_a_refusal_that_fits_two_is_nobodys() -> None:
    notice = notification("on-req", asked(), "ERROR", "no")
    assert read(notice, approved_of(key=5), approved_of(key=6)) == []


def test_an_order_that_was_answered_is_no_longer_meant() -> None:
    frames = AccountFrames()
    frames.outstanding.sent(approved_of(key=5))
    frames.read([0, "on", order_row(118, 5, amount="0.5", orig="0.5", avg=None)])
    assert len(frames.outstanding) == 0
    frames.outstanding.sent(approved_of(key=6))
    frames.read([0, "os", []])
    assert len(frames.outstanding) == 0


@pytest.mark.parametrize("status", ["ERROR", "FAILURE"])
def test_a_change_that_is_refused(status: str) -> None:
    assert read(notification("ou-req", order_row(118, 5), status, "amount: invalid")) == [
        AmendRefused(order_id=118, cid=5, reason="amount: invalid")  # type: ignore[arg-type]  # plain
    ]
    assert read(notification("ou-req", NOBODY, status, "no")) == [AmendRefused(reason="no")]
    assert read(notification("ou-req", None, status, "no")) == [AmendRefused(reason="no")]
    assert read(notification("ou-req", order_row(118, 5))) == []


def test_a_cancel_that_is_refused_is_told_by_cid_where_that_is_all_there_is() -> None:
    row = [*NOBODY]
    row[2] = 1700000000001
    assert read(notification("oc-req", row, "ERROR", "Order not found.")) == [
        CancelRefused(cid=1700000000001, reason="Order not found.")
    ]
    assert read(notification("oc-req", NOBODY, "ERROR", "Order not found.")) == []


@pytest.mark.parametrize("data", [[], None, [order_row(7, 71), order_row(8, 72)], order_row(7)])
def test_a_bulk_cancel_that_is_refused_is_refused_whole(data: object) -> None:
    notice = notification("oc_multi-req", data, "ERROR", "no")
    assert read(notice) == [BulkCancelRefused(reason="no")]
    assert read(notification("oc_multi-req", data)) == []


def test_several_operations_are_told_one_by_one() -> None:
    inner = [
        notification("on-req", [order_row(7, 71)]),
        notification("ou-req", order_row(8, 72), "ERROR", "price: invalid"),
        notification("on-req", order_row(9, 73), "ERROR", "no"),
    ]
    assert [type(report) for report in read(notification("ox_multi-req", inner))] == [
        SubmissionNoted,
        AmendRefused,
        SubmissionRefused,
    ]


def test_an_unknown_status_is_no_promise_and_no_refusal() -> None:
    assert read(notification("on-req", order_row(7, 71), "INFO")) == []


@pytest.mark.parametrize(
    "words", ["trading: invalid symbol (paper)", "action: disabled", "symbol: invalid"]
)
def test_the_exchanges_short_words_are_explained(words: str) -> None:
    (refused,) = read(notification("on-req", order_row(0, 71), "ERROR", words))
    assert isinstance(refused, SubmissionRefused)
    assert refused.reason.startswith(words)
    assert "tTESTBTC:TESTUSD" in refused.reason


def test_market_orders_fit_by_their_wallet_too() -> None:
    market = approved_of(terms_of(OrderType.MARKET), key=9)
    notice = notification("on-req", asked(type="EXCHANGE MARKET", price=None), "ERROR", "no")
    assert read(notice, market) == [SubmissionRefused(cid=market.key, reason="no")]
