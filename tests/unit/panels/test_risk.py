"""The risk panel in words: what blocks, what is off, what is not known."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bot.telegram.render import risk
from bot.telegram.render.locks import breaker, described
from bot.telegram.render.system import status
from bot.telegram.render.verdicts import close_to_limits, folded, switched_off
from engine.model.endpoint import EndpointType
from engine.model.event import TradingPaused
from engine.model.result import Verdict
from engine.model.risk import Check, RiskLimits
from tests.unit.panels.made import BROKEN, CALM, LOCK, NOW, TRIP, UNKNOWN
from tests.unit.telegram.made import TERMS
from tests.unit.telegram.test_render import STATUS


def test_a_calm_desk_shows_todays_figures() -> None:
    said = risk.panel(CALM)
    assert "Open for entries" in said
    for figure in ("9,500.00 USD", "-5.00", "24 %", "20 %"):
        assert figure in said, figure
    assert "SWITCHED OFF" not in said


def test_figures_stand_against_their_limits() -> None:
    limits = RiskLimits(
        max_trades_per_day=3, max_daily_loss_percent=Decimal(10), max_open_positions=2
    )
    said = risk.panel(replace(CALM, limits=limits))
    assert "2 of 3" in said
    assert "of -10 %" in said
    assert "1 of 2" in said


def test_whatever_blocks_is_told_with_its_way_out() -> None:
    paused = TradingPaused(at=NOW, actor_id="tg:1", name="Olivia", reason="news <now>")
    blocked = replace(
        CALM,
        paused=paused,
        open=False,
        window_until=NOW + timedelta(hours=19),
        trips=(TRIP,),
        breaker=BROKEN,
        locks=(LOCK,),
        limits=RiskLimits(trade_cooldown_seconds=900),
    )
    said = risk.panel(blocked)
    assert "Entries are blocked" in said
    assert "by Olivia" in said
    assert "news &lt;now&gt;" in said
    assert "opens Tue 08:30 UTC" in said
    assert "5.2 of 5 %, an admin resets it" in said
    assert "5 mishaps within 60 s; resets 13:45 UTC" in said
    assert "until 13:40 UTC" in said
    assert "Locked</b>: tBTCUSD" in said


def test_a_limit_that_is_used_up_blocks_and_is_told() -> None:
    limits = replace(CALM.limits, max_trades_per_day=2, max_exposure_percent=Decimal(20))
    shown = risk.panel(replace(CALM, limits=limits))
    assert shown.startswith("<b>Entries are blocked</b>")
    assert "• <b>Trades</b>: 2 of 2 today" in shown
    assert "• <b>Exposure</b>: 20 % of 20 %" in shown
    roomy = replace(limits, max_trades_per_day=3, max_exposure_percent=Decimal("20.1"))
    assert risk.panel(replace(CALM, limits=roomy)).startswith("<b>Open for entries</b>")


def test_a_small_drawdown_is_no_nought() -> None:
    mark = replace(CALM.mark, peak=Decimal(9504)) if CALM.mark is not None else None
    assert "Drawdown     0.04 %" in risk.panel(replace(CALM, mark=mark))


def test_risk_that_is_off_is_loud_everywhere() -> None:
    off = replace(CALM, limits=RiskLimits(enabled=False), open=False, trips=(TRIP,))
    verdict = Verdict(reasons=(), because="", off=True)
    for said in (
        risk.panel(off),
        status(STATUS, dms=False, risk=off),
        "\n".join(switched_off(verdict)),
    ):
        assert said.startswith("<b>RISK IS SWITCHED OFF</b>")
    assert "Window" not in risk.panel(off)


def test_unknown_equity_is_no_zero() -> None:
    said = risk.panel(UNKNOWN)
    assert "EQUITY UNKNOWN</b>: XAUT &lt;has&gt; no price" in said
    assert "unknown" in said
    assert "Open for entries" in said
    guarded = replace(UNKNOWN, limits=RiskLimits(max_drawdown_percent=Decimal(10)))
    assert "Entries are blocked" in risk.panel(guarded)
    assert risk.drawdown(UNKNOWN) is None
    assert risk.day_result(UNKNOWN) is None


def test_status_tells_breakers_and_guards() -> None:
    seen = replace(STATUS, breakers=(EndpointType.PRIVATE_TRADING,))
    said = status(seen, dms=False, risk=replace(CALM, trips=(TRIP,), breaker=BROKEN))
    assert "Transport breaker open</b>: private trading" in said
    assert "Guard on daily loss" in said
    assert "Trading breaker" in said


def test_breakers_tell_how_they_stand() -> None:
    assert "0 of 5 within 1 min" in breaker(CALM, ())
    tripped = breaker(replace(CALM, breaker=BROKEN), (EndpointType.PUBLIC_MARKET,))
    assert "has tripped" in tripped
    assert "public market" in tripped
    off = replace(CALM, limits=RiskLimits(breaker_events=0))
    assert "switched off" in breaker(off, ())
    assert "too &lt;wild&gt;" in described(LOCK, NOW, "UTC")


def test_a_verdict_unfolds_into_every_rule() -> None:
    verdict = Verdict(reasons=(), because="", checks=(Check("pause"), Check("locks")))
    (said,) = folded(verdict, ("trades today 2 of 3",))
    assert "Risk: all 2 rules pass" in said
    assert "<blockquote expandable>" in said
    assert "✓ pause" in said
    assert "trades today 2 of 3" in said
    assert folded(None) == []


def test_figures_near_their_limit_are_told() -> None:
    limits = RiskLimits(
        max_trades_per_day=3,
        max_open_orders=20,
        max_drawdown_percent=Decimal(25),
        max_order_notional=Decimal(1000),
    )
    near = close_to_limits(replace(CALM, limits=limits), TERMS, Decimal(900))
    assert near == [
        "trades today 2 of 3",
        "drawdown 24 % of 25 %",
        "worth of the order, at most 1,000.00 USD",
    ]
    assert close_to_limits(CALM, TERMS, Decimal(900)) == []
