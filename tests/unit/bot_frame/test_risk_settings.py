"""What risk begins with, as the settings say."""

from dataclasses import fields
from datetime import time
from decimal import Decimal

import pytest

from bot.settings.names import KNOWN
from engine.model.risk import RiskLimits
from engine.model.symbol import Symbol
from engine.model.windows import TradingWindows, Window
from engine.risk.state import RiskPolicy
from tests.unit.bot_frame.environment import loaded, refused


def test_unset_is_the_policy_of_the_house() -> None:
    assert loaded().risk.policy("UTC") == RiskPolicy()


def test_every_figure_has_a_setting_of_its_name() -> None:
    named = {field.name.upper() for field in fields(RiskLimits)} - {"ENABLED"}
    assert {*named, "RISK_ENABLED"} - set(KNOWN) == set()


def test_each_figure_is_taken() -> None:
    policy = loaded(
        RISK_ENABLED="false",
        MAX_TRADES_PER_DAY="5",
        PRICE_BAND_PERCENT="2.5",
        ALLOWED_SYMBOLS="tBTCUSD, tAAVE:USD",
        EQUITY_IGNORES="XAUT",
        EQUITY_CURRENCY="EUR",
        TRADING_PAUSED="true",
    ).risk.policy("Europe/Stockholm")
    assert policy.limits == RiskLimits(
        enabled=False,
        max_trades_per_day=5,
        price_band_percent=Decimal("2.5"),
        allowed_symbols=(Symbol("tBTCUSD"), Symbol("tAAVE:USD")),
        equity_ignores=("XAUT",),
    )
    assert (policy.currency, policy.paused) == ("EUR", True)
    assert policy.windows == TradingWindows(zone="Europe/Stockholm")


def test_windows_are_hours_of_their_zone_or_of_the_house() -> None:
    hours = '{"windows": {"mon": [["08:00", "24:00"]]}}'
    policy = loaded(TRADING_WINDOWS=hours).risk.policy("Europe/Stockholm")
    assert policy.windows.zone == "Europe/Stockholm"
    assert policy.windows.days[0] == (Window(time(8), time(0)),)
    theirs = '{"timezone": "Asia/Tokyo", "windows": {}, "paused": true}'
    policy = loaded(TRADING_WINDOWS=theirs).risk.policy("Europe/Stockholm")
    assert (policy.windows.zone, policy.paused) == ("Asia/Tokyo", True)


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("MAX_TRADES_PER_DAY", "-1", "a whole number from 0 to 1000000"),
        ("MAX_TRADES_PER_DAY", "1.5", "a whole number"),
        ("PRICE_BAND_PERCENT", "NaN", "a number from 0 to 1000"),
        ("BREAKER_WINDOW_SECONDS", "0", "from 1 to 86400"),
        ("ALLOWED_SYMBOLS", "tBTC USD", "must be symbols such as tBTCUSD,tETHUSD"),
        ("EQUITY_CURRENCY", "dollars", "such as USD"),
        ("TRADING_WINDOWS", "weekdays", 'this is no JSON. For example: {"timezone"'),
        ("TRADING_WINDOWS", '{"windows": {"monday": []}}', "the keys mon, tue"),
    ],
)
def test_nonsense_is_refused_with_what_would_be_right(name: str, value: str, word: str) -> None:
    told = refused(**{name: value})
    assert name in told
    assert word in told
