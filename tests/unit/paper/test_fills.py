"""What orders on paper get from a live book."""

from decimal import Decimal

import pytest

from engine.model.order import OrderStatus, OrderType, Side
from engine.model.report import (
    BalancesReport,
    FillReport,
    OrderReport,
    SubmissionNoted,
)
from tests.unit.paper.scripted import BTC, Paper

D = Decimal


def test_a_market_order_walks_the_book() -> None:
    paper = Paper()
    order = paper.order(OrderType.MARKET, amount="1.5")
    assert paper.fills(order) == [(D(101), D(1)), (D(102), D("0.5"))]
    report = paper.last(order)
    assert report.status is OrderStatus.FILLED
    assert report.average == D("101.33333333")
    assert report.text == "EXECUTED @ 102(0.5): was PARTIALLY FILLED @ 101(1)"
    assert paper.total("USD") == 10_000 - 101 - 51
    assert paper.total("BTC") == D(1) + D("1.5") * D("0.998")


def test_it_is_told_in_the_exchanges_order() -> None:
    paper = Paper()
    order = paper.order(OrderType.MARKET, amount="0.5")
    kinds = [type(report) for report in paper.told]
    assert kinds == [SubmissionNoted, FillReport, FillReport, OrderReport, BalancesReport]
    first, settled = (r.fill for r in paper.told if isinstance(r, FillReport))
    assert (first.fee, settled.fee, settled.fee_currency) == (None, D("-0.001"), "BTC")
    assert first.trade_id == settled.trade_id
    assert not settled.maker
    assert paper.last(order).remaining == 0


def test_a_book_that_is_too_thin_fills_a_part() -> None:
    paper = Paper()
    order = paper.order(OrderType.MARKET, amount="5")
    assert sum(amount for _, amount in paper.fills(order)) == 3
    report = paper.last(order)
    assert (report.status, report.remaining) == (OrderStatus.CANCELLED, D(2))
    assert report.text.startswith("RSN_BOOK_SLIP was: PARTIALLY FILLED @ 101(1)")


def test_what_was_taken_is_gone_until_the_market_changes_it() -> None:
    paper = Paper()
    paper.order(OrderType.MARKET, amount="1")
    assert paper.fills(paper.order(OrderType.MARKET, amount="1")) == [(D(102), D(1))]
    paper.market([(99, 1)], [(101, 1), (102, 2)])
    assert paper.fills(paper.order(OrderType.MARKET, amount="0.5")) == [(D(102), D("0.5"))]
    paper.market([(99, 1)], [(101, 1.5), (102, 2)])
    assert paper.fills(paper.order(OrderType.MARKET, amount="0.5")) == [(D(101), D("0.5"))]


def test_a_limit_takes_what_it_may_and_rests_with_the_rest() -> None:
    paper = Paper()
    order = paper.order(OrderType.LIMIT, amount="1.5", price=101)
    report = paper.last(order)
    assert (report.status, report.remaining) == (OrderStatus.PARTLY_FILLED, D("0.5"))
    paper.around(99)
    assert paper.fills(order) == [(D(101), D(1)), (D(101), D("0.5"))]
    makers = [r.fill.maker for r in paper.told if isinstance(r, FillReport) and r.fill.fee]
    assert makers == [False, True]
    assert paper.last(order).status is OrderStatus.FILLED


def test_a_resting_order_gets_no_more_than_crosses_it() -> None:
    paper = Paper()
    order = paper.order(OrderType.LIMIT, amount="2", price=95)
    paper.market([(93, 1)], [(94, 0.5), (95, 0.25), (96, 9)])
    assert paper.fills(order) == [(D(95), D("0.5")), (D(95), D("0.25"))]
    paper.market([(93, 1)], [(94, 0.5), (95, 0.25), (96, 9)])
    assert paper.last(order).remaining == D("1.25")


@pytest.mark.parametrize(
    ("kind", "amount", "price", "got", "text"),
    [
        (OrderType.IOC, "2", 101, 1, "IOC CANCELED was: PARTIALLY FILLED @ 101(1)"),
        (OrderType.IOC, "2", 100, 0, "IOC CANCELED"),
        (OrderType.FOK, "2", 101, 0, "FILLORKILL CANCELED"),
        (OrderType.FOK, "2", 102, 2, "EXECUTED @ 102(1): was PARTIALLY FILLED @ 101(1)"),
    ],
)
def test_passing_orders(kind: OrderType, amount: str, price: int, got: int, text: str) -> None:
    paper = Paper()
    order = paper.order(kind, amount=amount, price=price)
    assert sum(amount for _, amount in paper.fills(order)) == got
    assert paper.last(order).text == text


def test_post_only_never_takes() -> None:
    paper = Paper()
    order = paper.order(OrderType.LIMIT, price=101, post_only=True)
    assert paper.last(order).text == "POSTONLY CANCELED"
    assert paper.fills(order) == []
    good = paper.order(OrderType.LIMIT, price=100, post_only=True)
    assert paper.last(good).status is OrderStatus.WORKING


def test_a_stop_waits_for_its_price() -> None:
    paper = Paper()
    stop = paper.order(OrderType.STOP, Side.SELL, trigger=90)
    paper.around(95)
    assert paper.fills(stop) == []
    paper.around(89)
    assert paper.fills(stop) == [(D(88), D("0.5"))]


def test_a_last_price_beyond_the_live_book_triggers_nothing() -> None:
    paper = Paper()
    stop = paper.order(OrderType.STOP, Side.SELL, trigger=90)
    paper.market([(99, 1)], [(101, 1)], last=80)
    assert paper.last(stop).status is OrderStatus.WORKING


def test_a_stop_limit_becomes_a_limit() -> None:
    paper = Paper()
    order = paper.order(OrderType.STOP_LIMIT, Side.SELL, trigger=90, price=95)
    paper.around(89)
    report = paper.last(order)
    assert (report.terms.type, report.terms.price) == (OrderType.LIMIT, D(95))
    assert report.terms.trigger is None
    assert report.status is OrderStatus.WORKING
    paper.around(97)
    assert paper.fills(order) == [(D(95), D("0.5"))]


def test_a_trailing_stop_follows_and_stays() -> None:
    paper = Paper()
    order = paper.order(OrderType.TRAILING_STOP, Side.SELL, trail=10)
    paper.around(120)
    paper.around(115)
    assert paper.fills(order) == []
    paper.around(109)
    assert paper.fills(order) == [(D(108), D("0.5"))]


def test_an_oco_is_one_intent() -> None:
    for price, survivor in ((121, "limit"), (79, "stop")):
        paper = Paper()
        order = paper.order(OrderType.LIMIT, Side.SELL, price=120, oco_stop=80)
        assert order.partner is not None
        stop = paper.reports(order.partner)[0]
        assert stop.parent_id == paper.last(order).order_id
        assert paper.free("BTC") == D("0.5")
        paper.around(price + 1 if survivor == "limit" else price)
        done = {
            "limit": paper.last(order).status,
            "stop": paper.reports(order.partner)[-1].status,
        }
        assert done.pop(survivor) is OrderStatus.FILLED
        assert [*done.values()] == [OrderStatus.CANCELLED]


def test_what_was_good_until_now_ends() -> None:
    paper = Paper()
    order = paper.order(OrderType.LIMIT, price=90, good_until=paper.now.replace(hour=1))
    paper.venue.expire(paper.now)
    paper.save()
    assert paper.last(order).status is OrderStatus.WORKING
    paper.venue.expire(paper.now.replace(hour=1))
    paper.save()
    assert paper.last(order).text == "CANCELED"


def test_out_of_sight_nothing_fills() -> None:
    paper = Paper()
    paper.venue.hide(BTC)
    order = paper.order(OrderType.MARKET)
    assert paper.fills(order) == []
    assert paper.last(order).text == "RSN_BOOK_SLIP"


@pytest.mark.parametrize("bids", [[], [(99, 1)]], ids=["one side gone", "crossed"])
def test_in_the_midst_of_a_move_nothing_is_triggered(bids: list[tuple[float, float]]) -> None:
    paper = Paper()
    stop = paper.order(OrderType.STOP, Side.SELL, trigger=90)
    paper.market(bids, [(81, 1)], last=80)
    assert paper.last(stop).status is OrderStatus.WORKING
    paper.market([(79, 1)], [(81, 1)], last=80)
    assert paper.fills(stop) == [(D(79), D("0.5"))]
