"""What becomes of a leg that nobody can finish."""

from datetime import UTC, datetime
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.ids import CommandId, OrderKey
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
