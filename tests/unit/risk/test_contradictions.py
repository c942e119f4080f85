"""Limits that mean nothing together are told with what would be right."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.model.risk import RiskLimits
from engine.model.symbol import Symbol
from engine.risk.contradictions import contradictions
from tests.unit.risk.made import BTC

ETH = Symbol("tETHUSD")


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (
            RiskLimits(max_trades_per_day=3, max_trades_per_symbol_per_day=5),
            "5 trades a day are allowed in one symbol, but only 3 in all: Trades a day per symbol",
        ),
        (
            RiskLimits(trade_cooldown_seconds=60, symbol_cooldown_seconds=30),
            "symbol_cooldown_seconds) holds nothing back",
        ),
        (
            RiskLimits(max_position_percent=Decimal(50), max_exposure_percent=Decimal(20)),
            "One holding may be 50 % of equity, but all together only 20 %",
        ),
        (
            RiskLimits(allowed_symbols=(BTC, ETH), denied_symbols=(BTC,)),
            "tBTCUSD: allowed and denied at once",
        ),
        (RiskLimits(allowed_symbols=(BTC,), denied_symbols=(BTC, ETH)), "nothing at all may be"),
        (
            RiskLimits(
                stop_streak_trades=4, stop_streak_lookback_minutes=30, symbol_cooldown_seconds=900
            ),
            "4 closed trades within 30 minutes can hardly be, for 15 minutes must pass between "
            "two: lengthen stop_streak_lookback_minutes, or lower stop_streak_trades.",
        ),
        (
            RiskLimits(low_profit_trades=10, max_trades_per_symbol_per_day=2),
            "10 closed trades within 24 hours can hardly be, for only 2 a day are opened: "
            "lengthen low_profit_lookback_minutes",
        ),
    ],
)
def test_each_is_told(limits: RiskLimits, words: str) -> None:
    (note,) = contradictions(limits)
    assert words in note
    assert contradictions(replace(limits, enabled=False)) == ()


@pytest.mark.parametrize(
    "limits",
    [
        RiskLimits(),
        RiskLimits(max_trades_per_symbol_per_day=5),
        RiskLimits(max_trades_per_day=5, max_trades_per_symbol_per_day=5),
        RiskLimits(trade_cooldown_seconds=60),
        RiskLimits(max_position_percent=Decimal(50)),
        RiskLimits(max_position_percent=Decimal(20), max_exposure_percent=Decimal(20)),
        RiskLimits(allowed_symbols=(BTC,), denied_symbols=(ETH,)),
        RiskLimits(stop_streak_trades=3, max_trades_per_day=2, symbol_cooldown_seconds=3600),
    ],
)
def test_what_goes_together_is_not(limits: RiskLimits) -> None:
    assert contradictions(limits) == ()
