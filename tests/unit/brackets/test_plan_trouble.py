"""Exits that somebody else has ended, or that the exchange would not have: one line each."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.brackets.plan import (
    ANSWER_OWED,
    BY_HAND,
    CLOSING_REFUSED,
    ENTRY_STILL_OPEN,
    GATHER_SECONDS,
    POSITION_GONE,
    REFUSED,
    RETRY_SECONDS,
    SETTLE_SECONDS,
    SLOW_SECONDS,
    WHILE_AWAY,
    Action,
    Amend,
    Close,
    Expose,
    Place,
    Recede,
    Wait,
    Withdraw,
    plan,
)
from engine.brackets.situation import Situation
from engine.looks import AWAY
from engine.model.bracket import BracketStatus, Fallback
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus
from tests.unit.brackets.made import (
    ENTRY_KEY,
    ON_MARGIN,
    a_bracket,
    at_market,
    entry,
    lone_stop,
    situation,
    stop,
    take,
)

S, B = OrderStatus, BracketStatus
CANCELLED = "CANCELED"
NO_ROOM = "INSUFFICIENT BALANCE (G1)"
NO_POSITION = "RSN_POS_NOTFOUND"
CLOSES = a_bracket(fallback=Fallback.CLOSE)
OF_MARGIN = a_bracket(terms=ON_MARGIN)
BOUNDED = replace(OF_MARGIN, bounded=True)


def keys(*numbers: int) -> tuple[OrderKey, ...]:
    return tuple(OrderKey(number) for number in numbers)


def refusals(times: int, *, markets: int = 0) -> list[Order]:
    pairs = [lone_stop(10 + n, "4", S.REJECTED, reason="not now") for n in range(times)]
    closes = [at_market(50 + n, "4", S.REJECTED, reason="not now") for n in range(markets)]
    return [*pairs, *closes]


TABLE: dict[str, tuple[Situation, Action | None]] = {
    "both cancelled by hand": (
        situation(
            a_bracket(),
            entry("10"),
            take(2, "10", S.CANCELLED, reason=CANCELLED),
            stop(3, "10", S.CANCELLED, reason=CANCELLED),
        ),
        Close(reason=BY_HAND, after=SETTLE_SECONDS, loudly=True),
    ),
    "by hand, while the entry works": (
        situation(a_bracket(), entry("4"), lone_stop(2, "4", S.CANCELLED, reason=CANCELLED)),
        Close(reason=BY_HAND + ENTRY_STILL_OPEN, after=SETTLE_SECONDS, loudly=True),
    ),
    "one cancelled by hand": (
        situation(
            a_bracket(), entry("10"), take(2, "10"), stop(3, "10", S.CANCELLED, reason=CANCELLED)
        ),
        Close(
            reason=f"{BY_HAND}; the other is left at work as it is",
            after=SETTLE_SECONDS,
            loudly=True,
        ),
    ),
    "cancelled with the link": (
        situation(
            a_bracket(),
            entry("10"),
            lone_stop(2, "10", S.CANCELLED, reason=f"cancelled {AWAY}"),
        ),
        Close(reason=WHILE_AWAY, after=SETTLE_SECONDS, loudly=True),
    ),
    "cancelled with the link by a dead-man switch": (
        replace(
            situation(
                a_bracket(),
                entry("10"),
                lone_stop(2, "10", S.CANCELLED, reason=f"cancelled {AWAY}"),
            ),
            dead_man=True,
        ),
        Place(size=Decimal(10)),
    ),
    "on margin, with the position gone": (
        situation(
            OF_MARGIN,
            entry("10", terms=ON_MARGIN),
            lone_stop(2, "10", S.CANCELLED, reason=CANCELLED),
        ),
        Close(reason=POSITION_GONE, after=SETTLE_SECONDS),
    ),
    "ended because the position was gone": (
        situation(
            OF_MARGIN,
            entry("10", terms=ON_MARGIN),
            lone_stop(2, "10", S.CANCELLED, reason=NO_POSITION),
        ),
        Close(reason=POSITION_GONE, after=SETTLE_SECONDS),
    ),
    "ended because the position had become smaller": (
        situation(
            OF_MARGIN,
            entry("10", terms=ON_MARGIN),
            lone_stop(2, "10", S.CANCELLED, reason="RSN_POS_REDUCE_FLIP"),
            position="3",
        ),
        Place(size=Decimal(3), after=RETRY_SECONDS[1]),
    ),
    "at work without a position": (
        situation(OF_MARGIN, entry("10", terms=ON_MARGIN), lone_stop(2, "10")),
        Recede(left=Decimal(0), held=Decimal(10)),
    ),
    "at work for more than the position": (
        situation(OF_MARGIN, entry("10", terms=ON_MARGIN), lone_stop(2, "10"), position="3"),
        Recede(left=Decimal(3), held=Decimal(10)),
    ),
    "at work for a part of a position": (
        situation(OF_MARGIN, entry("10", terms=ON_MARGIN), lone_stop(2, "10"), position="30"),
        None,
    ),
    "at work against a position of the other side": (
        situation(OF_MARGIN, entry("10", terms=ON_MARGIN), lone_stop(2, "10"), position="-10"),
        Recede(left=Decimal(0), held=Decimal(10)),
    ),
    "a fill is guarded before its position is told": (
        situation(OF_MARGIN, entry("10", terms=ON_MARGIN), lone_stop(2, "4"), position="4"),
        Amend(sizes=((OrderKey(2), Decimal(10)),), after=GATHER_SECONDS),
    ),
    "on spot no position is looked for": (
        situation(a_bracket(), entry("10"), lone_stop(2, "10")),
        None,
    ),
    "bounded by a position that is gone": (
        situation(BOUNDED, entry("10", terms=ON_MARGIN), lone_stop(2, "10")),
        Withdraw(keys=(OrderKey(2),)),
    ),
    "bounded by a position that is smaller": (
        situation(BOUNDED, entry("10", terms=ON_MARGIN), lone_stop(2, "10"), position="3"),
        Amend(sizes=((OrderKey(2), Decimal(3)),), after=GATHER_SECONDS),
    ),
    "bounded, and its exits withdrawn": (
        situation(
            replace(BOUNDED, withdrawn=(OrderKey(2),)),
            entry("10", terms=ON_MARGIN),
            lone_stop(2, "10", S.CANCELLED, reason=CANCELLED),
        ),
        Close(reason=POSITION_GONE, after=SETTLE_SECONDS),
    ),
    "ended by the exchange": (
        situation(a_bracket(), entry("4"), lone_stop(2, "4", S.CANCELLED, reason=NO_ROOM)),
        Place(size=Decimal(4), after=RETRY_SECONDS[1]),
    ),
    "a stop that found no book took the other along": (
        situation(
            a_bracket(),
            entry("4"),
            take(2, "4", S.CANCELLED, reason=CANCELLED),
            stop(3, "4", S.CANCELLED, reason="RSN_BOOK_SLIP"),
        ),
        Place(size=Decimal(4), after=RETRY_SECONDS[1]),
    ),
    "refused once": (
        situation(a_bracket(), entry("4"), *refusals(1)),
        Place(size=Decimal(4), after=RETRY_SECONDS[1]),
    ),
    "refused too often": (
        situation(a_bracket(), entry("4"), *refusals(4)),
        Expose(reason=f"{REFUSED}: not now"),
    ),
    "refused too often, and told": (
        situation(a_bracket(B.EXPOSED, reason=f"{REFUSED}: not now"), entry("4"), *refusals(4)),
        Place(size=Decimal(4), after=SLOW_SECONDS),
    ),
    "refused too often, told, and to be closed": (
        situation(
            replace(CLOSES, status=B.EXPOSED, reason=f"{REFUSED}: not now"),
            entry("4"),
            *refusals(4),
        ),
        Place(size=Decimal(4), at_market=True, closing=True),
    ),
    "closing is refused": (
        situation(
            replace(CLOSES, status=B.CLOSING, reason=f"{REFUSED}: not now"),
            entry("4"),
            *refusals(4, markets=1),
        ),
        Place(size=Decimal(4), at_market=True, closing=True, after=RETRY_SECONDS[1]),
    ),
    "closing is refused too often": (
        situation(
            replace(CLOSES, status=B.CLOSING, reason=f"{REFUSED}: not now"),
            entry("4"),
            *refusals(4, markets=4),
        ),
        Expose(reason=f"{CLOSING_REFUSED}: not now"),
    ),
    "closing is refused too often, and told": (
        situation(
            replace(CLOSES, status=B.EXPOSED, reason=f"{CLOSING_REFUSED}: not now"),
            entry("4"),
            *refusals(4, markets=4),
        ),
        Place(size=Decimal(4), at_market=True, closing=True, after=SLOW_SECONDS),
    ),
    "closed, but the entry still works": (
        situation(replace(CLOSES, status=B.CLOSING), entry("4"), at_market(2, "4", filled="4")),
        Withdraw(keys=(ENTRY_KEY,)),
    ),
    "closed, and the entry is lost": (
        situation(
            replace(CLOSES, status=B.CLOSING),
            entry("4", S.LOST),
            at_market(2, "4", filled="4"),
        ),
        None,
    ),
    "closing is under way": (
        situation(replace(CLOSES, status=B.CLOSING), entry("4"), at_market(2, "4", S.WORKING)),
        Wait(reason=ANSWER_OWED),
    ),
    "closed": (
        situation(replace(CLOSES, status=B.CLOSING), entry("10"), at_market(2, "10", filled="10")),
        Close(reason="closed at the market"),
    ),
    "closing, an exit comes to life": (
        situation(replace(CLOSES, status=B.CLOSING), entry("4"), lone_stop(2, "4")),
        Withdraw(keys=keys(2)),
    ),
    "a refusal long ago is forgotten": (
        situation(
            a_bracket(withdrawn=(2,)),
            entry("4"),
            *refusals(3),
            lone_stop(20, "4", S.CANCELLED, filled="0", reason=NO_ROOM),
        ),
        Expose(reason=f"{REFUSED}: {NO_ROOM}"),
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_what_is_to_be_done(name: str) -> None:
    now, wanted = TABLE[name]
    assert plan(now) == wanted


def test_a_change_of_size_that_is_not_answered_is_waited_for() -> None:
    pair = take(2, "4"), stop(3, "4")
    assert plan(situation(a_bracket(), entry("7"), *pair, owing=(3,))) == Wait(reason=ANSWER_OWED)
    assert isinstance(plan(situation(a_bracket(), entry("7"), *pair, owing=(1,))), Amend)
    given_up = plan(situation(a_bracket(), entry("7"), *pair, owing=(3,), stubborn=(3,)))
    assert isinstance(given_up, Withdraw)
