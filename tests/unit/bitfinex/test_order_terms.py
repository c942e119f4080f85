"""Everything an order can carry, out and back (facts sheet 4, 5.1)."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from engine.bitfinex import decode, wire
from engine.bitfinex.encode import new_order
from engine.model.account import Wallet
from engine.model.errors import InvalidInput
from engine.model.order import OrderStatus, OrderType, Side
from engine.model.report import OrderReport
from engine.model.symbol import Symbol
from tests.unit.bitfinex.answering import approved_of, order_row, terms_of


def read(row: list[object]) -> OrderReport:
    return decode.order(wire.exact_row(json.dumps(row).encode()))


@pytest.mark.parametrize(
    ("flag", "bit"),
    [("hidden", 64), ("close", 512), ("reduce_only", 1024), ("post_only", 4096)],
)
def test_each_flag_is_its_bit_both_ways(flag: str, bit: int) -> None:
    assert new_order(approved_of(terms_of(OrderType.LIMIT, **{flag: True})))["flags"] == bit
    terms = read(order_row(1, flags=bit)).terms
    assert [name for name in ("hidden", "close", "reduce_only", "post_only")
            if getattr(terms, name)] == [flag]  # fmt: skip


def test_an_oco_is_one_submit_with_a_stop_and_its_cid() -> None:
    wanted = terms_of(side=Side.SELL, oco_stop=Decimal(28000), reduce_only=True)
    fields = new_order(approved_of(wanted, partner=1700000000002))
    assert fields["flags"] == 16384 + 1024
    assert fields["price_oco_stop"] == "28000"
    assert fields["cid_oco"] == 1700000000002
    assert (fields["amount"], fields["price"]) == ("-0.5", "30000")
    assert "cid_oco" not in new_order(approved_of(wanted))


@pytest.mark.parametrize("kind", [OrderType.MARKET, OrderType.IOC, OrderType.FOK], ids=str)
def test_a_stop_goes_with_a_limit_order_only(kind: OrderType) -> None:
    wanted = terms_of(kind, price=Decimal(30000), oco_stop=Decimal(28000))
    with pytest.raises(InvalidInput, match="limit order"):
        new_order(approved_of(wanted))


def test_the_stop_of_an_oco_names_the_order_it_was_placed_with() -> None:
    limit = read(order_row(7, 1700000000001, flags=16384, gid=7))
    stop = read(order_row(8, 1700000000002, type="EXCHANGE STOP", price=28000, placed=7, gid=7))
    assert (limit.parent_id, stop.parent_id) == (None, 7)
    assert stop.terms.trigger == 28000
    assert stop.terms.type is OrderType.STOP
    assert stop.terms.group == limit.terms.group == 7


def test_time_group_and_leverage() -> None:
    wanted = terms_of(
        symbol=Symbol("tBTCF0:USTF0"),
        wallet=Wallet.MARGIN,
        good_until=datetime(2026, 3, 1, 23, 59, 59, 500_000, tzinfo=timezone(timedelta(hours=-2))),
        leverage=20,
        group=77,
    )
    fields = new_order(approved_of(wanted))
    assert fields["tif"] == "2026-03-02 02:00:00"
    assert (fields["lev"], fields["gid"], fields["type"]) == (20, 77, "LIMIT")
    row = order_row(
        1,
        symbol="tBTCF0:USTF0",
        type="LIMIT",
        gid=77,
        tif=1_772_416_800_000,
        meta={"lev": 20, "$F33": 20},
    )
    terms = read(row).terms
    assert terms.good_until == datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    assert (terms.leverage, terms.group, terms.wallet) == (20, 77, Wallet.MARGIN)


def test_no_group_and_no_end_are_written_as_nought_too() -> None:
    terms = read(order_row(1, gid=0, tif=0)).terms
    assert (terms.group, terms.good_until, terms.leverage) == (None, None, None)


def test_flags_may_come_back_as_nothing() -> None:
    terms = read(order_row(1, flags=0, hidden=1, meta={"$F7": 1})).terms
    assert (terms.hidden, terms.post_only) == (True, True)
    assert read(order_row(1, flags=None, meta='{"$F7": 1}')).terms.post_only
    assert not read(order_row(1, flags=None, meta="{broken")).terms.post_only


def test_closing_is_told_by_the_status_too() -> None:
    report = read(order_row(1, flags=0, status="ACTIVE (note:POSCLOSE)"))
    assert report.terms.close
    assert report.status is OrderStatus.WORKING


def test_an_amended_order_goes_on_showing_its_first_size() -> None:
    grown = read(order_row(1, amount=0.25, orig=0.1, type_prev="EXCHANGE LIMIT"))
    assert (grown.terms.amount, grown.remaining) == (Decimal("0.25"), Decimal("0.25"))
    shrunk = read(order_row(1, amount=-0.25, orig=-1, type_prev="EXCHANGE LIMIT"))
    assert (shrunk.terms.amount, shrunk.remaining) == (Decimal("0.25"), Decimal("0.25"))
    gone = read(order_row(1, amount=0.25, orig=1, status="CANCELED"))
    assert gone.terms.amount == gone.remaining == Decimal("0.25")
    assert (grown.resized, shrunk.resized, gone.resized) == (True, True, False)
    assert read(order_row(1, amount=0.25, orig=0.1, avg=1, status="PARTIALLY FILLED")).resized


@pytest.mark.parametrize(
    "status",
    [
        "PARTIALLY FILLED @ 30000.0(0.75)",
        "CANCELED was: PARTIALLY FILLED @ 30000.0(0.75)",
        "INSUFFICIENT BALANCE (G1) was: ACTIVE (note:POSCLOSE), PARTIALLY FILLED @ 1.0(0.75)",
    ],
)
def test_what_was_filled_is_the_difference(status: str) -> None:
    report = read(order_row(1, amount=0.25, orig=1, status=status, avg=30000))
    assert report.terms.amount - report.remaining == Decimal("0.75")


@pytest.mark.parametrize(
    ("kind", "name", "prices"),
    [
        (OrderType.MARKET, "MARKET", {}),
        (OrderType.LIMIT, "LIMIT", {"price": 30000}),
        (OrderType.STOP, "STOP", {"trigger": 30000}),
        (OrderType.STOP_LIMIT, "STOP LIMIT", {"trigger": 30000, "price": 29900}),
        (OrderType.TRAILING_STOP, "TRAILING STOP", {"trail": 150}),
        (OrderType.FOK, "FOK", {"price": 30000}),
        (OrderType.IOC, "IOC", {"price": 30000}),
    ],
    ids=str,
)
@pytest.mark.parametrize("wallet", [Wallet.EXCHANGE, Wallet.MARGIN])
def test_every_type_in_both_wallets(
    kind: OrderType, name: str, prices: dict[str, int], wallet: Wallet
) -> None:
    values: dict[str, object] = {"price": None, "trigger": None, "trail": None}
    values |= {field: Decimal(value) for field, value in prices.items()}
    wanted = terms_of(kind, wallet=wallet, side=Side.SELL, **values)
    fields = new_order(approved_of(wanted))
    assert fields["type"] == ("EXCHANGE " if wallet is Wallet.EXCHANGE else "") + name
    row = order_row(
        1,
        amount=fields["amount"],
        orig=fields["amount"],
        type=fields["type"],
        price=fields.get("price", 31000),
        aux=fields.get("price_aux_limit", 0),
        trailing=fields.get("price_trailing", 0),
    )
    assert read(row).terms == wanted
