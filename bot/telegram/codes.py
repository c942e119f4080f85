"""Waiting for the code of somebody's authenticator: what waits is stored before it is asked for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import msgspec

from bot.telegram.cards import Card, Cards
from bot.telegram.commands.declare import Asked
from bot.telegram.fleeting import Fleeting
from bot.telegram.ports import Shelf
from bot.telegram.presses import CardVerb, CodePress
from bot.telegram.render import second_factor as render
from bot.telegram.render.orders import refusal
from bot.telegram.render.text import bold, code
from bot.telegram.screen import Button, Screen
from bot.telegram.sender import Sender, plain_text
from engine.desk import Desk
from engine.model.actor import Actor
from engine.model.approval_command import decided_as
from engine.model.command import ResumeTrading
from engine.model.factor_command import GiveCode, ShowFactor
from engine.model.ids import CommandId
from engine.model.panic_command import CallPanic
from engine.model.result import Refused
from engine.ports import Clock

PATIENCE: Final = timedelta(minutes=2)
ASKED: Final = "Send me the 6-digit code of your authenticator."

_KIND = "code"
_GIVE_UP = Button("Not now", CodePress().pack())


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What somebody's code is for: a card, or a command that is said again then.

    `draws` where its answer is drawn into the message it was pressed in.
    """

    actor_id: str
    chat_id: int
    wish: CommandId
    until: datetime
    what: str
    prompt_id: int | None = None
    card_id: str = ""
    verb: CardVerb = CardVerb.CONFIRM
    command: str = ""
    message_id: int = 0
    words: tuple[str, ...] = ()
    rest: str = ""
    page: int = 0
    press: str = ""
    draws: bool = False

    def asked(self, actor: Actor) -> Asked:
        """The command as it was said, by the same person."""
        return Asked(
            actor=actor,
            chat_id=self.chat_id,
            message_id=self.message_id,
            words=self.words,
            rest=self.rest,
            page=self.page,
            press=self.press,
        )


GoOn = Callable[[Actor, Waiting], Awaitable[None]]


class Codes:
    """Asks for codes, one person one at a time, and goes on with what waited for one."""

    def __init__(
        self,
        *,
        desk: Desk,
        cards: Cards,
        shelf: Shelf,
        sender: Sender,
        fleeting: Fleeting,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._cards = cards
        self._shelf = shelf
        self._sender = sender
        self._fleeting = fleeting
        self._clock = clock

    async def ask_for_card(self, actor: Actor, card: Card, verb: CardVerb) -> str:
        """Ask in private for the code a card needs, and give the card the time for it."""
        now = self._clock.now()
        if not card.approvers:
            card = await self._cards.lengthen(card, now + PATIENCE)
        own = card.actor_id == actor.actor_id
        await self._ask(
            Waiting(
                actor_id=actor.actor_id,
                chat_id=int(actor.actor_id.removeprefix("tg:")),
                wish=card.command_id if own else decided_as(card.command_id),
                until=min(card.expires_at, now + PATIENCE),
                what=_what(card),
                card_id=card.card_id,
                verb=verb,
            )
        )
        return ASKED

    async def ask_for_command(self, asked: Asked, name: str, *, draws: bool = False) -> None:
        """Ask for the code a command needs."""
        await self._ask(
            Waiting(
                actor_id=asked.actor.actor_id,
                chat_id=asked.chat_id,
                wish=asked.command_id,
                until=self._clock.now() + PATIENCE,
                what=code(f"/{name} {' '.join(asked.words)}".strip()),
                command=name,
                message_id=asked.message_id,
                words=asked.words,
                rest=asked.rest,
                page=asked.page,
                press=asked.press,
                draws=draws,
            )
        )

    async def take(
        self, actor: Actor, chat_id: int, message_id: int, digits: str, go_on: GoOn
    ) -> bool:
        """Six digits came; whether they were a code. If they were, their message goes away."""
        waiting = await self._waiting(actor)
        status = await self._desk.ask(actor, ShowFactor(actor.actor_id))
        if waiting is None and not status.awaits and not status.enrolled:
            return False
        await self._sender.delete(chat_id, message_id)
        if status.awaits:
            await self._confirm(actor, chat_id, message_id, digits)
        elif waiting is None:
            said = "Nothing waits for a code now. Say again what you want to do."
            await self._sender.send(chat_id, Screen(said))
        else:
            await self._look(actor, waiting, message_id, digits, go_on)
        return True

    async def give_up(self, actor: Actor) -> None:
        """Somebody will not show a code; a card stays as it was."""
        waiting = await self._waiting(actor)
        if waiting is not None:
            await self._end(waiting)

    async def _confirm(self, actor: Actor, chat_id: int, message_id: int, digits: str) -> None:
        name = CommandId(f"code:{chat_id}:{message_id}")
        answer = await self._desk.execute(actor, GiveCode(digits), name)
        if isinstance(answer, Refused):
            await self._sender.send(chat_id, Screen(refusal(answer, "Not set up yet")))
            return
        await self._fleeting.clear(chat_id)
        status = await self._desk.ask(actor, ShowFactor(actor.actor_id))
        await self._sender.send(chat_id, Screen(render.enrolled(status)))

    async def _look(
        self, actor: Actor, waiting: Waiting, message_id: int, digits: str, go_on: GoOn
    ) -> None:
        name = CommandId(f"code:{waiting.chat_id}:{message_id}")
        answer = await self._desk.execute(actor, GiveCode(digits, waiting.wish), name)
        if not isinstance(answer, Refused):
            await self._end(waiting)
            await go_on(actor, waiting)
        elif answer.reasons[0].code == "wrong_code":
            trouble = answer.reasons[0].sentence
            if waiting.prompt_id is not None:
                await self._sender.edit(
                    waiting.chat_id, waiting.prompt_id, self._prompt(waiting, trouble)
                )
        else:
            await self._end(waiting)
            await self._sender.send(waiting.chat_id, Screen(refusal(answer, "Nothing was done")))

    async def _ask(self, waiting: Waiting) -> None:
        before = await self._kept(waiting.actor_id)
        if before is not None and before.wish == waiting.wish and self._clock.now() < before.until:
            return  # asked already
        if before is not None:
            await self._end(before)
        await self._put(waiting)
        shown = await self._sender.send(waiting.chat_id, self._prompt(waiting))
        if shown is not None:
            await self._fleeting.put(waiting.chat_id, shown, waiting.until)
            await self._put(replace(waiting, prompt_id=shown))

    async def _end(self, waiting: Waiting) -> None:
        await self._shelf.remove(_KIND, waiting.actor_id)
        if waiting.prompt_id is not None:
            await self._sender.delete(waiting.chat_id, waiting.prompt_id)

    def _prompt(self, waiting: Waiting, trouble: str = "") -> Screen:
        left = (waiting.until - self._clock.now()).total_seconds()
        minutes = max(1, -(-int(left) // 60))
        return Screen(render.prompt(waiting.what, minutes, trouble), rows=((_GIVE_UP,),))

    async def _waiting(self, actor: Actor) -> Waiting | None:
        kept = await self._kept(actor.actor_id)
        return kept if kept is not None and self._clock.now() < kept.until else None

    async def _kept(self, actor_id: str) -> Waiting | None:
        body = await self._shelf.get(_KIND, actor_id)
        return None if body is None else msgspec.json.decode(body, type=Waiting)

    async def _put(self, waiting: Waiting) -> None:
        await self._shelf.put(_KIND, waiting.actor_id, msgspec.json.encode(waiting))


def _what(card: Card) -> str:
    """What waits, in HTML: a card's first line where that says what is wanted."""
    match card.wish:
        case ResumeTrading():
            return bold("resuming trading")
        case CallPanic():
            return bold("the panic")
        case _:
            return bold(plain_text(card.body.splitlines()[0]))
