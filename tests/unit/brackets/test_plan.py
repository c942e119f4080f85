"""How things stand, and what is to be done: one line each."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.brackets.plan import (
    ANSWER_OWED,
    EXIT_LOST,
    FEE_SECONDS,
    GATHER_SECONDS,
    NOTHING_FILLED,
    SETTLE_SECONDS,
    Action,
    Amend,
    Close,
    Expose,
    Place,
    Wait,
    Withdraw,
    plan,
)
from engine.brackets.situation import Situation, guarded, is_exposed, standing
from engine.model.bracket import BracketStatus, Settled
from engine.model.ids import OrderKey
from engine.model.order import OrderStatus, Side
from tests.unit.brackets.made import (
    NOW,
    ON_MARGIN,
    STOP,
    TAKE,
    a_bracket,
    entry,
    lone_stop,
    situation,
    stop,
    take,
)

S, B = OrderStatus, BracketStatus
CANCELLED = "CANCELED"


def keys(*numbers: int) -> tuple[OrderKey, ...]:
    return tuple(OrderKey(number) for number in numbers)


def amend(*sizes: tuple[int, str], after: float = GATHER_SECONDS) -> Amend:
    return Amend(sizes=tuple((OrderKey(k), Decimal(size)) for k, size in sizes), after=after)


TABLE: dict[str, tuple[Situation, Action | None]] = {
    "nothing filled yet": (situation(a_bracket(B.WAITING), entry("0")), None),
    "an entry whose fate is unknown": (
        situation(a_bracket(B.WAITING), entry("0", S.PENDING)),
        None,
    ),
    "an entry given up for lost may still fill": (
        situation(a_bracket(B.WAITING), entry("0", S.LOST)),
        None,
    ),
    "the entry ended before it filled": (
        situation(a_bracket(B.WAITING), entry("0", S.CANCELLED)),
        Close(reason=NOTHING_FILLED),
    ),
    "the entry was refused": (
        situation(a_bracket(B.WAITING), entry("0", S.REJECTED)),
        Close(reason=NOTHING_FILLED),
    ),
    "a first part": (situation(a_bracket(B.WAITING), entry("4")), Place(size=Decimal(4))),
    "a part too small for an order waits": (
        situation(a_bracket(B.WAITING), entry("0.5")),
        None,
    ),
    "a part too small of an entry that ended": (
        situation(a_bracket(B.WAITING), entry("0.5", S.CANCELLED)),
        Expose(
            reason="0.5 BTC, less than the exchange's minimum of 1 BTC, was filled and cannot be "
            "guarded"
        ),
    ),
    "fees are taken off": (
        situation(
            a_bracket(B.WAITING),
            entry("4"),
            settled=Settled(amount=Decimal(4), fee=Decimal("-0.008")),
        ),
        Place(size=Decimal("3.992")),
    ),
    "fees not told yet are waited for a moment, and reckoned rounded up": (
        situation(
            a_bracket(B.WAITING),
            entry("3"),
            settled=Settled(amount=Decimal(1), fee=Decimal("-0.001")),
            fee_rate="0.00000000333",
        ),
        Place(size=Decimal("2.99899999"), after=FEE_SECONDS),
    ),
    "trades told before the order says so": (
        situation(a_bracket(B.WAITING), entry("0"), settled=Settled(amount=Decimal(2))),
        Place(size=Decimal(2)),
    ),
    "on margin fees are paid in quote": (
        situation(
            a_bracket(B.WAITING, terms=ON_MARGIN),
            entry("4", terms=ON_MARGIN),
            settled=Settled(),
            fee_rate="0.002",
        ),
        Place(size=Decimal(4)),
    ),
    "past the stop already": (
        situation(a_bracket(B.WAITING), entry("4"), breached=True),
        Place(size=Decimal(4), at_market=True),
    ),
    "exits are on their way": (
        situation(a_bracket(), entry("4"), take(2, "4", S.PENDING), stop(3, "4", S.PENDING)),
        Wait(reason=ANSWER_OWED),
    ),
    "one leg is on its way": (
        situation(a_bracket(), entry("6"), take(2, "4"), stop(3, "4", S.PENDING)),
        Wait(reason=ANSWER_OWED),
    ),
    "an exit is lost": (
        situation(a_bracket(), entry("4"), lone_stop(2, "4", S.LOST)),
        Expose(reason=EXIT_LOST),
    ),
    "an exit is lost, and that was told": (
        situation(a_bracket(B.EXPOSED, reason=EXIT_LOST), entry("4"), lone_stop(2, "4", S.LOST)),
        Wait(reason=EXIT_LOST),
    ),
    "an exit is lost, and somebody has looked": (
        situation(
            replace(a_bracket(B.EXPOSED, reason=EXIT_LOST), forgiven=keys(2)),
            entry("4"),
            lone_stop(2, "4", S.LOST),
        ),
        Place(size=Decimal(4)),
    ),
    "all is guarded": (situation(a_bracket(), entry("4"), take(2, "4"), stop(3, "4")), None),
    "more is filled": (
        situation(a_bracket(), entry("6"), take(2, "4"), stop(3, "4")),
        amend((3, "6"), (2, "6")),
    ),
    "one leg has grown": (
        situation(a_bracket(), entry("6"), take(2, "4"), stop(3, "6")),
        amend((2, "6")),
    ),
    "more is filled than traded of a stop alone": (
        situation(
            a_bracket(take_profit=None),
            entry("6"),
            lone_stop(2, "4", S.PARTLY_FILLED, filled="1"),
        ),
        amend((2, "6")),
    ),
    "a fee was greater than reckoned": (
        situation(
            a_bracket(),
            entry("4"),
            take(2, "4"),
            stop(3, "4"),
            settled=Settled(amount=Decimal(4), fee=Decimal("-0.1")),
        ),
        amend((3, "3.9"), (2, "3.9")),
    ),
    "an exit that will not be amended": (
        situation(a_bracket(), entry("6"), take(2, "4"), stop(3, "4"), stubborn=(2,)),
        Withdraw(keys=keys(2, 3), after=GATHER_SECONDS),
    ),
    "exits taken back are still at work": (
        situation(a_bracket(withdrawn=(2, 3)), entry("6"), take(2, "4"), stop(3, "4")),
        Withdraw(keys=keys(2, 3)),
    ),
    "one of them is": (
        situation(
            a_bracket(withdrawn=(2, 3)),
            entry("6"),
            take(2, "4", S.CANCELLED, reason=CANCELLED),
            stop(3, "4"),
        ),
        Withdraw(keys=keys(3)),
    ),
    "exits taken back have ended": (
        situation(
            a_bracket(withdrawn=(2, 3)),
            entry("6"),
            take(2, "4", S.CANCELLED, reason=CANCELLED),
            stop(3, "4", S.CANCELLED, reason=CANCELLED),
        ),
        Place(size=Decimal(6)),
    ),
    "taken back, one had traded a little": (
        situation(
            a_bracket(withdrawn=(2,)),
            entry("6"),
            lone_stop(2, "4", S.CANCELLED, filled="1", reason=CANCELLED),
        ),
        Place(size=Decimal(5)),
    ),
    "two exits at once, however that came": (
        situation(a_bracket(), entry("4"), lone_stop(2, "4"), lone_stop(3, "4")),
        Withdraw(keys=keys(2, 3)),
    ),
    "the take profit trades, the stop is gone": (
        situation(
            a_bracket(),
            entry("4"),
            take(2, "4", S.PARTLY_FILLED, filled="1"),
            stop(3, "4", S.CANCELLED, reason=CANCELLED),
        ),
        Withdraw(keys=keys(2)),
    ),
    "what is left of it is too little for another": (
        situation(
            a_bracket(),
            entry("4"),
            take(2, "4", S.PARTLY_FILLED, filled="3.5"),
            stop(3, "4", S.CANCELLED, reason=CANCELLED),
        ),
        None,
    ),
    "the stop trades, the take profit is gone": (
        situation(
            a_bracket(),
            entry("4"),
            take(2, "4", S.CANCELLED, reason=CANCELLED),
            stop(3, "4", S.PARTLY_FILLED, filled="1"),
        ),
        None,
    ),
    "one leg is filled and the end of the other not told": (
        situation(a_bracket(), entry("10"), take(2, "10", S.FILLED, filled="10"), stop(3, "10")),
        Withdraw(keys=keys(3), after=SETTLE_SECONDS),
    ),
    "the take profit is filled": (
        situation(
            a_bracket(),
            entry("10"),
            take(2, "10", S.FILLED, filled="10"),
            stop(3, "10", S.CANCELLED, reason=CANCELLED),
        ),
        Close(reason="take profit is filled"),
    ),
    "the stop is filled": (
        situation(
            a_bracket(),
            entry("10"),
            take(2, "10", S.CANCELLED, reason=CANCELLED),
            stop(3, "10", S.FILLED, filled="10"),
        ),
        Close(reason="stop loss is filled"),
    ),
    "filled, but the entry still works": (
        situation(
            a_bracket(),
            entry("4"),
            take(2, "4", S.FILLED, filled="4"),
            stop(3, "4", S.CANCELLED, reason=CANCELLED),
        ),
        None,
    ),
    "filled, and the entry goes on filling": (
        situation(
            a_bracket(),
            entry("6"),
            take(2, "4", S.FILLED, filled="4"),
            stop(3, "4", S.CANCELLED, reason=CANCELLED),
        ),
        Place(size=Decimal(2)),
    ),
    "filled but for dust": (
        situation(a_bracket(), entry("10"), lone_stop(2, "9.5", S.FILLED, filled="9.5")),
        Close(
            reason="exits are filled; left over is 0.5 BTC, less than the exchange's minimum "
            "of 1 BTC"
        ),
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_what_is_to_be_done(name: str) -> None:
    now, wanted = TABLE[name]
    assert plan(now) == wanted


def test_prices_are_where_somebody_has_moved_them_to() -> None:
    moved = replace(stop(3, "4"), terms=replace(stop(3, "4").terms, trigger=Decimal(29500)))
    now = situation(a_bracket(), entry("4"), take(2, "4"), moved)
    assert now.prices == (Decimal(29500), TAKE)
    assert situation(a_bracket(), entry("4")).prices == (STOP, TAKE)
    assert situation(a_bracket(stop_loss=None), entry("4")).prices == (None, TAKE)


def test_what_is_guarded_is_the_least_of_a_pair_that_is_not_being_taken_back() -> None:
    uneven = situation(a_bracket(), entry("6"), take(2, "4"), stop(3, "6"))
    assert guarded(uneven) == 4
    assert is_exposed(uneven)
    back = situation(a_bracket(withdrawn=(2, 3)), entry("4"), take(2, "4"), stop(3, "4"))
    assert guarded(back) == 0
    dust = situation(a_bracket(), entry("0.5"))
    assert not is_exposed(dust)


def test_how_it_stands_is_news_only_once() -> None:
    now = situation(a_bracket(B.WAITING), entry("4"), take(2, "4"), stop(3, "4"))
    stands = standing(now, NOW)
    assert (stands.status, stands.held, stands.guarded) == (B.GUARDED, Decimal(4), Decimal(4))
    assert standing(replace(now, bracket=stands), NOW) is stands
    waits = situation(a_bracket(B.WAITING), entry("0"))
    assert standing(waits, NOW) is waits.bracket


def test_a_short_is_guarded_as_far_as_its_position_reaches() -> None:
    short = replace(ON_MARGIN, side=Side.SELL)
    gone = lone_stop(2, "10", S.CANCELLED, reason="RSN_POS_REDUCE_FLIP")
    now = situation(a_bracket(terms=short), entry("10", terms=short), gone, position="-2")
    assert now.held == 2
