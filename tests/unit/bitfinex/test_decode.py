"""Account frames to reports, from our own payloads."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.bitfinex import wire
from engine.bitfinex.frames import AccountFrames
from engine.model.account import Wallet
from engine.model.order import OrderStatus, OrderType, Side
from engine.model.report import (
    BalancesReport,
    CancelRefused,
    FillReport,
    OrderReport,
    PositionsReport,
    Report,
    SubmissionNoted,
    SubmissionRefused,
)
from tests.unit.bitfinex.recorded import ours

FRAMES = {str(sample["name"]): sample for sample in ours("account_frames.json")}


def read(name: str) -> list[Report]:
    return list(AccountFrames().read(wire.exact_row(str(FRAMES[name]["raw"]).encode())))


def read_order(name: str) -> OrderReport:
    (report,) = read(name)
    assert isinstance(report, OrderReport)
    return report


def read_fill(name: str) -> FillReport:
    (report,) = read(name)
    assert isinstance(report, FillReport)
    return report


@pytest.mark.parametrize("name", FRAMES)
def test_every_frame_reports_what_it_should(name: str) -> None:
    assert [type(report).__name__ for report in read(name)] == FRAMES[name]["reports"]


def test_money_arrives_to_the_last_digit() -> None:
    assert read_order("order accepted, 32 fields").remaining == Decimal("0.1000000000000000055")
    report = read_order("order accepted, 26 fields, text flags")
    assert report.remaining == Decimal("0.00000001")
    assert report.terms.side is Side.SELL
    assert report.terms.amount == Decimal("0.00000001")


def test_an_order_tells_its_terms() -> None:
    report = read_order("order accepted, 32 fields")
    assert report.order_id == 118000001
    assert report.cid == 1700000000001
    assert report.terms.symbol == "tBTCUSD"
    assert report.terms.type is OrderType.LIMIT
    assert report.terms.wallet is Wallet.EXCHANGE
    assert report.terms.price == 30000
    assert report.terms.trigger is None
    assert report.average is None
    assert report.created_at == datetime(2023, 11, 14, 22, 13, 20, 100_000, tzinfo=UTC)


def test_flags_come_as_bits_and_in_two_other_places() -> None:
    terms = read_order("order of the future, 36 fields").terms
    assert (terms.hidden, terms.reduce_only, terms.post_only) == (True, True, True)
    assert terms.wallet is Wallet.MARGIN


def test_a_triggered_stop_limit_keeps_its_limit_price() -> None:
    terms = read_order("stop limit triggered").terms
    assert terms.type is OrderType.LIMIT
    assert terms.price == 28900


def test_filled_is_told_by_the_fields_and_not_by_the_text() -> None:
    report = read_order("executed")
    assert report.status is OrderStatus.FILLED
    assert report.terms.amount - report.remaining == Decimal("0.116163")
    assert report.average == Decimal("4304.26318325")
    partly = read_order("partly filled update")
    assert partly.status is OrderStatus.PARTLY_FILLED
    assert partly.terms.amount - partly.remaining == Decimal("0.04")


def test_an_order_that_came_as_closed_is_closed() -> None:
    assert read_order("closed while its text says active").status is OrderStatus.CANCELLED


def test_a_fee_is_known_only_when_settled() -> None:
    first = read_fill("trade executed, fractional time")
    assert first.fill.fee is None
    assert first.fill.at == datetime(2020, 4, 30, 10, 10, 44, 15_250, tzinfo=UTC)
    assert first.fill.maker is False
    settled = read_fill("trade settled, sequence numbers behind")
    assert settled.fill.fee == Decimal("-0.000002")
    assert settled.fill.fee_currency == "BTC"
    assert settled.cid == 1588241444012
    assert settled.fill.trade_id == first.fill.trade_id


def test_balances_with_what_can_be_read_of_them() -> None:
    (update,) = read("wallet update without available")
    assert isinstance(update, BalancesReport)
    assert not update.whole
    assert update.balances[0].available is None
    (snapshot,) = read("wallets, one of an unknown kind")
    assert isinstance(snapshot, BalancesReport)
    assert snapshot.whole
    assert [balance.total for balance in snapshot.balances] == [Decimal("1.5")]


def test_a_closed_position_has_no_amount() -> None:
    (report,) = read("position closed, its row still shows the amount")
    assert isinstance(report, PositionsReport)
    assert report.positions[0].amount == 0
    assert report.positions[0].position_id == 142420429


def test_notices_say_what_became_of_requests() -> None:
    assert read("submission noted") == [SubmissionNoted(cid=1575287436979, order_id=1185815098)]  # type: ignore[arg-type]  # plain numbers read better
    (refused,) = read("submission refused")
    assert isinstance(refused, SubmissionRefused)
    assert refused.cid == 1700000000009
    assert "not enough exchange balance" in refused.reason
    assert read("cancel refused") == [CancelRefused(order_id=118000099, reason="Order not found.")]  # type: ignore[arg-type]  # the same


def test_unknown_kinds_are_counted_and_nothing_else() -> None:
    frames = AccountFrames()
    for _ in range(3):
        assert frames.read([0, "zz", [1]]) == ()
    assert frames.unknown["zz"] == 3
    assert frames.read([0, "fon", []]) == ()
    assert set(frames.unknown) == {"zz"}
