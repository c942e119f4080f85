"""What passes only because it reduces goes out reduce-only; what would pass anyway is left."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.model.account import Wallet
from engine.model.approval import ApprovedChange, ApprovedOrder
from engine.model.change import OrderChange
from engine.model.event import TradingPaused
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, OrderTerms, Side
from engine.model.position import Position
from engine.model.result import Refused
from engine.model.risk import Lock, RiskLimits
from engine.risk.binding import because
from engine.risk.circumstances import Circumstances
from engine.risk.policy import RiskPolicyEngine
from engine.risk.renewal import renew
from tests.unit.risk.made import BTC, LIMIT, NOW, state, world

PAUSED = TradingPaused(at=NOW, actor_id="tg:1", name="Olivia", reason="")
HELD = Position(symbol=BTC, amount=Decimal(1), base_price=Decimal(29_000))
SELL = replace(
    LIMIT, side=Side.SELL, wallet=Wallet.MARGIN, amount=Decimal(1), price=Decimal(31_000)
)
BOUND = replace(SELL, reduce_only=True)
ENGINE = RiskPolicyEngine()


def there(paused: TradingPaused | None = PAUSED) -> Circumstances:
    return replace(world(), position=HELD, paused=paused)


def sent(terms: OrderTerms, at: Circumstances) -> OrderTerms:
    approved = ENGINE.review(OrderKey(1), terms, at)
    assert isinstance(approved, ApprovedOrder), approved
    return approved.terms


def test_a_pause_binds_and_without_one_it_is_left_as_it_is() -> None:
    assert sent(SELL, there()) == BOUND
    assert sent(SELL, there(None)) == SELL
    assert sent(BOUND, there()) == BOUND


@pytest.mark.parametrize(
    "closes", [replace(SELL, close=True), replace(SELL, wallet=Wallet.EXCHANGE)]
)
def test_what_can_open_nothing_anyway_is_left_as_it_is(closes: OrderTerms) -> None:
    assert sent(closes, there()) == closes


def test_a_lock_and_a_limit_bind_too() -> None:
    risk = state(replace(RiskLimits(), max_order_notional=Decimal(100)))
    risk.locks[BTC] = Lock(symbol=BTC, at=NOW, reason="3 stops")
    at = replace(world(risk), position=HELD)
    assert sent(SELL, at) == BOUND
    assert because(ENGINE.spared(SELL, at)) == (
        "Sent as reduce-only, because nothing may be opened now (locks, order's worth): "
        "it may only close."
    )


def test_it_is_said_why() -> None:
    assert because(ENGINE.spared(SELL, there())) == (
        "Sent as reduce-only, because trading is paused: it may only close."
    )


def test_with_risk_switched_off_only_the_pause_binds() -> None:
    risk = state(replace(RiskLimits(), enabled=False))
    risk.locks[BTC] = Lock(symbol=BTC, at=NOW, reason="3 stops")
    at = replace(world(risk), position=HELD)
    assert sent(SELL, at) == SELL
    assert sent(SELL, replace(at, paused=PAUSED)) == BOUND


RESTING = Order(
    key=OrderKey(1),
    terms=replace(SELL, amount=Decimal("0.5")),
    status=OrderStatus.WORKING,
    remaining=Decimal("0.5"),
    created_at=NOW,
    updated_at=NOW,
)
LARGER = OrderChange(amount=Decimal(1))
NEARER = OrderChange(price=Decimal(30_500))
SMALLER = OrderChange(amount=Decimal("0.25"))
AWAY = OrderChange(price=Decimal(32_000))


def change_sent(change: OrderChange, at: Circumstances, order: Order = RESTING) -> OrderChange:
    approved = ENGINE.review_change(order, change, at)
    assert isinstance(approved, ApprovedChange), approved
    return approved.change


@pytest.mark.parametrize("change", [LARGER, NEARER])
def test_a_change_that_passes_only_because_it_reduces_binds_the_order(change: OrderChange) -> None:
    assert change_sent(change, there()) == replace(change, reduce_only=True)
    assert change_sent(change, there(None)) == change


@pytest.mark.parametrize("change", [SMALLER, AWAY])
def test_a_change_that_opens_no_more_than_before_is_left(change: OrderChange) -> None:
    assert change_sent(change, there()) == change


def test_nothing_is_unbound_while_opening_is_not_allowed() -> None:
    order = replace(RESTING, terms=replace(RESTING.terms, reduce_only=True))
    loose = OrderChange(reduce_only=False)
    refused = ENGINE.review_change(order, loose, there())
    assert isinstance(refused, Refused)
    assert [reason.code for reason in refused.reasons] == ["trading_paused"]
    assert change_sent(loose, there(None), order) == loose
    flat = replace(there(), position=None)
    assert isinstance(ENGINE.review_change(order, loose, flat), Refused)


def test_what_never_arrived_is_sent_anew_only_where_it_may_open() -> None:
    pending = replace(RESTING, status=OrderStatus.PENDING)
    risk = state()

    def renewed(order: Order, taken: str | None = None) -> ApprovedOrder | Refused:
        return renew(order, paused=PAUSED, risk=risk, position=HELD, now=NOW, taken=taken)

    assert isinstance(renewed(pending), Refused)
    bound = replace(pending, terms=replace(pending.terms, reduce_only=True))
    assert isinstance(renewed(bound), ApprovedOrder)
    assert isinstance(renewed(bound, "Your rights are frozen."), ApprovedOrder)
    gone = renew(
        pending, paused=None, risk=risk, position=HELD, now=NOW, taken="Your rights are frozen."
    )
    assert isinstance(gone, Refused)
    assert gone.reasons[0].sentence == "Your rights are frozen."
