"""No policy, history or clock lets an order through that it should not, or holds an exit back."""

from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import assume, given, settings

from engine.model.account import Wallet
from engine.model.approval import ApprovedOrder
from engine.model.ids import OrderKey
from engine.model.order import OrderTerms, OrderType, Side
from engine.risk.circumstances import Circumstances
from engine.risk.policy import RiskPolicyEngine
from engine.risk.rulebook import CODES, OPENING, PAUSE
from tests.property.risk.test_windows import by_the_clock_on_the_wall
from tests.property.risk.worlds import BTC, opens, orders, worlds

LIMITING = {code for article in (PAUSE, *OPENING) for code in article.codes}
ENGINE = RiskPolicyEngine()


def _stands(until: datetime | None, at: datetime) -> bool:
    return until is None or until > at


def _price(terms: OrderTerms) -> Decimal:
    price = terms.price or Decimal(30000)
    return max(price, Decimal(30000)) if terms.side is Side.SELL else price


def broken_limits(terms: OrderTerms, there: Circumstances) -> set[str]:
    """What an opening order must not do, worked out without the rules."""
    risk, at = there.risk, there.now
    limits, wrong = risk.limits, set[str]()
    if there.paused is not None:
        wrong.add("trading_paused")
    if not limits.enabled:
        return wrong
    if not by_the_clock_on_the_wall(risk.windows, at):
        wrong.add("window_closed")
    wrong |= {
        f"guard_{g.name.lower()}" for g, trip in risk.trips.items() if _stands(trip.until, at)
    }
    if BTC in risk.locks and _stands(risk.locks[BTC].until, at):
        wrong.add("symbol_locked")
    if risk.breaker is not None and _stands(risk.breaker.until, at):
        wrong.add("trading_breaker")
    if BTC in limits.denied_symbols:
        wrong.add("symbol_denied")
    if limits.allowed_symbols and BTC not in limits.allowed_symbols:
        wrong.add("symbol_not_allowed")
    if 0 < limits.max_open_orders <= there.open_orders:
        wrong.add("max_open_orders")
    if limits.max_order_notional and terms.amount * _price(terms) > limits.max_order_notional:
        wrong.add("max_notional")
    if there.quoted_at and limits.market_stale_seconds:
        age = (at - there.quoted_at).total_seconds()
        wrong |= {"market_stale"} if age > limits.market_stale_seconds else set()
    paid = terms.price or there.average or there.market
    if limits.price_band_percent and abs(paid / 30000 - 1) * 100 > limits.price_band_percent:
        wrong.add("price_band")
    newest, last = risk.trades.newest, risk.trades.newest_of(BTC)
    if newest and at < newest + timedelta(seconds=limits.trade_cooldown_seconds):
        wrong.add("cooldown")
    if last and at < last + timedelta(seconds=limits.symbol_cooldown_seconds):
        wrong.add("symbol_cooldown")
    return wrong | _of_the_account(terms, there)


def _of_the_account(terms: OrderTerms, there: Circumstances) -> set[str]:
    risk, wrong = there.risk, set[str]()
    limits, equity = risk.limits, risk.equity.value
    measured = limits.max_position_percent + limits.max_exposure_percent
    if equity is None and measured + limits.max_daily_loss_percent + limits.max_drawdown_percent:
        wrong.add("equity_unknown")
    adds = terms.wallet is Wallet.MARGIN and there.position is None
    if adds and 0 < limits.max_open_positions <= there.positions:
        wrong.add("max_positions")
    seen = risk.volatility.get(BTC)
    if limits.max_volatility_percent:
        if seen is None:
            wrong.add("volatility_unknown")
        elif seen > limits.max_volatility_percent:
            wrong.add("max_volatility")
    if equity is not None and measured:
        wrong |= _too_much(terms, there, equity)
    return wrong


def _too_much(terms: OrderTerms, there: Circumstances, equity: Decimal) -> set[str]:
    if there.rate is None:
        return {"rate_unknown"}
    risk, wrong = there.risk, set[str]()
    held = there.position.amount if there.position and terms.wallet is Wallet.MARGIN else Decimal(0)
    grown = abs(held + terms.signed_amount) - abs(held)
    for code, most, worths in (
        ("max_position", risk.limits.max_position_percent, [risk.worth[BTC]]),
        ("max_exposure", risk.limits.max_exposure_percent, list(risk.worth.values())),
    ):
        if not most:
            continue
        known = [worth for worth in worths if worth is not None]
        if len(known) < len(worths):
            wrong.add("worth_unknown")
        elif sum(known) + grown * _price(terms) * there.rate > equity * most / 100:
            wrong.add(code)
    return wrong


@given(orders(), worlds())
@settings(max_examples=600, deadline=None)
def test_an_opening_order_is_refused_for_exactly_what_stands_against_it(
    terms: OrderTerms, there: Circumstances
) -> None:
    assume(opens(terms, there))
    codes = {reason.code for reason in ENGINE.judge(terms, there).reasons}
    told = codes & LIMITING
    assert told - _of_trades() == broken_limits(terms, there)
    if told:
        assert not isinstance(ENGINE.review(OrderKey(1), terms, there), ApprovedOrder)


def _of_trades() -> set[str]:
    return {"max_trades", "max_trades_symbol"}


@given(orders(), worlds())
@settings(max_examples=300, deadline=None)
def test_no_trade_is_opened_beyond_the_days_count(terms: OrderTerms, there: Circumstances) -> None:
    assume(opens(terms, there) and there.risk.limits.enabled)
    risk = there.risk
    day = there.now.date()
    codes = {reason.code for reason in ENGINE.judge(terms, there).reasons}
    if risk.windows.zone == "UTC":
        for most, done, code in (
            (risk.limits.max_trades_per_day, risk.trades.today(day), "max_trades"),
            (
                risk.limits.max_trades_per_symbol_per_day,
                risk.trades.of(BTC, day),
                "max_trades_symbol",
            ),
        ):
            assert (code in codes) is (0 < most <= done)


@given(orders(), worlds())
@settings(max_examples=300, deadline=None)
def test_what_reduces_is_never_held_back_by_a_limit(
    terms: OrderTerms, there: Circumstances
) -> None:
    assume(not opens(terms, there))
    verdict = ENGINE.judge(terms, there)
    assert verdict.reduces
    assert {reason.code for reason in verdict.reasons} & LIMITING == set()


@given(orders(), worlds())
@settings(max_examples=300, deadline=None)
def test_what_passes_only_because_it_reduces_is_bound_to_do_nothing_else(
    terms: OrderTerms, there: Circumstances
) -> None:
    """Whatever closes the position before it trades, it opens nothing that would be refused."""
    terms = replace(terms, wallet=Wallet.MARGIN)
    approved = ENGINE.review(OrderKey(1), terms, there)
    if not isinstance(approved, ApprovedOrder):
        return
    assert replace(approved.terms, reduce_only=terms.reduce_only) == terms
    if not approved.terms.reduce_only:
        held = abs(there.position.amount) if there.position else Decimal(0)
        later = replace(there, spoken_for=held)
        assert {r.code for r in ENGINE.judge(terms, later).reasons} & LIMITING == set()
    elif not terms.reduce_only:
        assert not opens(terms, there)
        assert ENGINE.spared(terms, there)
        assert ENGINE.judge(approved.terms, there).passes


@given(orders(), worlds())
@settings(max_examples=200, deadline=None)
def test_a_verdict_is_pure_and_explained(terms: OrderTerms, there: Circumstances) -> None:
    before = deepcopy(there)
    verdict = ENGINE.judge(terms, there)
    assert verdict == ENGINE.judge(terms, there) == RiskPolicyEngine().judge(terms, before)
    assert there == before
    assert ENGINE.objections(terms, there) == verdict.reasons
    assert verdict.because
    for reason in verdict.reasons:
        assert reason.code in CODES
        assert reason.sentence.endswith(".")
    if not verdict.off:
        objections = [check.objection for check in verdict.checks if check.objection]
        assert objections == [reason.sentence for reason in verdict.reasons]


@given(orders(), worlds())
@settings(max_examples=100, deadline=None)
def test_evaluate_says_what_the_review_does(terms: OrderTerms, there: Circumstances) -> None:
    verdict = ENGINE.evaluate(
        terms.symbol,
        terms.signed_amount,
        terms.price,
        world=there,
        type=terms.type,
        wallet=terms.wallet,
        reduce_only=terms.reduce_only,
    )
    approved = isinstance(ENGINE.review(OrderKey(1), terms, there), ApprovedOrder)
    assert verdict.passes is approved
    if terms.type is OrderType.MARKET and verdict.passes:
        bigger = replace(terms, amount=terms.amount * 10**9)
        assert not ENGINE.judge(bigger, there).passes
