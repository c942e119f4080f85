"""Limits in words and buttons: every one has a choice that fits, and fits a button."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.telegram import parse
from bot.telegram.commands.limits import PRESETS
from bot.telegram.presses import panel
from bot.telegram.render import limits
from engine.model.limit_words import value_of
from engine.model.limits import LIMITS, LimitGroup
from engine.model.risk_result import LimitPreview
from tests.unit.panels.made import CALM, TRIP, UNKNOWN


@pytest.mark.parametrize("name", LIMITS)
def test_every_choice_fits(name: str) -> None:
    for word in (*PRESETS.get(name, ("1", "20")), "off" if not LIMITS[name].least else "1"):
        value_of(name, word)
        wish = parse.limits([name, word])
        assert (wish.name, wish.value, wish.sets) == (name, word, True)
        assert len(panel("limits", f"{name} {word}").encode()) <= 64
    assert limits.meaning(LIMITS[name], limits.word_in(CALM.limits, name))


@pytest.mark.parametrize(
    ("name", "word", "shown"),
    [
        ("trade_cooldown_seconds", "900", "15 min"),
        ("stop_streak_lock_minutes", "240", "4 h"),
        ("market_stale_seconds", "90", "90 s"),
        ("max_daily_loss_percent", "5", "5 %"),
        ("max_daily_loss_percent", "0", "off"),
        ("max_order_notional", "50000", "50,000"),
        ("guard_cooldown_minutes", "0", "by admin"),
        ("low_profit_percent", "0", "0 %"),
        ("allowed_symbols", "", "off"),
        ("equity_ignores", "", "none"),
        ("denied_symbols", "tBTCUSD,tETHUSD", "tBTCUSD, tETHUSD"),
        ("enabled", "on", "on"),
    ],
)
def test_figures_are_shown_as_people_read_them(name: str, word: str, shown: str) -> None:
    assert limits.figure(LIMITS[name], word) == shown


def test_the_overview_leaves_out_what_is_off() -> None:
    said = limits.overview(CALM)
    assert "Price band" in said
    assert "Drawdown" not in said
    assert "others are off" in said


@pytest.mark.parametrize("group", LimitGroup)
def test_a_group_shows_every_figure_and_what_it_means(group: LimitGroup) -> None:
    said = limits.group(CALM, group)
    for each in LIMITS.values():
        assert (each.group is not group) or each.title in said
    assert len(said) < 4096


def test_a_card_says_before_and_after() -> None:
    seen = LimitPreview(limit="max_trades_per_day", value=None, before="10", after="0", own="0")
    said = limits.card(seen, CALM)
    assert "10 → <b>off</b>" in said
    assert "As the settings have it." in said
    off = LimitPreview(limit="enabled", value="off", before="on", after="off", own="on")
    assert "NOTHING is asked any more" in limits.card(off, CALM)


def test_a_limit_that_is_passed_already_says_so() -> None:
    seen = LimitPreview(limit="max_exposure_percent", value="5", before="0", after="5", own="0")
    held = replace(CALM, exposure=Decimal(9500) * Decimal("0.403"))
    said = limits.card(seen, held)
    assert "All holdings together: at most 5 % of equity." in said
    assert "Exposure is 40.3 % now: nothing could be opened." in said
    assert "Exposure is" not in limits.card(replace(seen, after="50"), held)
    assert "Exposure is" not in limits.card(replace(seen, after="0"), held)


@pytest.mark.parametrize(
    ("name", "reached", "beyond", "told"),
    [
        ("max_daily_loss_percent", "5", "5.1", "The day has lost 5 % so far: its guard would trip"),
        ("max_drawdown_percent", "24", "24.1", "Drawdown is 24 % now: its guard would trip"),
        ("max_consecutive_losses", "1", "2", "lost in a row: 1 now. Its guard would trip"),
        ("max_trades_per_day", "2", "3", "Trades opened today: 2. No other could be."),
        ("max_open_positions", "1", "2", "Positions open now: 1. No other could be."),
        ("max_open_orders", "3", "4", "Orders open now: 3. No other could be placed."),
    ],
)
def test_how_things_stand_beyond_a_limit(name: str, reached: str, beyond: str, told: str) -> None:
    seen = LimitPreview(limit=name, value=reached, before="0", after=reached, own="0")
    assert told in limits.card(seen, CALM)
    off = replace(CALM, limits=replace(CALM.limits, enabled=False))
    assert told not in limits.card(seen, off)
    for other in (beyond, "0"):
        assert told not in limits.card(replace(seen, after=other), CALM)
    assert told not in limits.card(seen, UNKNOWN) or "percent" not in name


def test_a_guard_that_has_tripped_does_not_trip_again() -> None:
    seen = LimitPreview(limit="max_daily_loss_percent", value="4", before="5", after="4", own="5")
    assert "would trip" not in limits.card(seen, replace(CALM, trips=(TRIP,)))


def test_a_title_of_before_is_still_understood() -> None:
    assert parse.limits(["rejections", "before", "a", "stop", "2"]).name == "breaker_events"
