"""What happens when a card is decided: by its person, or by time."""

from dataclasses import dataclass

import structlog

from bot.telegram.cards import KEPT, Card, Cards, Wish
from bot.telegram.names import Names
from bot.telegram.onward import done_word, onward
from bot.telegram.presses import CardPress, CardVerb, OrderPress, said
from bot.telegram.render import brackets, changes, panic, standstill
from bot.telegram.render import orders as render
from bot.telegram.render.approvals import answered
from bot.telegram.render.text import bold, esc, fitted
from bot.telegram.screen import Button, Screen
from bot.telegram.sender import Sender
from engine.desk import Desk
from engine.model.actor import Actor, Role
from engine.model.command import (
    AmendOrder,
    CancelAll,
    CancelOrders,
    Decline,
    PlaceBracket,
    PlaceOrder,
)
from engine.model.errors import (
    GenesisError,
    NotAllowed,
    SecondFactorMissing,
    SecondFactorNeeded,
    SecondPersonNeeded,
)
from engine.model.order import Order, OrderStatus
from engine.model.panic_command import CallPanic
from engine.model.panic_result import PanicReport
from engine.model.result import (
    BracketTicket,
    CancelReport,
    Declined,
    Done,
    OrderTicket,
    Refused,
    TradingState,
)
from engine.model.risk_command import (
    ResetBreaker,
    ResetGuard,
    UnlockSymbol,
)
from engine.ports import Clock

GENESIS = Actor(actor_id="genesis", name="Genesis", role=Role.ADMIN)
SWEEP_SECONDS = 1.0
NO_RIGHT = "Your rights have changed"
BOUND = "Sent as reduce-only, because nothing may be opened now: it may only close."

Outcome = OrderTicket | BracketTicket | CancelReport | PanicReport | TradingState | Done | Refused

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a decided card becomes, and the short word for the one who pressed.

    Not `final` while the exchange owes its answer; what is not, but shows `progress`, is shown
    again whenever it reads differently.
    """

    screen: Screen
    notice: str
    final: bool = True
    progress: bool = False


class Decisions:
    """Confirms, declines and expires cards; each at most once, whoever comes first."""

    def __init__(
        self, desk: Desk, cards: Cards, sender: Sender, clock: Clock, names: Names
    ) -> None:
        self._desk = desk
        self._cards = cards
        self._sender = sender
        self._clock = clock
        self._names = names
        self._progress: dict[str, str] = {}

    async def card_for(self, actor: Actor, press: CardPress) -> Card | str:
        """The card this person may decide, else the short word why not."""
        card = await self._cards.get(press.card)
        if card is None:
            return await self._refuse(actor, "This card is closed. Nothing was done.")
        if card.actor_id != actor.actor_id:
            no = "This card belongs to somebody else. Nothing was done."
            return await self._refuse(actor, no)
        return card

    async def decide(self, actor: Actor, card: Card, verb: CardVerb) -> Verdict:
        """Do what was pressed, as the one who pressed; what the card becomes."""
        if verb is CardVerb.DECLINE:
            return await self._close(actor, card, _declined(card))
        if self._clock.now() >= card.expires_at:
            return await self._close(actor, card, "Expired")
        try:
            return await self._carry_out(actor, card.chosen(verb))
        except (SecondFactorNeeded, SecondFactorMissing, SecondPersonNeeded):
            raise
        except NotAllowed as no:
            return await self._close(GENESIS, card, NO_RIGHT, no.sentence)

    async def show(self, card: Card, verdict: Verdict, message_id: int | None = None) -> None:
        """Edit the outcome into the card; only then is it taken off the shelf, so that a crash
        before leaves it there for the sweep, as does an outcome that is still to come."""
        shown_by = message_id if message_id is not None else card.message_id
        if shown_by is not None and self._is_news(card, verdict):
            edited = await self._sender.edit(card.chat_id, shown_by, verdict.screen)
            if not edited and (verdict.final or not card.unanswered):
                await self._sender.send(card.chat_id, verdict.screen)
            await self._show_others(card, verdict)
        if verdict.final:
            await self._cards.remove(card)
        else:
            await self._cards.wait(card, shown_by)

    async def _show_others(self, card: Card, verdict: Verdict) -> None:
        """To those who were asked to approve it; what follows from it is its owner's."""
        fresh = await self._cards.get(card.card_id)
        said = answered(self._names.of(card.actor_id), verdict.screen.text)
        for chat_id, message_id in card.told if fresh is None else fresh.told:
            await self._sender.edit(chat_id, message_id, Screen(said))

    def _is_news(self, card: Card, verdict: Verdict) -> bool:
        """Whether the card does not say so already."""
        before = self._progress.pop(card.card_id, "")
        if not verdict.final and verdict.progress:
            self._progress[card.card_id] = verdict.screen.text
            return before != verdict.screen.text
        return verdict.final or not card.unanswered

    async def sweep(self) -> None:
        """Expire cards as their time comes, and show outcomes that were late; ends only by
        cancellation."""
        while True:
            for card in await self._cards.due():
                await self._end(card, "Expired")
            for card in await self._cards.undecided():
                if self._lost_right(card):
                    await self._end(card, NO_RIGHT)
            await self._clock.sleep(SWEEP_SECONDS)

    def _lost_right(self, card: Card) -> bool:
        """Whether its person was allowed this, and is not any more."""
        role, known = self._desk.role_of(card.actor_id), self._desk.member(card.actor_id)
        return known is not None and (role is None or role < card.wish.least_role)

    async def _refuse(self, actor: Actor, why: str) -> str:
        await self._desk.minutes.refused(actor.actor_id, "press", (why,))
        return why

    async def _end(self, card: Card, word: str) -> None:
        try:
            await self.show(card, await self._close(GENESIS, card, word))
        except GenesisError as error:
            log.warning("card_left_for_later", card=card.card_id, detail=error.sentence)

    async def _close(self, actor: Actor, card: Card, word: str, why: str = "") -> Verdict:
        """Kill the wish; a card that was decided before shows what became of it instead."""
        answer = await self._desk.execute(actor, Decline(word.lower()), card.command_id)
        if not isinstance(answer, Declined):
            result = await self._desk.execute(actor, card.wish, card.command_id)
            if not _closed_before(result):
                return outcome(card, result)
        ended = f"{bold(word)}. Nothing was {_done(card)}."
        told = f"{ended}\n{esc(why)}" if why else ended
        screen = Screen(f"{card.body}\n\n{told}", rows=onward(card.wish))
        return Verdict(screen, why or f"{word}.")

    async def _carry_out(self, actor: Actor, card: Card) -> Verdict:
        return outcome(card, await self._desk.execute(actor, card.wish, card.command_id))


def _declined(card: Card) -> str:
    if card.approvers:
        return "Withdrawn"
    return "Kept" if isinstance(card.wish, KEPT) else "Card cancelled"


def _done(card: Card) -> str:
    match card.wish:
        case PlaceOrder() | PlaceBracket():
            return "sent"
        case CallPanic():
            return "stopped"
        case ResetGuard() | ResetBreaker() | UnlockSymbol():
            return done_word(card.wish)
        case CancelOrders() | CancelAll():
            return "cancelled"
        case _:
            return "changed"


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
        case PanicReport():
            over = result.panic.ended_at is not None
            notice = "The panic is over." if over else "Panic: see the card."
            screen = Screen(panic.report(result))
            return Verdict(screen, notice, final=over, progress=True)
        case TradingState():
            return _resumed(card, result)
        case Done():
            word = done_word(card.wish).capitalize()
            screen = Screen(fitted(card.body, bold(word)), rows=onward(card.wish))
            return Verdict(screen, f"{word}.")
        case Refused():
            head = f"Not {_done(card)}"
            said_ = f"{card.body}\n\n{render.refusal(result, head)}"
            screen = Screen(said_, rows=onward(card.wish))
            return Verdict(screen, f"{head}.")


def _resumed(card: Card, state: TradingState) -> Verdict:
    if state.paused is not None:
        return Verdict(Screen(fitted(card.body, bold("Paused again"))), "Paused again.")
    return Verdict(
        Screen(fitted(standstill.resumed(card.body), standstill.RESUMED)), "Trading is resumed."
    )


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
    if _was_bound(card.wish, order):
        return f"{render.standing(order)}\n<i>{BOUND}</i>"
    return render.standing(order)


def _was_bound(wish: Wish, order: Order) -> bool:
    """Whether it became reduce-only after its card was shown."""
    asked = isinstance(wish, PlaceOrder) and not wish.terms.reduce_only
    return asked and order.terms.reduce_only


def _ways(order: Order) -> tuple[tuple[Button, ...], ...]:
    if not order.status.is_open:
        return ()
    return (
        (
            Button("Cancel order", OrderPress(key=order.key).pack()),
            Button("Amend", said("amend", str(render.number_of(order)))),
        ),
    )
