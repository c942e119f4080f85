"""What limits opening: each rule by its figure, its code and what it says to do."""

from dataclasses import replace
from datetime import time
from decimal import Decimal

import pytest

from engine.model.account import Wallet
from engine.model.order import OrderTerms, Side
from engine.model.risk import Guard
from engine.model.windows import Window
from engine.risk.circumstances import Circumstances
from engine.risk.policy import RiskPolicyEngine
from engine.risk.rulebook import CODES
from tests.unit.risk.made import BTC, BUY, LIMIT, NOW, world
from tests.unit.risk.weather import (
    ETH,
    LONG,
    LONG_AGO,
    MARGIN,
    MONDAYS,
    PAUSED,
    REFUSED,
    broken,
    holding,
    limited,
    locked,
    traded,
    tripped,
    unknown,
    windowed,
    with_state,
)


@pytest.mark.parametrize(("terms", "there", "code", "words"), REFUSED)
def test_each_limit_says_what_and_what_to_do(
    terms: OrderTerms, there: Circumstances, code: str, words: str
) -> None:
    verdict = RiskPolicyEngine().judge(terms, there)
    assert [reason.code for reason in verdict.reasons] == [code]
    assert words in verdict.reasons[0].sentence
    assert verdict.because == verdict.reasons[0].sentence
    assert [check.objection for check in verdict.checks if check.objection] == [verdict.because]
    assert code in CODES


@pytest.mark.parametrize(("terms", "there", "code", "words"), REFUSED)
def test_what_reduces_is_held_back_by_none_of_them(
    terms: OrderTerms, there: Circumstances, code: str, words: str
) -> None:
    ends = replace(
        BUY, side=Side.SELL, amount=Decimal("0.5"), wallet=Wallet.MARGIN, reduce_only=True
    )
    sells = replace(BUY, side=Side.SELL)
    for order in (ends, sells):
        verdict = RiskPolicyEngine().judge(order, replace(there, position=LONG))
        assert verdict.passes
        assert verdict.reduces


@pytest.mark.parametrize(("terms", "there", "code", "words"), REFUSED)
def test_switched_off_asks_nothing_but_whether_trading_is_paused(
    terms: OrderTerms, there: Circumstances, code: str, words: str
) -> None:
    there.risk.limits = replace(there.risk.limits, enabled=False)
    verdict = RiskPolicyEngine().judge(terms, there)
    assert verdict.off
    assert verdict.checks == ()
    assert verdict.passes is (code != "trading_paused")
    if verdict.passes:
        assert "Risk is switched OFF" in verdict.because


@pytest.mark.parametrize(
    ("terms", "there"),
    [
        (BUY, world()),
        (BUY, windowed(replace(MONDAYS, zone="UTC", days=((Window(time(9), time(17)),),) * 7))),
        (BUY, traded(limited(max_trades_per_day=3, max_trades_per_symbol_per_day=3), BTC, ETH)),
        (BUY, traded(limited(max_trades_per_day=1), BTC, ago=36_001)),
        (BUY, traded(limited(trade_cooldown_seconds=60, symbol_cooldown_seconds=60), BTC)),
        (BUY, replace(limited(max_open_orders=3), open_orders=2)),
        (BUY, limited(allowed_symbols=(BTC, ETH), denied_symbols=(ETH,))),
        (replace(LIMIT, price=Decimal(33000)), limited(price_band_percent=Decimal(10))),
        (replace(LIMIT, price=Decimal(1)), limited(price_band_percent=Decimal(0))),
        (BUY, limited(max_order_notional=Decimal(300))),
        (BUY, replace(world(), quoted_at=LONG_AGO, risk=limited(market_stale_seconds=0).risk)),
        (BUY, tripped(Guard.DAILY_LOSS, NOW)),
        (BUY, locked(until=NOW)),
        (BUY, broken(NOW)),
        (BUY, unknown(max_consecutive_losses=3)),
        (MARGIN, replace(limited(max_open_positions=2), positions=1)),
        (MARGIN, replace(limited(max_open_positions=1), positions=1, position=LONG)),
        (BUY, holding(700, max_position_percent=Decimal(10), max_exposure_percent=Decimal(10))),
        (BUY, holding(None)),
        (
            BUY,
            with_state(
                lambda there: there.risk.volatility.update({BTC: 10.0}),
                max_volatility_percent=Decimal(10),
            ),
        ),
    ],
)
def test_what_keeps_to_a_limit_passes(terms: OrderTerms, there: Circumstances) -> None:
    verdict = RiskPolicyEngine().judge(terms, there)
    assert verdict.reasons == ()
    assert "speaks against it" in verdict.because


def test_all_reasons_are_gathered_and_named() -> None:
    there = replace(locked(), paused=PAUSED)
    there.risk.limits = replace(there.risk.limits, max_order_notional=Decimal(1))
    verdict = RiskPolicyEngine().judge(replace(BUY, amount=Decimal("0.0001")), there)
    codes = [reason.code for reason in verdict.reasons]
    assert codes == ["below_minimum", "trading_paused", "symbol_locked", "max_notional"]
    assert verdict.because == (
        "4 rules speak against it: exchange's sizes, pause, locks, order's worth."
    )


def test_turning_a_position_round_counts_what_is_left_of_it() -> None:
    there = replace(holding(15_000, max_position_percent=Decimal(150)), position=LONG)
    turn = replace(MARGIN, side=Side.SELL, amount=Decimal("0.9"))
    assert RiskPolicyEngine().judge(turn, there).passes
    more = replace(MARGIN, side=Side.SELL, amount=Decimal("1.1"))
    assert [r.code for r in RiskPolicyEngine().judge(more, there).reasons] == ["max_position"]


def test_two_orders_do_not_turn_a_position_round_together_while_trading_is_paused() -> None:
    """Neither is bound to reduce it, and each alone is no larger than the position."""
    paused = replace(world(), paused=PAUSED, position=LONG)
    half = replace(MARGIN, side=Side.SELL, amount=abs(LONG.amount))
    assert RiskPolicyEngine().judge(half, paused).passes
    taken = replace(paused, spoken_for=abs(LONG.amount))
    assert [r.code for r in RiskPolicyEngine().judge(half, taken).reasons] == ["trading_paused"]
    assert RiskPolicyEngine().judge(replace(half, reduce_only=True), taken).passes
