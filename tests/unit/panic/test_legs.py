"""What becomes of a leg that nobody can finish."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.ids import CommandId, OrderKey
from engine.model.market import Pair
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.panic import LegKind, LegState, Panic
from engine.model.symbol import Symbol
from engine.panic.legs import MOST_REFUSALS, legs
from engine.panic.plan import Cancel, End, Settle, plan
from engine.panic.situation import Asked, Situation, Stake

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BTC = Symbol("tBTCUSD")
PANIC = Panic(wishes=(CommandId("x"),), at=NOW, actor_id="tg:1", name="Olivia", spot=False)
CLOSING = Order(
    key=OrderKey(1),
    terms=OrderTerms(
        symbol=BTC,
        side=Side.SELL,
        amount=Decimal(1),
        type=OrderType.MARKET,
        wallet=Wallet.MARGIN,
        reduce_only=True,
    ),
    status=OrderStatus.WORKING,
    remaining=Decimal(1),
    created_at=NOW,
    updated_at=NOW,
)
STAKE = Stake(kind=LegKind.POSITION, name=BTC, symbol=BTC, held=Decimal(1), orders=(CLOSING,))


def situation(refused: int) -> Situation:
    asked = {CLOSING.key: Asked(refused, refused, NOW)}
    later = NOW.replace(hour=1)
    return Situation(panic=PANIC, now=later, stakes=(STAKE,), asked=asked)


def test_an_own_order_that_neither_trades_nor_goes_is_a_person_s_in_the_end() -> None:
    before = situation(MOST_REFUSALS - 1)
    assert legs(before)[1].state is LegState.AT_WORK
    assert Cancel((CLOSING.key,)) in plan(before)
    after = situation(MOST_REFUSALS)
    leg = legs(after)[1]
    assert leg.state is LegState.LEFT
    assert leg.is_left_over
    assert leg.by_hand == "close it on the exchange's own page"
    assert Settle(leg) in plan(after)
    settled = Situation(
        panic=Panic(
            wishes=PANIC.wishes,
            at=NOW,
            actor_id="tg:1",
            name="Olivia",
            spot=False,
            settled=legs(after),
        ),
        now=after.now,
        stakes=after.stakes,
        asked=after.asked,
    )
    assert plan(settled) == (End(legs(after)),)


def test_what_is_on_its_way_is_not_left() -> None:
    """Money that is leaving counts as spent, before its order is in the book."""
    pair = Pair(symbol=BTC, min_size=Decimal("0.0001"), max_size=Decimal(10), margin=True)
    coins = Stake(
        kind=LegKind.HOLDING,
        name="BTC",
        symbol=BTC,
        held=Decimal(1),
        free=Decimal(0),
        pair=pair,
    )
    spot = replace(PANIC, spot=True)
    leaving = Situation(panic=spot, now=NOW, stakes=(coins,), busy=frozenset({"BTC"}))
    assert legs(leaving)[1].state is LegState.AT_WORK
    assert not [step for step in plan(leaving) if isinstance(step, Settle) and step.leg.name]
    assert legs(replace(leaving, busy=frozenset()))[1].state is LegState.LEFT
