"""From a press on a card, or the code it waited for, to what becomes of it."""

from collections.abc import Awaitable, Callable

import structlog
from aiogram.types import CallbackQuery, Message

from bot.nursery import Nursery
from bot.telegram.cards import Card, Cards
from bot.telegram.codes import Codes, Waiting
from bot.telegram.decisions import Decisions, Verdict
from bot.telegram.presses import ApprovalPress, CardPress, CardVerb
from bot.telegram.prompts import Prompts
from bot.telegram.render.text import esc
from bot.telegram.screen import Screen
from bot.telegram.second_eyes import SecondEyes
from bot.telegram.sender import Sender
from engine.model.actor import Actor
from engine.model.errors import GenesisError, SecondFactorNeeded, SecondPersonNeeded
from engine.people.totp import digits_of

UNEXPECTED = (
    "Something went wrong inside Genesis, and it is in the log. "
    "Look at /orders before you try again."
)

SayAgain = Callable[[Actor, Waiting], Awaitable[None]]

log = structlog.get_logger()


class CardTalk:
    """Cards are decided by their person, some only with a code, some only by a second person."""

    def __init__(
        self,
        *,
        cards: Cards,
        decisions: Decisions,
        codes: Codes,
        eyes: SecondEyes,
        prompts: Prompts,
        sender: Sender,
        nursery: Nursery,
    ) -> None:
        self._cards = cards
        self._decisions = decisions
        self._codes = codes
        self._eyes = eyes
        self._prompts = prompts
        self._sender = sender
        self._nursery = nursery

    async def on_card(self, query: CallbackQuery, callback_data: CardPress, actor: Actor) -> None:
        """A card is decided; its outcome is edited into it."""
        try:
            card = await self._decisions.card_for(actor, callback_data)
            if isinstance(card, str) or query.message is None:
                await self._sender.notice(query.id, card if isinstance(card, str) else "")
                return
            verdict = await self._decide(actor, card, callback_data.verb)
        except Exception as error:
            # The card stays as it is: whatever was or was not done, it can be done only once.
            await self._sender.notice(query.id, _sentence(error), alarm=True)
            return
        if isinstance(verdict, str):
            await self._sender.notice(query.id, verdict)
            return
        self._nursery.spawn("notice", self._sender.notice(query.id, verdict.notice))
        here = query.message.chat.id == card.chat_id
        await self._decisions.show(card, verdict, query.message.message_id if here else None)

    async def on_approval(
        self, query: CallbackQuery, callback_data: ApprovalPress, actor: Actor
    ) -> None:
        """Somebody decides about another's card."""
        alarm = False
        try:
            said = await self._approval(actor, callback_data)
        except Exception as error:
            said, alarm = _sentence(error), True
        await self._sender.notice(query.id, said, alarm=alarm)

    async def on_code_press(self, query: CallbackQuery, actor: Actor) -> None:
        """Somebody gives no code after all."""
        await self._codes.give_up(actor)
        await self._sender.notice(query.id, "Nothing was done.")

    async def hears(self, message: Message, actor: Actor, say_again: SayAgain) -> bool:
        """Whether a message is a code, which is then taken away, and what waited for it done.

        Six digits that answer a question, such as one for a price, are none.
        """
        digits = digits_of(message.text or "")
        if digits is None:
            return False

        async def go_on(actor: Actor, waiting: Waiting) -> None:
            if waiting.card_id:
                await self._go_on(actor, waiting)
            else:
                await say_again(actor, waiting)

        here, replied = message.chat.id, message.reply_to_message
        try:
            if replied is not None and await self._prompts.words(here, replied.message_id):
                return False
            return await self._codes.take(actor, here, message.message_id, digits, go_on)
        except Exception as error:
            await self._sender.send(here, Screen(esc(_sentence(error))))
            return True

    async def _decide(self, actor: Actor, card: Card, verb: CardVerb) -> Verdict | str:
        """What becomes of a card, or the short word for what it has to wait for."""
        try:
            return await self._decisions.decide(actor, card, verb)
        except SecondFactorNeeded:
            return await self._codes.ask_for_card(actor, card, verb)
        except SecondPersonNeeded:
            return await self._eyes.ask(actor, card)

    async def _approval(self, actor: Actor, press: ApprovalPress) -> str:
        try:
            return await self._eyes.decide(actor, press)
        except SecondFactorNeeded:
            card = await self._cards.get(press.card)
            if card is None:
                return "This is decided already. Nothing was done."
            return await self._codes.ask_for_card(actor, card, press.verb)

    async def _go_on(self, actor: Actor, waiting: Waiting) -> None:
        """The code was right, and the card that waited for it is decided at once."""
        card = await self._cards.get(waiting.card_id)
        if card is not None and card.actor_id != actor.actor_id:
            press = ApprovalPress(card=card.card_id, verb=waiting.verb)
            said = await self._eyes.decide(actor, press)
            await self._sender.send(waiting.chat_id, Screen(esc(said), silent=True))
            return
        if card is None:
            said = "The card is closed. Nothing was done."
            await self._sender.send(waiting.chat_id, Screen(said))
            return
        verdict = await self._decide(actor, card, waiting.verb)
        if not isinstance(verdict, str):
            await self._decisions.show(card, verdict)


def _sentence(error: Exception) -> str:
    if isinstance(error, GenesisError):
        return error.sentence
    log.error("card_talk_failed", exc_info=error)
    return UNEXPECTED
