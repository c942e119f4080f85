"""Cards that wait for a second person: shown to all who may agree, decided by one of them."""

from dataclasses import replace

from bot.nursery import Nursery
from bot.telegram.cards import Card, Cards
from bot.telegram.decisions import Decisions, Verdict, outcome
from bot.telegram.names import Names
from bot.telegram.presses import ApprovalPress, CardPress, CardVerb
from bot.telegram.render import approvals as render
from bot.telegram.screen import Button, Look, Screen
from bot.telegram.sender import Sender
from engine.desk import Desk
from engine.model.actor import Actor
from engine.model.approval_command import (
    Approvable,
    ApproveWish,
    HoldWish,
    RejectWish,
    decided_as,
)
from engine.model.command import Decline
from engine.model.errors import NotAllowed
from engine.model.result import Refused
from engine.ports import Clock

# These leave the card as it is: they say why this person, or this press, decides nothing.
_NOT_DECIDED = frozenset({"own_wish", "no_right", "not_held", "expired", "already_decided"})


class SecondEyes:
    """Asks, tells and settles; the desk alone says whose yes counts."""

    def __init__(
        self,
        *,
        desk: Desk,
        cards: Cards,
        decisions: Decisions,
        sender: Sender,
        names: Names,
        nursery: Nursery,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._cards = cards
        self._decisions = decisions
        self._sender = sender
        self._names = names
        self._nursery = nursery
        self._clock = clock

    async def ask(self, actor: Actor, card: Card) -> str:
        """Hold a card its owner has confirmed, and ask the others; a short word for the owner."""
        if card.approvers:
            return "This waits for a second person already."
        held = await self._desk.execute(actor, HoldWish(_approvable(card)), card.command_id)
        if isinstance(held, Refused):
            why = Decline(held.reasons[0].sentence)
            await self._desk.execute(actor, why, card.command_id)
            await self._decisions.show(card, outcome(card, held))
            return "Not sent: see the card."
        waiting = await self._cards.change(
            card.card_id,
            lambda one: replace(one, approvers=held.approvers, expires_at=held.expires_at),
        )
        if waiting is None:
            return "This card is closed. Nothing was done."
        self._nursery.spawn("approval", self._tell(waiting))
        return "A second person has to agree; they are asked."

    async def resume(self) -> None:
        """After a start, ask those who were not asked yet."""
        for card in await self._cards.held():
            await self._tell(card)

    async def decide(self, actor: Actor, press: ApprovalPress) -> str:
        """One person's yes or no; a short word for them.

        Raises what the desk raises; the card stays as it is then.
        """
        card = await self._cards.get(press.card)
        if card is None or not card.approvers:
            return "This is decided already. Nothing was done."
        if self._clock.now() >= card.expires_at:
            return "The time to approve this is over. Nothing was sent."
        if press.verb is CardVerb.CONFIRM:
            return await self._approve(actor, card)
        return await self._reject(actor, card)

    async def _approve(self, actor: Actor, card: Card) -> str:
        wish = ApproveWish(card.command_id, _approvable(card))
        result = await self._desk.execute(actor, wish, decided_as(card.command_id))
        if isinstance(result, Refused) and (why := _against_it(result)) is not None:
            return why
        if not isinstance(result, Refused) or result.reasons[0].code != "owner_has_no_right":
            body = f"{card.body}\n\n{render.approved(actor.name)}"
            await self._cards.change(card.card_id, lambda one: replace(one, body=body))
            card = replace(card, body=body)
        verdict = outcome(card, result)
        await self._decisions.show(card, verdict)
        return verdict.notice

    async def _reject(self, actor: Actor, card: Card) -> str:
        result = await self._desk.execute(
            actor, RejectWish(card.command_id), decided_as(card.command_id)
        )
        if isinstance(result, Refused):
            return _against_it(result) or result.reasons[0].sentence
        said = f"{card.body}\n\n{render.rejected(actor.name)}"
        await self._decisions.show(card, Verdict(Screen(said), "Rejected."))
        return "Rejected."

    async def _tell(self, card: Card) -> None:
        """The owner first: whoever is asked may answer at once."""
        seconds = max(1, round((card.expires_at - self._clock.now()).total_seconds()))
        names = [self._names.of(actor_id) for actor_id in card.approvers]
        if card.message_id is not None:
            withdraw = Button("Withdraw", _press(card))
            waiting = Screen(render.waits(card.body, names, seconds), rows=((withdraw,),))
            await self._sender.edit(card.chat_id, card.message_id, waiting)
        asked = {chat_id for chat_id, _ in card.told}
        for actor_id in card.approvers:
            chat_id = int(actor_id.removeprefix("tg:"))
            if chat_id not in asked:
                self._nursery.spawn("approval card", self._show(card, chat_id, seconds))

    async def _show(self, card: Card, chat_id: int, seconds: int) -> None:
        owner = self._names.of(card.actor_id)
        screen = Screen(render.question(owner, card.body, seconds), rows=(_choices(card),))
        message_id = await self._sender.send(chat_id, screen)
        if message_id is None:
            return
        shown = (chat_id, message_id)
        lying = await self._cards.change(
            card.card_id, lambda one: replace(one, told=(*one.told, shown))
        )
        if lying is None:  # decided while this was on its way
            over = render.answered(owner, f"{card.body}\n\nThis is decided already.")
            await self._sender.edit(chat_id, message_id, Screen(over))


def _choices(card: Card) -> tuple[Button, ...]:
    return tuple(
        Button(text, ApprovalPress(card=card.card_id, verb=verb).pack(), look)
        for text, verb, look in (
            ("Approve", CardVerb.CONFIRM, Look.GOOD),
            ("Reject", CardVerb.DECLINE, Look.DANGER),
        )
    )


def _press(card: Card) -> str:
    return CardPress(card=card.card_id, verb=CardVerb.DECLINE).pack()


def _approvable(card: Card) -> Approvable:
    if isinstance(card.wish, Approvable):
        return card.wish
    raise NotAllowed(f"A {type(card.wish).__name__} needs no second person.")


def _against_it(result: Refused) -> str | None:
    first = result.reasons[0]
    return first.sentence if first.code in _NOT_DECIDED else None
