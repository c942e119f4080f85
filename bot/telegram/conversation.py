"""From an operator's message or press to the answer in the chat."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial

import structlog
from aiogram import Bot
from aiogram.types import CallbackQuery, Message

from bot.nursery import Nursery
from bot.telegram import parse
from bot.telegram.attachments import attached
from bot.telegram.card_talk import UNEXPECTED, CardTalk
from bot.telegram.codes import Codes, Waiting
from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.commands.orders import cancel_card
from bot.telegram.commands.trade import lay
from bot.telegram.fleeting import Fleeting
from bot.telegram.menu import publish_own_menu
from bot.telegram.presses import (
    ClosePress,
    OrderPress,
    PagePress,
    PanelPress,
    SayPress,
    StrayPress,
    StrayVerb,
    panel_words,
)
from bot.telegram.prompts import Prompts
from bot.telegram.render import system as render
from bot.telegram.render.text import esc
from bot.telegram.screen import Screen
from bot.telegram.sender import Sender, plain_text
from bot.telegram.stray_decisions import StrayDecisions
from bot.telegram.strays import Stray
from engine.model.actor import Actor
from engine.model.errors import GenesisError, NotAllowed, SecondFactorNeeded
from engine.model.query import FindOrder, PreviewClose

Answer = Callable[[Asked], Awaitable[Screen | None]]

log = structlog.get_logger()


class Conversation:
    """Answers what operators say and press; every failure becomes a sentence."""

    def __init__(
        self,
        *,
        room: Room,
        commands: Mapping[str, ChatCommand],
        card_talk: CardTalk,
        codes: Codes,
        fleeting: Fleeting,
        sender: Sender,
        nursery: Nursery,
        bot: Bot,
        prompts: Prompts,
        money_groups: frozenset[int],
    ) -> None:
        self._room = room
        self._commands = commands
        self._card_talk = card_talk
        self._codes = codes
        self._fleeting = fleeting
        self._sender = sender
        self._nursery = nursery
        self._bot = bot
        self._prompts = prompts
        self._stray_decisions = StrayDecisions(room.desk, room.strays, sender)
        self._money_groups = money_groups

    async def on_message(self, message: Message, actor: Actor) -> None:
        """A command, or something that is none."""
        private = message.chat.type == "private"
        if private and await self._card_talk.hears(message, actor, self._say_again):
            return
        screen = await self._safely(self._answer(message, actor, private))
        if screen is not None:
            await self._show(message.chat.id, screen)
        if private and (message.text or "").startswith("/start"):
            menu = publish_own_menu(
                self._bot, list(self._commands.values()), message.chat.id, actor.role
            )
            self._nursery.spawn("menu", menu)

    async def on_edit(self, message: Message, actor: Actor) -> None:
        """An edited command does nothing, and says so."""
        if (message.text or "").startswith("/"):
            said = "Editing a message changes nothing. Send the command again as a new message."
            await self._sender.send(message.chat.id, Screen(said))

    async def on_order(self, query: CallbackQuery, callback_data: OrderPress, actor: Actor) -> None:
        """A card for cancelling the order."""

        async def card(asked: Asked) -> Screen:
            await self._need("cancel", asked)
            order = await self._room.desk.ask(actor, FindOrder(callback_data.key))
            return await cancel_card(asked, self._room, order)

        await self._press(query, actor, card)

    async def on_close(self, query: CallbackQuery, callback_data: ClosePress, actor: Actor) -> None:
        """A card for closing a part of the position."""

        async def card(asked: Asked) -> Screen:
            await self._need("close", asked)
            symbol = callback_data.symbol.replace("/", ":")
            wish = PreviewClose(symbol, Decimal(callback_data.percent))
            return await lay(asked, self._room, await self._room.desk.ask(actor, wish))

        await self._press(query, actor, card)

    async def on_panel(self, query: CallbackQuery, callback_data: PanelPress, actor: Actor) -> None:
        """A panel is drawn anew, in place."""
        asked = _asked(query, actor, panel_words(callback_data))
        await self._redraw(query, callback_data.command, asked)

    async def on_page(self, query: CallbackQuery, callback_data: PagePress, actor: Actor) -> None:
        """A list is turned to this page, in place."""
        asked = _asked(query, actor, panel_words(callback_data), callback_data.number)
        await self._redraw(query, callback_data.command, asked)

    async def _redraw(self, query: CallbackQuery, name: str, asked: Asked | None) -> None:
        command = self._commands.get(name)
        if asked is None or command is None:
            await self._sender.notice(query.id, "This button is no longer in use.")
            return
        self._nursery.spawn("notice", self._sender.notice(query.id, ""))
        await self._draw(command, asked)

    async def _draw(self, command: ChatCommand, asked: Asked) -> None:
        screen = await self._safely(self._perform(command, asked, draws=True))
        if screen is None:
            return
        if screen.picture is not None:  # a text cannot become one
            await self._show(asked.chat_id, screen)
            return
        if screen.card is not None:
            await self._room.cards.shown(screen.card, asked.message_id)
        await self._prompts.put(asked.chat_id, asked.message_id, screen.answers)
        if screen.gone_at is not None:
            await self._fleeting.put(asked.chat_id, asked.message_id, screen.gone_at)
        await self._sender.edit(asked.chat_id, asked.message_id, screen)

    async def on_say(self, query: CallbackQuery, callback_data: SayPress, actor: Actor) -> None:
        """A command is said by a button; its answer is a message of its own."""

        async def said(asked: Asked) -> Screen | None:
            words = panel_words(callback_data)
            command = self._commands.get(callback_data.command)
            if command is None:
                return self._unknown(callback_data.command)
            return await self._perform(command, replace(asked, words=words, rest=" ".join(words)))

        await self._press(query, actor, said)

    async def on_stray(self, query: CallbackQuery, callback_data: StrayPress, actor: Actor) -> None:
        """Something made elsewhere is adopted or left alone, or a card to end it is asked for."""
        asked = _asked(query, actor)
        stray = await self._room.strays.get(callback_data.stray)
        if asked is None or stray is None:
            await self._sender.notice(query.id, "This is decided already.")
        elif callback_data.verb is StrayVerb.END:
            await self._press(query, actor, partial(self._end, stray))
        else:
            said = await self._safely(self._decided(asked, stray, callback_data.verb))
            if said is not None:
                await self._sender.notice(query.id, plain_text(said.text), alarm=True)
            if not any(told.message_id == asked.message_id for told in stray.told):
                await self._draw(self._commands["strays"], asked)

    async def _decided(self, asked: Asked, stray: Stray, verb: StrayVerb) -> Screen:
        await self._need("cancel" if stray.order is not None else "close", asked)
        return Screen(esc(await self._stray_decisions.decide(asked.actor, stray, verb)))

    async def _end(self, stray: Stray, asked: Asked) -> Screen:
        if stray.order is not None:
            await self._need("cancel", asked)
            order = await self._room.desk.ask(asked.actor, FindOrder(stray.order))
            return await cancel_card(asked, self._room, order)
        await self._need("close", asked)
        wish = PreviewClose(stray.symbol or "", Decimal(100))
        return await lay(asked, self._room, await self._room.desk.ask(asked.actor, wish))

    async def on_unknown(self, query: CallbackQuery, actor: Actor) -> None:
        """A press that means nothing any more."""
        await self._sender.notice(query.id, "This button is no longer in use.")

    async def _press(self, query: CallbackQuery, actor: Actor, answer: Answer) -> None:
        asked = _asked(query, actor)
        if asked is None:
            await self._sender.notice(query.id, "This button is no longer in use.")
            return
        screen = await self._safely(answer(asked))
        self._nursery.spawn("notice", self._sender.notice(query.id, ""))
        if screen is not None:
            await self._show(asked.chat_id, screen)

    async def _answer(self, message: Message, actor: Actor, private: bool) -> Screen | None:
        text = await self._text_of(message)
        if text.startswith("/pause"):
            text = text[: parse.MAX_TEXT]  # stopping must never fail for the length of its reason
        spoken = parse.split_command(text, known=self._commands)
        if spoken is None:
            return Screen(render.no_command()) if private else None
        if spoken.mention is not None and not await self._is_me(spoken.mention):
            return None
        asked = Asked(
            actor=actor,
            chat_id=message.chat.id,
            message_id=message.message_id,
            words=spoken.words,
            rest=spoken.rest,
            private=private,
            attachment=attached(message, self._bot),
        )
        command = self._commands.get(spoken.name)
        if command is None:
            return self._unknown(spoken.name)
        return await self._perform(command, asked)

    async def _text_of(self, message: Message) -> str:
        """What was said; a reply to a message that waits for one completes that one's words."""
        text = message.text or message.caption or ""
        replied = message.reply_to_message
        if replied is None or text.startswith("/"):
            return text
        words = await self._prompts.words(message.chat.id, replied.message_id)
        return f"/{words} {text}".strip() if words else text

    async def _is_me(self, mention: str) -> bool:
        me = await self._bot.me()
        return mention.lower() == (me.username or "").lower()

    async def _say_again(self, actor: Actor, waiting: Waiting) -> None:
        """What waited for a code is done at once."""
        command, asked = self._commands[waiting.command], waiting.asked(actor)
        if waiting.draws:
            await self._draw(command, asked)
        elif (screen := await self._safely(self._perform(command, asked))) is not None:
            await self._show(asked.chat_id, screen)

    async def _perform(
        self, command: ChatCommand, asked: Asked, *, draws: bool = False
    ) -> Screen | None:
        """The answer; none yet where a code is asked for first."""
        await self._need(command.name, asked)
        try:
            return await command.handler(asked, self._room)
        except SecondFactorNeeded:
            if not asked.private:
                raise
            await self._codes.ask_for_command(asked, command.name, draws=draws)
            return None

    async def _need(self, name: str, asked: Asked) -> None:
        """Who may not say this, or not here, is told so, and it is written down."""
        command = self._commands[name]
        why = _forbidden(command, asked, self._money_groups)
        if why is not None:
            await self._room.desk.minutes.refused(asked.actor.actor_id, f"/{name}", (why,))
            raise NotAllowed(why)

    def _unknown(self, name: str) -> Screen:
        near = parse.nearest(name, list(self._commands))
        return Screen(render.unknown_command(name, near))

    async def _show(self, chat_id: int, screen: Screen) -> None:
        message_id = await self._sender.send(chat_id, screen)
        if message_id is None:
            return
        if screen.card is not None:
            await self._room.cards.shown(screen.card, message_id)
        if screen.answers:
            await self._prompts.put(chat_id, message_id, screen.answers)
        if screen.gone_at is not None:
            await self._fleeting.put(chat_id, message_id, screen.gone_at)

    async def _safely(self, answer: Awaitable[Screen | None]) -> Screen | None:
        try:
            return await answer
        except GenesisError as error:
            return Screen(render.failure(error))
        except Exception:
            log.exception("handler_failed")
            return Screen(UNEXPECTED)


def _forbidden(command: ChatCommand, asked: Asked, money_groups: frozenset[int]) -> str | None:
    """Why somebody may not say a command here; None where they may."""
    name, role = command.name, asked.actor.role
    if role < command.role:
        return (
            f"/{name} needs the role {command.role.name.lower()}; you are {role.name.lower()}. "
            "Ask an admin."
        )
    if command.money and not asked.private and asked.chat_id not in money_groups:
        return (
            f"/{name} works in the private chat with me only, so that money never moves "
            "in front of a crowd. Write to me there."
        )
    return None


def _asked(
    query: CallbackQuery, actor: Actor, words: tuple[str, ...] = (), page: int = 0
) -> Asked | None:
    message = query.message
    if message is None:
        return None
    return Asked(
        actor=actor,
        chat_id=message.chat.id,
        message_id=message.message_id,
        words=words,
        private=message.chat.type == "private",
        page=page,
        press=query.id,
    )
