"""What an account on paper holds, holds back, refuses, and finds again."""

from decimal import Decimal

import pytest

from engine.model.account import Wallet
from engine.model.change import OrderChange
from engine.model.order import OrderType, Side
from engine.model.report import (
    AmendRefused,
    CancelRefused,
    FillReport,
    OrderReport,
    PositionsReport,
    SubmissionRefused,
)
from tests.unit.paper.scripted import BTC, Paper, by_id

D = Decimal
MARGIN = Wallet.MARGIN


def refusal(paper: Paper) -> str:
    (refused,) = (r for r in paper.told if isinstance(r, SubmissionRefused))
    return refused.reason


@pytest.mark.parametrize(
    ("amount", "price", "words"),
    [
        ("200", 90, "Invalid order: not enough exchange balance for 200 BTCUSD at 90"),
        ("0.00001", 90, "Invalid order: minimum size for BTCUSD is 0.0001"),
        ("5000", 1, "Invalid order: maximum size for BTCUSD is 2000"),
    ],
)
def test_what_the_exchange_would_refuse(amount: str, price: int, words: str) -> None:
    paper = Paper()
    paper.order(OrderType.LIMIT, amount=amount, price=price)
    assert refusal(paper) == words
    assert paper.venue.picture(paper.now).orders == ()


def test_more_than_can_be_leant_on() -> None:
    paper = Paper()
    paper.order(OrderType.LIMIT, amount="400", price=90, wallet=MARGIN)
    assert "not enough tradable balance" in refusal(paper)


def test_open_orders_hold_back_and_let_go() -> None:
    paper = Paper()
    buy = paper.order(OrderType.LIMIT, amount="2", price=90)
    paper.order(OrderType.LIMIT, Side.SELL, amount="0.4", price=120)
    assert (paper.free("USD"), paper.free("BTC")) == (D(9820), D("0.6"))
    paper.cancel(buy)
    assert paper.last(buy).text == "CANCELED"
    assert paper.free("USD") == 10_000
    assert paper.total("USD") == 10_000


def test_what_is_held_back_is_not_spent_twice() -> None:
    paper = Paper()
    paper.order(OrderType.LIMIT, Side.SELL, amount="0.8", price=130)
    paper.order(OrderType.MARKET, Side.SELL, amount="0.3")
    assert "not enough exchange balance" in refusal(paper)
    stop = paper.order(OrderType.STOP, amount="50", trigger=110)
    paper.order(OrderType.LIMIT, amount="40", price=90)
    paper.market([(120, 100)], [(125, 100)])
    assert paper.fills(stop) == [(D(125), D("50"))]
    assert paper.free("USD") == 10_000 - 6_250 - 3_600


def test_a_stop_that_costs_more_than_there_is_fills_what_it_can() -> None:
    paper = Paper()
    order = paper.order(OrderType.STOP, amount="90", trigger=110)
    paper.market([(120, 100)], [(125, 100)])
    assert paper.fills(order) == [(D(125), D(80))]
    assert paper.last(order).text == "INSUFFICIENT BALANCE (G1) was: PARTIALLY FILLED @ 125(80)"
    assert paper.total("USD") == 0


def test_a_changed_order_trades_and_pays_by_its_new_terms() -> None:
    paper = Paper()
    order = paper.order(OrderType.LIMIT, amount="1", price=90)
    paper.amend(order, OrderChange(amount=D(2), price=D(91)))
    report = paper.last(order)
    assert (report.terms.amount, report.remaining, report.terms.price) == (D(2), D(2), D(91))
    assert paper.free("USD") == 10_000 - 182
    paper.amend(order, OrderChange(price=D(101)))
    assert paper.fills(order) == [(D(101), D(1))]
    paper.amend(order, OrderChange(amount=D("0.5")))
    paper.amend(order, OrderChange(amount=D(2_000)))
    refused = [r.reason for r in paper.told if isinstance(r, AmendRefused)]
    assert refused[0] == "amount: invalid"
    assert "not enough exchange balance" in refused[1]
    assert paper.last(order).remaining == 1


def test_what_is_not_there_cannot_be_changed_or_cancelled() -> None:
    paper = Paper()
    order = paper.order(OrderType.MARKET)
    paper.cancel(order)
    paper.amend(order, OrderChange(price=D(90)))
    refused = [r for r in paper.told if isinstance(r, CancelRefused | AmendRefused)]
    assert [(r.cid, r.reason) for r in refused] == [(order.key, "Order not found.")] * 2


def test_a_position_gains_and_loses() -> None:
    paper = Paper()
    paper.order(OrderType.MARKET, amount="1.5", wallet=MARGIN)
    paper.around(110)
    (position,) = paper.venue.picture(paper.now).positions
    assert position.base_price == D("101.33333333")
    assert position.profit == D("13")
    before = paper.total("USD", MARGIN)
    paper.order(OrderType.MARKET, Side.SELL, "1.5", wallet=MARGIN, reduce_only=True)
    fee = D("1.5") * 109 * D("0.002")
    assert paper.total("USD", MARGIN) == before + D("1.5") * 109 - 152 - fee
    last = [r for r in paper.told if isinstance(r, PositionsReport)][-1]
    assert [p.amount for p in last.positions] == [0]
    assert paper.total("USD") == 10_000


def test_a_position_turns_over() -> None:
    paper = Paper()
    paper.order(OrderType.MARKET, amount="1", wallet=MARGIN)
    paper.order(OrderType.MARKET, Side.SELL, amount="3", wallet=MARGIN)
    (position,) = paper.venue.picture(paper.now).positions
    assert (position.amount, position.base_price) == (D(-2), D(98))


@pytest.mark.parametrize(
    ("side", "amount", "text"),
    [
        (Side.BUY, "0.1", "RSN_POS_REDUCE_INCR"),
        (Side.SELL, "0.6", "RSN_POS_REDUCE_FLIP"),
    ],
)
def test_what_may_only_reduce(side: Side, amount: str, text: str) -> None:
    paper = Paper()
    early = paper.order(OrderType.MARKET, wallet=MARGIN, reduce_only=True)
    assert paper.last(early).text == "RSN_POS_NOTFOUND"
    paper.order(OrderType.MARKET, amount="0.5", wallet=MARGIN)
    order = paper.order(OrderType.MARKET, side, amount, wallet=MARGIN, reduce_only=True)
    assert paper.last(order).text == text
    assert paper.fills(order) == []


def test_close_closes_all_of_it() -> None:
    paper = Paper()
    paper.order(OrderType.MARKET, amount="0.7", wallet=MARGIN)
    order = paper.order(OrderType.MARKET, Side.SELL, "0.1", wallet=MARGIN, close=True)
    assert paper.fills(order) == [(D(99), D("0.7"))]
    assert paper.venue.picture(paper.now).positions == ()


def test_a_position_whose_margin_is_used_up_is_closed() -> None:
    paper = Paper()
    paper.around(100, 1_000)
    paper.order(OrderType.MARKET, amount="300", wallet=MARGIN)
    paper.around(90, 1_000)
    assert len(paper.venue.picture(paper.now).positions) == 1
    paper.around(70, 1_000)
    assert paper.venue.picture(paper.now).positions == ()
    forced = [r for r in paper.told if isinstance(r, OrderReport) and r.cid is None]
    assert forced[-1].text.startswith("FORCED EXECUTED @ 69(300)")


def test_everything_comes_back_as_it_was() -> None:
    paper = Paper()
    paper.order(OrderType.LIMIT, amount="1.5", price=101)
    paper.order(OrderType.TRAILING_STOP, Side.SELL, amount="0.2", trail=10)
    paper.order(OrderType.LIMIT, Side.SELL, "0.3", price=120, oco_stop=80)
    paper.order(OrderType.MARKET, amount="1", wallet=MARGIN)
    paper.cancel(paper.order(OrderType.LIMIT, price=90))
    before, venue = paper.venue.picture(paper.now), paper.venue
    stops = {order.order_id: order.stop for order in paper.papers.orders.values()}
    paper.restart()
    after = paper.venue.picture(paper.now)
    assert by_id(after) == by_id(before)
    assert {(b.wallet, b.currency, b.total) for b in after.balances} == {
        (b.wallet, b.currency, b.total) for b in before.balances
    }
    assert [(p.amount, p.base_price, p.position_id) for p in after.positions] == [
        (p.amount, p.base_price, p.position_id) for p in before.positions
    ]
    assert {order.order_id: order.stop for order in paper.papers.orders.values()} == stops
    assert paper.venue.trades(paper.now.min.replace(tzinfo=paper.now.tzinfo)) == venue.trades(
        paper.now.min.replace(tzinfo=paper.now.tzinfo)
    )
    assert not paper.venue.unsaved


def test_numbers_are_never_given_twice() -> None:
    paper = Paper()
    first = paper.last(paper.order(OrderType.MARKET))
    paper.restart()
    paper.around(100)
    second = paper.last(paper.order(OrderType.MARKET))
    numbers = {r.fill.trade_id for r in paper.told if isinstance(r, FillReport)}
    assert len(numbers) == 2
    assert second.order_id > max(first.order_id, *(numbers - {max(numbers)}))
    assert paper.papers.last_id < 1_000_000_000_000
    assert BTC in paper.venue.symbols or not paper.papers.orders
