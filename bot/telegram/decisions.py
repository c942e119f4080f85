"""What happens when a card is decided: by its person, or by time."""

from dataclasses import dataclass

import structlog

from bot.telegram.cards import Card, Cards
from bot.telegram.onward import done_word, onward
from bot.telegram.presses import CardPress, CardVerb, OrderPress, said
from bot.telegram.render import brackets, changes
from bot.telegram.render import orders as render
from bot.telegram.render.text import bold, fitted
from bot.telegram.screen import Button, Screen
from bot.telegram.sender import Sender
from engine.desk import Desk
from engine.model.actor import Actor, Role
from engine.model.command import (
    AmendOrder,
    Decline,
    PlaceBracket,
    PlaceOrder,
    ReleaseBracket,
    RenewBracket,
)
from engine.model.errors import GenesisError
from engine.model.order import Order, OrderStatus
from engine.model.result import BracketTicket, CancelReport, Declined, Done, OrderTicket, Refused
from engine.model.risk_command import (
    ChangeLimit,
    ResetBreaker,
    ResetGuard,
    SetWindows,
    UnlockSymbol,
)
from engine.ports import Clock

GENESIS = Actor(actor_id="genesis", name="Genesis", role=Role.ADMIN)
SWEEP_SECONDS = 1.0

Outcome = OrderTicket | BracketTicket | CancelReport | Done | Refused

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a decided card becomes, and the short word for the one who pressed.

    Not `final` while the exchange owes its answer.
    """

    screen: Screen
    notice: str
    final: bool = True


class Decisions:
    """Confirms, declines and expires cards; each at most once, whoever comes first."""

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

    async def decide(self, actor: Actor, card: Card, verb: CardVerb) -> Verdict:
        """Do what was pressed, as the one who pressed; what the card becomes."""
        if verb is CardVerb.DECLINE:
            return await self._close(actor, card, _declined(card))
        if self._clock.now() >= card.expires_at:
            return await self._close(actor, card, "Expired")
        return await self._carry_out(actor, card)

    async def show(self, card: Card, verdict: Verdict, message_id: int | None = None) -> None:
        """Edit the outcome into the card; only then is it taken off the shelf, so that a crash
        before leaves it there for the sweep, as does an outcome that is still to come."""
        shown_by = message_id if message_id is not None else card.message_id
        if shown_by is not None and (verdict.final or not card.unanswered):
            edited = await self._sender.edit(card.chat_id, shown_by, verdict.screen)
            if not edited:
                await self._sender.send(card.chat_id, verdict.screen)
        if verdict.final:
            await self._cards.remove(card)
        else:
            await self._cards.wait(card, shown_by)

    async def sweep(self) -> None:
        """Expire cards as their time comes, and show outcomes that were late; ends only by
        cancellation."""
        while True:
            for card in await self._cards.due():
                await self._end(card)
            await self._clock.sleep(SWEEP_SECONDS)

    async def _end(self, card: Card) -> None:
        try:
            await self.show(card, await self._close(GENESIS, card, "Expired"))
        except GenesisError as error:
            log.warning("card_left_for_later", card=card.card_id, detail=error.sentence)

    async def _close(self, actor: Actor, card: Card, word: str) -> Verdict:
        """Kill the wish; a card that was decided before shows what became of it instead."""
        answer = await self._desk.execute(actor, Decline(word.lower()), card.command_id)
        if not isinstance(answer, Declined):
            result = await self._desk.execute(actor, card.wish, card.command_id)
            if not _closed_before(result):
                return outcome(card, result)
        ended = f"{bold(word)}. Nothing was {_done(card)}."
        return Verdict(Screen(f"{card.body}\n\n{ended}", rows=onward(card.wish)), f"{word}.")

    async def _carry_out(self, actor: Actor, card: Card) -> Verdict:
        return outcome(card, await self._desk.execute(actor, card.wish, card.command_id))


def _declined(card: Card) -> str:
    return "Card cancelled" if isinstance(card.wish, PlaceOrder | PlaceBracket) else "Kept"


def _done(card: Card) -> str:
    match card.wish:
        case PlaceOrder() | PlaceBracket():
            return "sent"
        case AmendOrder() | ReleaseBracket() | RenewBracket():
            return "changed"
        case ChangeLimit() | SetWindows() | ResetGuard() | ResetBreaker() | UnlockSymbol():
            return done_word(card.wish)
        case _:
            return "cancelled"


def _closed_before(result: Outcome) -> bool:
    """Whether somebody else, or the time, closed the card first."""
    return isinstance(result, Refused) and result.reasons[0].code == "decided_before"


def outcome(card: Card, result: Outcome) -> Verdict:
    """The card with its result under it."""
    match result:
        case OrderTicket(order=order):
            return _placed(card, order, _ticket(card, order))
        case BracketTicket(entry=entry):
            return _placed(card, entry, brackets.ticket(result))
        case CancelReport():
            open_still = any(fate.order.status.is_open for fate in result.fates)
            notice = "Not all is cancelled: see the card." if open_still else "Cancelled."
            return Verdict(Screen(fitted(card.body, render.cancel_report(result))), notice)
        case Done():
            word = done_word(card.wish).capitalize()
            screen = Screen(fitted(card.body, bold(word)), rows=onward(card.wish))
            return Verdict(screen, f"{word}.")
        case Refused():
            head = f"Not {_done(card)}"
            said_ = f"{card.body}\n\n{render.refusal(result, head)}"
            screen = Screen(said_, rows=onward(card.wish))
            return Verdict(screen, f"{head}.")


def _placed(card: Card, order: Order, outcome_: str) -> Verdict:
    pending = order.status is OrderStatus.PENDING
    notice = "Sent, not yet answered." if pending else f"{order.status.capitalize()}."
    if isinstance(card.wish, AmendOrder):
        notice = "See the card."
    screen = Screen(fitted(card.body, outcome_), rows=_ways(order))
    return Verdict(screen, notice, final=not pending)


def _ticket(card: Card, order: Order) -> str:
    if isinstance(card.wish, AmendOrder):
        return changes.outcome(order, card.wish.change)
    return render.standing(order)


def _ways(order: Order) -> tuple[tuple[Button, ...], ...]:
    if not order.status.is_open:
        return ()
    return (
        (
            Button("Cancel order", OrderPress(key=order.key).pack()),
            Button("Amend", said("amend", str(render.number_of(order)))),
        ),
    )
