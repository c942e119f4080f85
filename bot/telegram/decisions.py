"""What happens when a card is decided: by its person, or by time."""

import structlog

from bot.telegram.cards import Card, Cards
from bot.telegram.presses import CardPress, CardVerb, OrderPress
from bot.telegram.render import orders as render
from bot.telegram.render.text import bold
from bot.telegram.screen import Button, Look, Screen
from bot.telegram.sender import Sender
from engine.desk import Desk
from engine.model.actor import Actor, Role
from engine.model.command import Decline
from engine.model.order import Order
from engine.model.result import CancelReport, Declined, OrderTicket, Refused
from engine.ports import Clock

GENESIS = Actor(actor_id="genesis", name="Genesis", role=Role.ADMIN)
SWEEP_SECONDS = 1.0

log = structlog.get_logger()


class Decisions:
    """Confirms, dismisses and expires cards; each at most once, whoever comes first."""

    def __init__(self, desk: Desk, cards: Cards, sender: Sender, clock: Clock) -> None:
        self._desk = desk
        self._cards = cards
        self._sender = sender
        self._clock = clock

    async def card_for(self, actor: Actor, press: CardPress) -> Card | str:
        """The card this person may decide, else the short word why not."""
        card = await self._cards.get(press.card)
        if card is None:
            return "This card is closed. Nothing was done."
        if card.actor_id != actor.actor_id:
            return "This card belongs to somebody else. Nothing was done."
        return card

    async def decide(self, actor: Actor, card: Card, verb: CardVerb) -> Screen:
        """Do what was pressed, as the one who pressed; what the card becomes."""
        if verb is CardVerb.DISMISS:
            return await self._close(actor, card, "Dismissed")
        if self._clock.now() >= card.expires_at:
            return await self._close(actor, card, "Expired")
        return await self._carry_out(actor, card)

    async def show(self, card: Card, screen: Screen, message_id: int | None = None) -> None:
        """Edit the outcome into the card; only then is it taken off the shelf, so that a crash
        before leaves it there for the sweep."""
        shown_by = message_id if message_id is not None else card.message_id
        if shown_by is not None:
            await self._sender.edit(card.chat_id, shown_by, screen)
        await self._cards.remove(card)

    async def sweep(self) -> None:
        """Expire cards as their time comes; ends only by cancellation."""
        while True:
            for card in await self._cards.expired():
                screen = await self._close(GENESIS, card, "Expired")
                await self.show(card, screen)
            await self._clock.sleep(SWEEP_SECONDS)

    async def _close(self, actor: Actor, card: Card, word: str) -> Screen:
        """Kill the wish; a card that was decided before shows what became of it instead."""
        answer = await self._desk.execute(actor, Decline(word.lower()), card.command_id)
        if not isinstance(answer, Declined):
            return await self._carry_out(actor, card)
        return Screen(f"{card.body}\n\n{bold(word)}. Nothing was sent.")

    async def _carry_out(self, actor: Actor, card: Card) -> Screen:
        result = await self._desk.execute(actor, card.wish, card.command_id)
        return outcome(card, result)


def outcome(card: Card, result: OrderTicket | CancelReport | Refused) -> Screen:
    """The card with its result under it."""
    match result:
        case OrderTicket():
            text = f"{card.body}\n\n{render.ticket(result)}"
            return Screen(text, rows=_cancel_row(result.order))
        case CancelReport():
            return Screen(f"{card.body}\n\n{render.cancel_report(result)}")
        case Refused():
            return Screen(f"{card.body}\n\n{render.refusal(result)}")


def _cancel_row(order: Order) -> tuple[tuple[Button, ...], ...]:
    if not order.status.is_open:
        return ()
    return ((Button("Cancel order", OrderPress(key=order.key).pack(), Look.DANGER),),)
