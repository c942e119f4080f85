"""Cards on the shelf: stored before shown, with their time, and the same after a restart."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.telegram.cards import Card, Cards, Wish
from bot.telegram.decisions import outcome
from bot.telegram.memory import MemoryShelf
from bot.telegram.presses import CardVerb
from bot.telegram.screen import Button, Look
from engine.clock import ManualClock
from engine.model.actor import Actor, Role
from engine.model.bracket import BracketTerms
from engine.model.change import OrderChange
from engine.model.command import (
    AmendOrder,
    CancelAll,
    CancelOrders,
    PlaceBracket,
    PlaceOrder,
    ResumeTrading,
)
from engine.model.ids import OrderKey
from engine.model.panic_command import CallPanic
from engine.model.result import OrderTicket
from tests.unit.telegram.made import BTCUSD, NOW, TERMS, WORKING

OLIVIA = Actor(actor_id="tg:5", name="Olivia", role=Role.TRADER)
CONFIRM = Button("Confirm", "", Look.GOOD)
MINUTE = timedelta(seconds=60)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.mark.parametrize(
    "wish",
    [
        PlaceOrder(TERMS),
        PlaceOrder(replace(TERMS, oco_stop=Decimal(1), good_until=NOW)),
        PlaceBracket(BracketTerms(entry=TERMS, stop_loss=Decimal("19000.5"))),
        AmendOrder(OrderKey(1), OrderChange(price=Decimal("0.1"))),
        CancelOrders((OrderKey(1), OrderKey(2))),
        CancelAll(BTCUSD),
        CallPanic(spot=True),
        ResumeTrading(),
    ],
)
async def test_a_wish_is_the_same_after_a_restart(wish: Wish, clock: ManualClock) -> None:
    shelf = MemoryShelf()
    screen = await Cards(shelf, clock, MINUTE).lay(OLIVIA, 5, wish, "<b>body</b>", CONFIRM)
    assert screen.card is not None
    card = await Cards(shelf, clock, MINUTE).get(screen.card)
    assert card is not None
    assert (card.wish, card.actor_id, card.body) == (wish, "tg:5", "<b>body</b>")
    assert card.command_id == f"card:{screen.card}"


async def test_buttons_are_short_and_tell_nothing(clock: ManualClock) -> None:
    screen = await Cards(MemoryShelf(), clock, MINUTE).lay(OLIVIA, 5, CancelAll(None), "", CONFIRM)
    ((confirm, decline),) = screen.rows
    assert max(len(button.data.encode()) for button in (confirm, decline)) <= 64
    assert confirm.data != decline.data
    assert confirm.data.split(":")[1] != "5"


async def test_of_two_wishes_the_one_pressed_is_meant(clock: ManualClock) -> None:
    shelf, other = MemoryShelf(), (CallPanic(spot=True), Button("Both", "", Look.DANGER))
    screen = await Cards(shelf, clock, MINUTE).lay(OLIVIA, 5, CallPanic(), "", CONFIRM, other=other)
    assert [button.text for row in screen.rows for button in row] == ["Confirm", "Both", "Keep"]
    assert len({button.data for row in screen.rows for button in row}) == 3
    card = await Cards(shelf, clock, MINUTE).get(screen.card or "")
    assert card is not None
    assert card.chosen(CardVerb.CONFIRM).wish == CallPanic()
    assert card.chosen(CardVerb.OTHER).wish == CallPanic(spot=True)
    assert card.chosen(CardVerb.OTHER).command_id == card.command_id


async def test_due_are_the_expired_and_the_unanswered(clock: ManualClock) -> None:
    cards = Cards(MemoryShelf(), clock, MINUTE)
    first = await cards.lay(OLIVIA, 5, CancelAll(None), "", CONFIRM)
    second = await cards.lay(OLIVIA, 5, CancelAll(None), "", CONFIRM)
    assert await cards.due() == []
    waiting = await cards.get(second.card or "")
    assert waiting is not None
    await cards.wait(waiting, 9)
    assert [card.card_id for card in await cards.due()] == [second.card]
    clock.advance(60)
    assert {card.card_id for card in await cards.due()} == {first.card, second.card}
    for card in await cards.due():
        await cards.remove(card)
    assert await cards.due() == []
    assert await cards.get(first.card or "") is None


def test_what_became_reduce_only_after_its_card_was_shown_says_so() -> None:
    card = Card(
        card_id="x",
        actor_id="tg:5",
        chat_id=5,
        wish=PlaceOrder(TERMS),
        body="Sell 1 BTC",
        expires_at=NOW,
    )
    bound = replace(WORKING, terms=replace(TERMS, reduce_only=True))
    assert "reduce-only" in outcome(card, OrderTicket(order=bound)).screen.text
    assert "reduce-only" not in outcome(card, OrderTicket(order=WORKING)).screen.text
    shown = replace(card, wish=PlaceOrder(bound.terms))
    assert "reduce-only" not in outcome(shown, OrderTicket(order=bound)).screen.text
