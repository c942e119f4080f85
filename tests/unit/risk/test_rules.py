"""Each rule: what it lets pass, and what it says when it does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from engine.model.account import Wallet
from engine.model.approval import ApprovedChange
from engine.model.change import OrderChange
from engine.model.event import TradingPaused
from engine.model.ids import OrderKey
from engine.model.market import Fees, Pair
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.position import Position
from engine.model.result import Refused
from engine.model.symbol import Symbol
from engine.risk.circumstances import Circumstances
from engine.risk.policy import RiskPolicyEngine

BTC = Symbol("tBTCUSD")
TERMS = OrderTerms(symbol=BTC, side=Side.BUY, amount=Decimal("0.01"), type=OrderType.MARKET)
WORLD = Circumstances(
    pair=Pair(symbol=BTC, min_size=Decimal("0.0002"), max_size=Decimal(2000), margin=True),
    market=Decimal(30000),
    fees=Fees(maker=Decimal("0.001"), taker=Decimal("0.002")),
    free=Decimal(1000),
    position=None,
    paused=None,
    now=datetime(2026, 11, 22, 10, tzinfo=UTC),
)
PAUSED = TradingPaused(
    at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC), actor_id="tg:1", name="Olivia", reason="news"
)
LONG = Position(symbol=BTC, amount=Decimal("0.5"), base_price=Decimal(29000))


def codes(terms: OrderTerms, world: Circumstances) -> list[str]:
    return [reason.code for reason in RiskPolicyEngine().objections(terms, world)]


def test_a_plain_order_passes() -> None:
    assert codes(TERMS, WORLD) == []


@pytest.mark.parametrize(
    ("terms", "world", "code"),
    [
        (TERMS, replace(WORLD, paused=PAUSED), "trading_paused"),
        (replace(TERMS, amount=Decimal("0.0001")), WORLD, "below_minimum"),
        (replace(TERMS, amount=Decimal("0.000123456789")), WORLD, "amount_precision"),
        (replace(TERMS, amount=Decimal(1)), WORLD, "not_enough_funds"),
        (TERMS, replace(WORLD, free=None), "balance_unknown"),
        (
            replace(TERMS, type=OrderType.LIMIT, price=Decimal("30000.12")),
            WORLD,
            "price_precision",
        ),
        (
            replace(TERMS, type=OrderType.STOP, trigger=Decimal(29000)),
            WORLD,
            "stop_would_fire",
        ),
        (
            replace(TERMS, side=Side.SELL, type=OrderType.STOP, trigger=Decimal(31000)),
            WORLD,
            "stop_would_fire",
        ),
        (replace(TERMS, reduce_only=True), WORLD, "reduce_only_needs_margin"),
        (
            replace(TERMS, reduce_only=True, wallet=Wallet.MARGIN),
            WORLD,
            "nothing_to_reduce",
        ),
        (
            replace(
                TERMS,
                side=Side.SELL,
                amount=Decimal(1),
                reduce_only=True,
                wallet=Wallet.MARGIN,
            ),
            replace(WORLD, position=LONG),
            "reduces_too_much",
        ),
        (
            replace(TERMS, wallet=Wallet.MARGIN),
            replace(WORLD, pair=replace(WORLD.pair, margin=False)),
            "no_margin_pair",
        ),
    ],
)
def test_each_rule_names_its_reason(terms: OrderTerms, world: Circumstances, code: str) -> None:
    assert code in codes(terms, world)


MARGIN = replace(TERMS, wallet=Wallet.MARGIN)
PERP = Symbol("tBTCF0:USTF0")
LIMIT = replace(TERMS, type=OrderType.LIMIT, price=Decimal(29000))
TRAILING = replace(TERMS, type=OrderType.TRAILING_STOP, trail=Decimal(100))
OCO = replace(LIMIT, oco_stop=Decimal(31000))
SOON = WORLD.now + timedelta(hours=1)


@pytest.mark.parametrize(
    "terms",
    [
        LIMIT,
        replace(LIMIT, type=OrderType.IOC),
        replace(LIMIT, type=OrderType.FOK),
        replace(LIMIT, good_until=SOON, group=7),
        replace(TERMS, type=OrderType.STOP_LIMIT, price=Decimal(31000), trigger=Decimal(30500)),
        TRAILING,
        OCO,
        replace(MARGIN, symbol=PERP, leverage=100),
    ],
)
def test_every_kind_of_order_passes(terms: OrderTerms) -> None:
    assert codes(terms, WORLD) == []


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (replace(LIMIT, price=None), "price_missing"),
        (replace(TERMS, type=OrderType.IOC), "price_missing"),
        (replace(TERMS, type=OrderType.FOK), "price_missing"),
        (replace(TRAILING, trail=None), "price_missing"),
        (replace(LIMIT, trigger=Decimal(31000)), "price_unused"),
        (replace(TRAILING, trail=Decimal(30000)), "trail_too_wide"),
        (replace(TRAILING, trail=Decimal(0)), "price_not_positive"),
        (replace(LIMIT, good_until=WORLD.now), "already_over"),
        (replace(LIMIT, type=OrderType.IOC, good_until=SOON), "no_lifetime"),
        (replace(LIMIT, type=OrderType.FOK, post_only=True), "cannot_post"),
        (replace(MARGIN, leverage=10), "no_leverage"),
        (replace(MARGIN, symbol=PERP, leverage=101), "leverage_out_of_range"),
        (replace(MARGIN, symbol=PERP, leverage=0), "leverage_out_of_range"),
        (replace(TERMS, symbol=PERP), "derivative_needs_margin"),
        (replace(TERMS, group=0), "group_out_of_range"),
        (replace(OCO, oco_stop=Decimal(29500)), "oco_beside_market"),
        (replace(OCO, price=Decimal(30500)), "oco_beside_market"),
        (replace(OCO, type=OrderType.IOC), "oco_needs_limit"),
        (replace(OCO, amount=Decimal("0.033")), "not_enough_funds"),
        (replace(TERMS, close=True), "reduce_only_needs_margin"),
        (replace(MARGIN, close=True), "nothing_to_reduce"),
    ],
)
def test_each_kind_of_order_has_its_own_reasons(terms: OrderTerms, code: str) -> None:
    assert code in codes(terms, WORLD)


def test_what_closes_a_whole_position_may_be_small() -> None:
    little = replace(LONG, amount=Decimal("0.0001"))
    close = replace(MARGIN, side=Side.SELL, amount=Decimal("0.0001"), close=True)
    world = replace(WORLD, position=little, paused=PAUSED)
    assert codes(close, world) == []
    assert "below_minimum" in codes(replace(close, close=False, reduce_only=True), world)


ORDER = Order(
    key=OrderKey(1),
    terms=replace(LIMIT, amount=Decimal("0.02")),
    status=OrderStatus.PARTLY_FILLED,
    remaining=Decimal("0.015"),
    created_at=WORLD.now,
    updated_at=WORLD.now,
)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (OrderChange(price=Decimal(28000)), []),
        (OrderChange(amount=Decimal("0.01")), []),
        (OrderChange(), ["nothing_changes"]),
        (OrderChange(price=Decimal(29000)), ["nothing_changes"]),
        (OrderChange(amount=Decimal("0.005")), ["filled_already"]),
        (OrderChange(price=Decimal("28000.5")), ["price_precision"]),
        (OrderChange(trigger=Decimal(31000)), ["price_unused"]),
        (OrderChange(price=Decimal(29500)), ["trading_paused"]),
        (OrderChange(amount=Decimal("0.03")), ["trading_paused"]),
        (OrderChange(amount=Decimal("0.05")), ["trading_paused", "not_enough_funds"]),
    ],
)
def test_a_change_is_reviewed_as_far_as_it_takes_on_more(
    change: OrderChange, said: list[str]
) -> None:
    world = replace(WORLD, paused=PAUSED)
    told = RiskPolicyEngine().review_change(ORDER, change, world)
    if said:
        assert isinstance(told, Refused)
        assert [reason.code for reason in told.reasons] == said
    else:
        assert told == ApprovedChange(order=ORDER, change=change)


def test_a_protective_stop_moves_while_paused_but_not_through_the_market() -> None:
    stop = replace(
        ORDER,
        terms=replace(
            MARGIN,
            side=Side.SELL,
            amount=Decimal("0.5"),
            type=OrderType.STOP,
            trigger=Decimal(28000),
            reduce_only=True,
        ),
        remaining=Decimal("0.5"),
    )
    world = replace(WORLD, paused=PAUSED, position=LONG)
    review = RiskPolicyEngine().objections_to_change
    assert review(stop, OrderChange(trigger=Decimal(29000)), world) == ()
    told = review(stop, OrderChange(trigger=Decimal(30500)), world)
    assert [reason.code for reason in told] == ["stop_would_fire"]
    fallen = replace(world, market=Decimal(27000))
    assert review(stop, OrderChange(amount=Decimal("0.4")), fallen) == ()


def test_reducing_passes_while_paused() -> None:
    paused = replace(WORLD, paused=PAUSED, position=LONG)
    sell_spot = replace(TERMS, side=Side.SELL)
    close = replace(TERMS, side=Side.SELL, reduce_only=True, wallet=Wallet.MARGIN)
    assert codes(sell_spot, paused) == []
    assert codes(close, paused) == []


def test_a_refusal_gathers_every_reason() -> None:
    worst = replace(TERMS, amount=Decimal("0.0001"))
    refused = RiskPolicyEngine().review(
        OrderKey(1), worst, replace(WORLD, paused=PAUSED, free=Decimal(0))
    )
    assert isinstance(refused, Refused)
    assert {reason.code for reason in refused.reasons} == {
        "trading_paused",
        "below_minimum",
        "not_enough_funds",
    }
