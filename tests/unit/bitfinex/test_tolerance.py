"""Short legacy rows, long rows of the future, nulls, texts for numbers: none is a surprise."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

import pytest

from engine.bitfinex import decode, public_rows, record_rows, wire
from engine.bitfinex.wire import Row, Unreadable
from engine.model.account import Wallet
from engine.model.symbol import Symbol
from tests.unit.bitfinex.recorded import ours

READERS: Mapping[str, Callable[[Row], object]] = {
    "order": decode.order,
    "trade": partial(decode.fill, settled=True),
    "wallet": record_rows.wallet,
    "position": record_rows.position,
    "ledger": record_rows.ledger,
    "movement": record_rows.movement,
    "margin_base": record_rows.margin_base,
    "margin_room": record_rows.margin_room,
    "permission": record_rows.permission,
    "account_info": record_rows.account_info,
    "summary": record_rows.summary,
}
ROWS = {f"{sample['kind']}: {sample['name']}": sample for sample in ours("account_rows.json")}
LEAST = {
    "order": 9, "trade": 6, "wallet": 3, "position": 3, "ledger": 7, "movement": 13,
    "margin_base": 2, "margin_room": 3, "permission": 1, "account_info": 1, "summary": 5,
}  # fmt: skip


def row_of(name: str) -> Row:
    return wire.exact_row(json.dumps(ROWS[name]["row"]).encode())


@pytest.mark.parametrize("name", ROWS)
def test_every_row_is_read(name: str) -> None:
    assert READERS[str(ROWS[name]["kind"])](row_of(name))


@pytest.mark.parametrize("name", ROWS)
def test_a_longer_row_says_the_same(name: str) -> None:
    read, row = READERS[str(ROWS[name]["kind"])], [*row_of(name)]
    padded = [*row, *[None] * (60 - len(row)), {"later": 1}]
    assert read(padded) == read(row)


@pytest.mark.parametrize("name", ROWS)
def test_a_row_cut_short_is_read_or_refused_and_nothing_else(name: str) -> None:
    kind, row = str(ROWS[name]["kind"]), row_of(name)
    for length in range(len(row) + 1):
        try:
            READERS[kind](row[:length])
        except Unreadable as error:
            assert str(error)  # noqa: PT017  # either outcome is fine
            assert length < LEAST[kind]  # what must be there is not


def test_both_position_decoders_take_the_same_rows() -> None:
    for name, sample in ROWS.items():
        if sample["kind"] == "position":
            row = row_of(name)
            assert decode.position(row).symbol == record_rows.position(row).symbol


def test_what_is_not_told_is_none_and_not_nothing() -> None:
    wallet = record_rows.wallet(row_of("wallet: 5 fields"))
    assert (wallet.available, wallet.unsettled_interest) == (None, Decimal(0))
    text = record_rows.wallet(row_of("wallet: nulls, text and more fields"))
    assert text.wallet is Wallet.FUNDING
    assert (text.total, text.available) == (Decimal(1000), Decimal("999.5"))
    old = record_rows.position(row_of("position: 10 fields"))
    assert (old.position_id, old.opened_at, old.derivative) == (None, None, False)
    room = record_rows.margin_room(row_of("margin_room: nulls"))
    assert (room.tradable, room.buy) == (None, None)
    assert record_rows.margin_base(row_of("margin_base: 4 figures")).required is None


def test_a_perpetuals_position() -> None:
    name = "position: a perpetual with its collateral, and more fields"
    held = record_rows.position(row_of(name))
    assert held.derivative
    assert (held.amount, held.collateral) == (Decimal("0.5"), Decimal("100.5"))
    assert held.least_collateral == Decimal("50.25")
    assert held.opened_at == datetime(2019, 11, 17, 14, 50, 16, 500, tzinfo=UTC)


def test_numbers_as_text_and_times_with_fractions() -> None:
    order = decode.order(row_of("order: numbers as text, fractional times"))
    assert (order.order_id, order.cid) == (118000003, 1700000000003)
    assert (order.terms.hidden, order.terms.reduce_only) == (True, True)
    assert order.created_at.microsecond == 100_250
    future = decode.order(row_of("order: 40 fields of the future"))
    assert (future.parent_id, future.terms.leverage) == (118000003, 10)
    assert future.terms.trail == 150


def test_a_rebate_and_no_fee() -> None:
    told = record_rows.summary(row_of("summary: 10 elements"))
    assert told.derivative_maker == Decimal("-0.0002")
    assert (told.leo_level, told.leo_amount_average) == (1, Decimal("0.5"))
    free = record_rows.summary(row_of("summary: 5 elements, zero fees"))
    assert (free.maker, free.taker) == (Decimal(0), Decimal(0))
    assert free.leo_level is None


@pytest.mark.parametrize(
    "row",
    [[1, 1700000000000, 0, 5], [1, None, 1, 5], [1, 1700000000000, "x", 5], ["a", 1, 1, 1], []],
)
def test_a_market_trade_that_is_none(row: list[object]) -> None:
    with pytest.raises(Unreadable):
        public_rows.trade(Symbol("tBTCUSD"), row)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999", True, [], {}])
def test_what_is_no_number_is_no_money(value: object) -> None:
    with pytest.raises(Unreadable):
        record_rows.wallet(["exchange", "USD", value])
