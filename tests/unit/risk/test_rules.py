"""Each rule: what it lets pass, and what it says when it does not."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.model.account import Wallet
from engine.model.event import TradingPaused
from engine.model.ids import OrderKey
from engine.model.market import Fees, Pair
from engine.model.order import OrderTerms, OrderType, Side
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
    free_base=Decimal(1),
    free_quote=Decimal(1000),
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
        (TERMS, replace(WORLD, free_quote=None), "balance_unknown"),
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


def test_reducing_passes_while_paused() -> None:
    paused = replace(WORLD, paused=PAUSED, position=LONG)
    sell_spot = replace(TERMS, side=Side.SELL)
    close = replace(TERMS, side=Side.SELL, reduce_only=True, wallet=Wallet.MARGIN)
    assert codes(sell_spot, paused) == []
    assert codes(close, paused) == []


def test_a_refusal_gathers_every_reason() -> None:
    worst = replace(TERMS, amount=Decimal("0.0001"))
    refused = RiskPolicyEngine().review(
        OrderKey(1), worst, replace(WORLD, paused=PAUSED, free_quote=Decimal(0))
    )
    assert isinstance(refused, Refused)
    assert {reason.code for reason in refused.reasons} == {
        "trading_paused",
        "below_minimum",
        "not_enough_funds",
    }
