"""Terms to submit fields, orders to cancels."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.bitfinex.encode import cancel_frames, new_order, submit_frame
from engine.model.account import Wallet
from engine.model.approval import ApprovedOrder
from engine.model.errors import InvalidInput
from engine.model.ids import OrderId, OrderKey
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Origin, Side
from engine.model.symbol import Symbol

BTC = Symbol("tBTCUSD")
AT = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)


def terms(kind: OrderType, side: Side = Side.BUY, **more: object) -> OrderTerms:
    values: dict[str, object] = {"amount": Decimal("0.10"), "symbol": BTC} | more
    return OrderTerms(type=kind, side=side, **values)  # type: ignore[arg-type]  # a test's shorthand


def fields(wanted: OrderTerms) -> dict[str, str | int]:
    return dict(new_order(ApprovedOrder(key=OrderKey(1700000000001), terms=wanted)))


def test_limit() -> None:
    assert fields(terms(OrderType.LIMIT, price=Decimal("30000"))) == {
        "cid": 1700000000001,
        "type": "EXCHANGE LIMIT",
        "symbol": "tBTCUSD",
        "amount": "0.1",
        "price": "30000",
    }


def test_market_carries_no_price_and_sells_with_a_minus() -> None:
    found = fields(terms(OrderType.MARKET, Side.SELL, price=Decimal(1)))
    assert found["amount"] == "-0.1"
    assert found["type"] == "EXCHANGE MARKET"
    assert "price" not in found


def test_stop() -> None:
    found = fields(terms(OrderType.STOP, trigger=Decimal("29000.5")))
    assert (found["type"], found["price"]) == ("EXCHANGE STOP", "29000.5")
    assert "price_aux_limit" not in found


def test_stop_limit_triggers_at_price_and_limits_at_the_auxiliary() -> None:
    found = fields(terms(OrderType.STOP_LIMIT, price=Decimal(28900), trigger=Decimal(29000)))
    assert found["type"] == "EXCHANGE STOP LIMIT"
    assert (found["price"], found["price_aux_limit"]) == ("29000", "28900")


def test_trailing_stop() -> None:
    found = fields(terms(OrderType.TRAILING_STOP, trail=Decimal("150")))
    assert found["type"] == "EXCHANGE TRAILING STOP"
    assert found["price_trailing"] == "150"
    assert "price" not in found


@pytest.mark.parametrize(("kind", "name"), [(OrderType.FOK, "FOK"), (OrderType.IOC, "IOC")])
def test_the_margin_wallet_has_no_prefix(kind: OrderType, name: str) -> None:
    found = fields(terms(kind, price=Decimal(1), wallet=Wallet.MARGIN))
    assert found["type"] == name


def test_flags_are_summed_bits() -> None:
    found = fields(
        terms(OrderType.LIMIT, price=Decimal(1), hidden=True, post_only=True, reduce_only=True)
    )
    assert found["flags"] == 64 + 4096 + 1024


def test_numbers_have_no_exponent() -> None:
    found = fields(terms(OrderType.LIMIT, amount=Decimal("1E-8"), price=Decimal("1E+5")))
    assert (found["amount"], found["price"]) == ("0.00000001", "100000")


def test_the_frame() -> None:
    order = ApprovedOrder(key=OrderKey(7), terms=terms(OrderType.MARKET))
    assert json.loads(submit_frame(order)) == [0, "on", None, fields(order.terms) | {"cid": 7}]


@pytest.mark.parametrize(
    "kind", [kind for kind in OrderType if kind is not OrderType.MARKET], ids=str
)
def test_a_missing_price_never_leaves(kind: OrderType) -> None:
    with pytest.raises(InvalidInput):
        fields(terms(kind))


def test_the_funding_wallet_does_not_trade() -> None:
    with pytest.raises(InvalidInput):
        fields(terms(OrderType.MARKET, wallet=Wallet.FUNDING))


def order(key: int, order_id: int | None, origin: Origin = Origin.GENESIS) -> Order:
    return Order(
        key=OrderKey(key),
        order_id=None if order_id is None else OrderId(order_id),
        terms=terms(OrderType.LIMIT, price=Decimal(1)),
        status=OrderStatus.WORKING,
        remaining=Decimal("0.1"),
        created_at=AT,
        updated_at=AT,
        origin=origin,
    )


def cancels(*orders: Order) -> list[object]:
    return [json.loads(frame) for frame in cancel_frames(orders)]


def test_one_cancel_by_id_or_by_cid_and_date() -> None:
    assert cancels(order(5, 99)) == [[0, "oc", None, {"id": 99}]]
    assert cancels(order(5, None)) == [[0, "oc", None, {"cid": 5, "cid_date": "2026-03-01"}]]
    assert cancels(order(77, None, Origin.ELSEWHERE)) == [[0, "oc", None, {"id": 77}]]


def test_several_cancels_in_one_frame_and_those_without_id_in_another() -> None:
    assert cancels(order(5, 99), order(6, 100), order(7, None), order(8, None)) == [
        [0, "oc_multi", None, {"id": [99, 100]}],
        [0, "oc_multi", None, {"cid": [[7, "2026-03-01"], [8, "2026-03-01"]]}],
    ]


def test_many_cancels_are_cut_into_chunks() -> None:
    sizes = [len(frame[3]["id"]) for frame in cancels(*(order(n, n) for n in range(160)))]  # type: ignore[index]  # JSON
    assert sizes == [75, 75, 10]


def test_no_cancels_no_frames() -> None:
    assert cancels() == []
