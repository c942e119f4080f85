"""The policy as a whole: its parameters, its counters, and a rule that breaks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from engine.model.account import Wallet
from engine.model.approval import ApprovedOrder
from engine.model.change import OrderChange
from engine.model.event import TradingPaused
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.position import Position
from engine.model.result import Reason, Refused
from engine.model.risk import Lock, RiskLimits
from engine.model.risk_event import LimitChanged, WindowsChanged
from engine.model.symbol import Symbol
from engine.model.windows import TradingWindows
from engine.risk.asking import BrokenRule
from engine.risk.circumstances import Circumstances
from engine.risk.policy import RiskPolicyEngine
from engine.risk.renewal import renew
from engine.risk.rulebook import Article
from engine.risk.state import RiskState
from engine.risk.wish import terms_of
from tests.unit.risk.made import BTC, BUY, LIMIT, NOW, state, world

ETH = Symbol("tETHUSD")
HUNDRED = Decimal(100)
PAUSED = TradingPaused(at=NOW, actor_id="tg:1", name="Olivia", reason="")
RESTING = Order(
    key=OrderKey(1),
    terms=LIMIT,
    status=OrderStatus.WORKING,
    remaining=LIMIT.amount,
    created_at=NOW,
    updated_at=NOW,
)


@pytest.mark.parametrize(
    ("amount", "price", "kind", "expected"),
    [
        ("0.01", None, None, {"type": OrderType.MARKET, "side": Side.BUY}),
        ("-0.01", "100", None, {"type": OrderType.LIMIT, "price": HUNDRED, "side": Side.SELL}),
        ("1", "100", OrderType.STOP, {"trigger": HUNDRED, "price": None}),
        ("1", "100", OrderType.TRAILING_STOP, {"trail": HUNDRED, "price": None}),
        ("1", "100", OrderType.IOC, {"price": HUNDRED, "type": OrderType.IOC}),
    ],
)
def test_amounts_and_prices_are_read_as_the_exchange_writes_them(
    amount: str, price: str | None, kind: OrderType | None, expected: dict[str, object]
) -> None:
    terms = terms_of(
        BTC,
        Decimal(amount),
        None if price is None else Decimal(price),
        type=kind,
        wallet=Wallet.MARGIN,
        trigger=None,
        reduce_only=True,
    )
    assert {name: getattr(terms, name) for name in expected} == expected
    assert terms.signed_amount == Decimal(amount)
    assert (terms.wallet, terms.reduce_only) == (Wallet.MARGIN, True)


def test_evaluate_is_the_judgement_of_those_terms() -> None:
    engine, there = RiskPolicyEngine(), world()
    verdict = engine.evaluate(BTC, Decimal("0.01"), None, world=there)
    assert verdict == engine.judge(BUY, there)
    assert verdict.passes
    assert verdict.because == f"None of {len(verdict.checks)} rules speaks against it."
    assert {"pause", "funds", "price band", "locks", "drawdown guard"} <= {
        check.rule for check in verdict.checks
    }
    refused = engine.evaluate(BTC, Decimal("0.0001"), Decimal(29000), world=there)
    assert [reason.code for reason in refused.reasons] == ["below_minimum"]


def test_rules_that_are_off_are_not_asked() -> None:
    few = RiskPolicyEngine().judge(BUY, world()).checks
    all_on = RiskLimits(max_trades_per_day=1, max_open_orders=1, symbol_cooldown_seconds=1)
    more = RiskPolicyEngine().judge(BUY, world(state(all_on))).checks
    assert {check.rule for check in more} - {check.rule for check in few} == {
        "trades a day",
        "open orders",
        "cooldown in a symbol",
    }


def test_a_changed_limit_holds_from_the_next_order_on() -> None:
    engine, risk = RiskPolicyEngine(), state()
    assert engine.judge(BUY, world(risk)).passes
    change = LimitChanged(
        at=NOW, actor_id="tg:1", name="Olivia", limit="denied_symbols", value="tBTCUSD"
    )
    risk.apply(change)
    assert [r.code for r in engine.judge(BUY, world(risk)).reasons] == ["symbol_denied"]
    risk.apply(replace(change, value=None))
    assert engine.judge(BUY, world(risk)).passes


def test_recorded_trades_are_counted_by_the_zones_calendar() -> None:
    risk = RiskState()
    engine = RiskPolicyEngine(lambda: risk)
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    for symbol, at in ((BTC, late), (BTC, NOW), (ETH, NOW - timedelta(hours=1))):
        engine.record_trade(symbol, at)
    status = engine.status(NOW, paused=PAUSED, open_orders=3, positions=2)
    assert status.trades == ((BTC, 1), (ETH, 1))
    assert (status.trades_today, status.newest_trade) == (2, NOW)
    assert (status.open, status.window_until, status.paused) == (True, None, PAUSED)
    assert (status.open_orders, status.positions, status.exposure) == (3, 2, Decimal(0))
    stockholm = TradingWindows(zone="Europe/Stockholm")
    risk.apply(WindowsChanged(at=NOW, actor_id="tg:1", name="Olivia", windows=stockholm))
    assert engine.status(NOW).trades == ((BTC, 2), (ETH, 1))
    assert risk.trades.newest_of(ETH) == NOW - timedelta(hours=1)


def test_old_trades_are_let_go() -> None:
    risk = RiskState()
    for ago in (220, 210, 200, 1):
        risk.trades.record(BTC if ago == 1 else ETH, NOW - timedelta(hours=ago))
    assert risk.trades.newest_of(ETH) is None
    assert risk.trades.today((NOW - timedelta(hours=200)).date()) == 0
    assert risk.trades.today(NOW.date()) == 1


def test_exposure_is_unknown_where_a_holdings_worth_is() -> None:
    risk = state()
    risk.worth = {BTC: Decimal(100), ETH: Decimal(50)}
    assert RiskPolicyEngine(lambda: risk).status(NOW).exposure == Decimal(150)
    risk.worth[ETH] = None
    assert RiskPolicyEngine(lambda: risk).status(NOW).exposure is None


def _breaks(terms: OrderTerms, there: Circumstances) -> Reason | None:
    raise ZeroDivisionError("nothing to divide by")


def test_a_rule_that_breaks_refuses_the_order_and_says_which() -> None:
    engine = RiskPolicyEngine(opening=[Article("arithmetic", _breaks, ())])
    verdict = engine.judge(BUY, world())
    (reason,) = verdict.reasons
    assert isinstance(reason, BrokenRule)
    assert (reason.code, reason.symbol) == ("risk_error", BTC)
    assert reason.detail == "arithmetic: ZeroDivisionError: nothing to divide by"
    assert isinstance(engine.review(OrderKey(1), BUY, world()), Refused)
    sells = replace(BUY, side=Side.SELL)
    assert isinstance(engine.review(OrderKey(1), sells, world()), ApprovedOrder)


def test_a_change_away_from_the_market_is_held_against_the_band_alone() -> None:
    engine, there = RiskPolicyEngine(), replace(world(), paused=PAUSED)
    short = replace(RESTING, terms=replace(LIMIT, side=Side.SELL, wallet=Wallet.MARGIN))
    slip = OrderChange(price=Decimal(290_000))
    assert [r.code for r in engine.objections_to_change(short, slip, there)] == ["price_band"]
    assert engine.objections_to_change(short, OrderChange(price=Decimal(29100)), there) == ()
    more = OrderChange(amount=Decimal("0.02"))
    assert [r.code for r in engine.objections_to_change(short, more, there)] == ["trading_paused"]


STOP = replace(
    LIMIT, type=OrderType.STOP, price=None, trigger=Decimal(40_000), wallet=Wallet.MARGIN
)


@pytest.mark.parametrize(
    ("terms", "change"),
    [
        (
            replace(LIMIT, side=Side.SELL, wallet=Wallet.MARGIN, price=Decimal(40_000)),
            OrderChange(price=Decimal(30_000)),
        ),
        (replace(LIMIT, price=Decimal(20_000)), OrderChange(price=Decimal(30_000))),
        (STOP, OrderChange(trigger=Decimal(30_001))),
        (
            replace(STOP, side=Side.SELL, trigger=Decimal(20_000)),
            OrderChange(trigger=Decimal(29_999)),
        ),
        (
            replace(STOP, type=OrderType.TRAILING_STOP, trigger=None, trail=Decimal(5_000)),
            OrderChange(trail=Decimal(1)),
        ),
    ],
)
def test_what_would_trade_sooner_opens_as_a_new_order_would(
    terms: OrderTerms, change: OrderChange
) -> None:
    engine, there = RiskPolicyEngine(), replace(world(), paused=PAUSED)
    order = replace(RESTING, terms=terms)
    codes = [r.code for r in engine.objections_to_change(order, change, there)]
    assert "trading_paused" in codes


def test_a_low_limit_does_not_make_a_sale_worth_less() -> None:
    there = world(state(replace(RiskLimits(), max_order_notional=Decimal(16_000))))
    cheap = replace(
        LIMIT, side=Side.SELL, wallet=Wallet.MARGIN, amount=Decimal(1), price=Decimal(15_001)
    )
    assert "max_notional" in [r.code for r in RiskPolicyEngine().judge(cheap, there).reasons]


def test_what_ends_a_position_needs_no_margin_pair_any_more() -> None:
    held = Position(symbol=BTC, amount=Decimal("0.5"), base_price=Decimal(29_000))
    there = replace(world(), pair=replace(world().pair, margin=False), position=held)
    ends = replace(
        LIMIT, side=Side.SELL, wallet=Wallet.MARGIN, amount=Decimal("0.5"), reduce_only=True
    )
    assert RiskPolicyEngine().judge(ends, there).passes
    assert not RiskPolicyEngine().judge(replace(ends, reduce_only=False), there).passes


def test_a_stamp_is_renewed_unless_something_has_come_to_stand_against_it() -> None:
    risk = state()
    pending = replace(RESTING, status=OrderStatus.PENDING)

    def renewed(
        order: Order, paused: TradingPaused | None = None, position: Position | None = None
    ) -> ApprovedOrder | Refused:
        return renew(order, paused=paused, risk=risk, position=position, now=NOW)

    assert isinstance(renewed(pending), ApprovedOrder)
    assert isinstance(renewed(pending, PAUSED), Refused)
    risk.locks[BTC] = Lock(symbol=BTC, at=NOW, reason="3 stops")
    refused = renewed(pending)
    assert isinstance(refused, Refused)
    assert [reason.code for reason in refused.reasons] == ["symbol_locked"]
    exits = replace(pending, bracket=OrderKey(9))
    assert isinstance(renewed(exits, PAUSED), ApprovedOrder)
    ends = replace(pending, terms=replace(LIMIT, side=Side.SELL))
    assert isinstance(renewed(ends, PAUSED), ApprovedOrder)
