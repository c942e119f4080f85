"""Changes, brackets and things made elsewhere as news: who is rung, and what is said to act."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.telegram.digest import digested
from bot.telegram.news import news_of
from bot.telegram.tidings import News
from engine.model.bracket import Bracket, BracketStatus, BracketTerms, Fallback
from engine.model.change import OrderChange
from engine.model.event import (
    AmendFailed,
    AmendRequested,
    BracketChanged,
    BracketClosed,
    BracketExposed,
    BracketOpened,
    CancelRequested,
    Event,
    FactSetAside,
    OrderAdopted,
    OrderClosed,
    OrderFound,
    OrderIgnored,
    PositionChanged,
    PositionFound,
    TradingPaused,
)
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Order, OrderStatus, Origin
from engine.model.panic import Kept, LegKind, LegState, PanicLeg
from engine.model.panic_event import PanicCalled, PanicEnded, PanicLegSettled
from tests.unit.telegram.made import BTCUSD, NOW, TERMS, WORKING, entries, ordered, position

FOUND = replace(WORKING, origin=Origin.ELSEWHERE, actor_id="")
BRACKET = Bracket(
    key=WORKING.key,
    terms=BracketTerms(entry=TERMS, stop_loss=Decimal(19000), take_profit=Decimal(23000)),
    status=BracketStatus.GUARDED,
    opened_at=NOW,
    updated_at=NOW,
    guarded=Decimal("0.4"),
    actor_id="tg:5",
)


def told(*events: Event, newest: Order | None = None) -> Sequence[News]:
    return news_of(entries(*events), lambda key: newest)


def exposed(fallback: Fallback) -> News:
    terms = replace(BRACKET.terms, fallback=fallback)
    bare = replace(BRACKET, terms=terms, status=BracketStatus.EXPOSED, reason="<no> balance.")
    (news,) = told(BracketExposed(at=NOW, bracket=bare))
    return news


def test_an_order_made_elsewhere_waits_for_a_decision() -> None:
    (news,) = told(OrderFound(at=NOW, order=FOUND))
    assert news.stray == FOUND
    assert "made elsewhere" in news.text
    assert not news.silent
    (over,) = told(
        OrderFound(at=NOW, order=FOUND), newest=replace(FOUND, status=OrderStatus.CANCELLED)
    )
    assert over.stray is None
    (decided,) = told(OrderFound(at=NOW, order=FOUND), newest=replace(FOUND, origin=Origin.ADOPTED))
    assert decided.stray is None


def test_a_position_made_elsewhere_is_told_once() -> None:
    held = position("0.5")
    (news,) = told(PositionChanged(at=NOW, position=held), PositionFound(at=NOW, position=held))
    assert news.stray == held
    assert "long 0.5 BTC" in news.text


def test_a_flood_leads_to_the_list_of_what_waits() -> None:
    found = entries(*(OrderFound(at=NOW, order=replace(FOUND, key=OrderKey(n))) for n in range(16)))
    whole = digested(found, news_of(found, lambda key: None))
    assert "/strays" in whole[-1].text


def test_who_decided_hears_no_echo_and_the_others_no_sound() -> None:
    change = OrderChange(price=Decimal(19500))
    deeds = [
        OrderAdopted(at=NOW, order=FOUND, actor_id="tg:5"),
        OrderIgnored(at=NOW, order=FOUND, actor_id="tg:5"),
        AmendRequested(at=NOW, actor_id="tg:5", key=WORKING.key, change=change),
        BracketOpened(at=NOW, bracket=BRACKET),
    ]
    for deed in deeds:
        (news,) = told(deed, newest=WORKING)
        assert (news.silent, news.echo, news.actor_id) == (True, True, "tg:5")


def test_a_refused_change_rings_and_says_what_stands() -> None:
    (news,) = told(AmendFailed(at=NOW, key=WORKING.key, reason="<too> small."), newest=WORKING)
    assert (news.silent, news.urgent, news.actor_id) == (False, True, "tg:5")
    assert "&lt;too&gt; small." in news.text
    assert "limit 20,000" in news.text
    assert told(AmendFailed(at=NOW, key=WORKING.key, reason="x")) == []


def test_exits_that_follow_are_silent() -> None:
    (news,) = told(BracketChanged(at=NOW, bracket=BRACKET))
    assert news.silent
    assert "Exits stand for 0.4 BTC: stop loss 19,000, take profit 23,000" in news.text


@pytest.mark.parametrize(
    ("fallback", "acts"),
    [(Fallback.CLOSE, "closes it at market now"), (Fallback.HOLD, "Nothing else acts")],
)
def test_what_is_unguarded_rings_and_says_what_acts(fallback: Fallback, acts: str) -> None:
    news = exposed(fallback)
    assert (news.silent, news.urgent) == (False, True)
    assert "UNGUARDED" in news.text
    assert "&lt;no&gt; balance." in news.text
    assert acts in news.text


def test_the_end_of_a_bracket_says_why() -> None:
    over = replace(BRACKET, status=BracketStatus.DONE, reason="the stop loss was hit")
    (news,) = told(BracketClosed(at=NOW, bracket=over))
    assert "the stop loss was hit" in news.text
    assert not news.silent


def test_what_could_not_be_kept_rings() -> None:
    (news,) = told(FactSetAside(at=NOW, kind="OrderReport", detail="<odd>"))
    assert news.urgent
    assert "OrderReport: &lt;odd&gt;" in news.text


def test_what_was_cancelled_behind_our_back_is_urgent() -> None:
    unheard = ordered(OrderStatus.CANCELLED, "0.6", "CANCELED while the link was down")
    (news,) = told(OrderClosed(at=NOW, order=unheard))
    assert news.urgent
    assert "Cancelled</b>: while the link was down, after 0.4 BTC had filled" in news.text
    (asked,) = told(OrderClosed(at=NOW, order=ordered(OrderStatus.CANCELLED, "1", "CANCELED")))
    assert not asked.urgent


def test_a_panic_is_told_once_and_not_order_by_order() -> None:
    cancelled, cancelling = ordered(OrderStatus.CANCELLED), CommandId("panic-cancel:1")
    leg = PanicLeg(kind=LegKind.POSITION, name=BTCUSD, state=LegState.DONE, done=Decimal(1))
    wish = CommandId("card:p")
    told = news_of(
        entries(
            PanicCalled(at=NOW, actor_id="tg:5", name="Olivia", command_id=wish, spot=False),
            TradingPaused(at=NOW, actor_id="tg:5", name="Olivia", reason="panic"),
            CancelRequested(
                at=NOW,
                actor_id="tg:5",
                keys=(cancelled.key,),
                command_id=cancelling,
            ),
            OrderClosed(at=NOW, order=cancelled),
            PositionChanged(at=NOW, position=position("0"), before=position("1", "5")),
            PanicLegSettled(at=NOW, actor_id="tg:5", panic_id=wish, leg=leg),
            PanicEnded(
                at=NOW,
                actor_id="tg:5",
                panic_id=wish,
                spot=False,
                legs=(leg,),
                kept=(
                    Kept(currency="BTC", amount=Decimal(2)),
                    Kept(currency="ETH", amount=Decimal(20)),
                ),
            ),
        ),
        lambda key: cancelled,
    )
    called, closed, ended = (news.text for news in told)
    assert "PANIC" in called
    assert "Position closed" in closed
    assert "The panic is over. No margin position is open and no order is left." in ended
    assert "<b>Kept</b>: 2 BTC, 20 ETH (sell them from /panic)" in ended


def test_a_leg_left_to_a_person_rings_and_says_what_to_do() -> None:
    leg = PanicLeg(
        kind=LegKind.POSITION,
        name=BTCUSD,
        state=LegState.LEFT,
        left=Decimal(1),
        symbol=BTCUSD,
        words="not now; tried 10 times",
        by_hand="close it on the exchange's own page",
    )
    wish = CommandId("card:p")
    left, ended = told(
        PanicLegSettled(at=NOW, actor_id="tg:5", panic_id=wish, leg=leg),
        PanicEnded(at=NOW, actor_id="tg:5", panic_id=wish, spot=False, legs=(leg,)),
    )
    assert left.urgent
    assert not left.silent
    assert "1 BTC: not now; tried 10 times. <b>By hand</b>: close it on the exchange" in left.text
    assert "The panic has ended, 1 leg left" in ended.text
    assert "/resume" in ended.text
