"""The chat put together: one bot, its way in, its way out, its alerts."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError

from bot.nursery import Nursery
from bot.settings import TelegramSettings
from bot.telegram.access import Access
from bot.telegram.alerts import Alerts
from bot.telegram.card_talk import CardTalk
from bot.telegram.cards import Cards
from bot.telegram.codes import Codes
from bot.telegram.commands.catalog import catalog
from bot.telegram.commands.declare import Room
from bot.telegram.conversation import Conversation
from bot.telegram.decisions import Decisions
from bot.telegram.dispatcher import build_dispatcher
from bot.telegram.door import Door
from bot.telegram.fleeting import Fleeting
from bot.telegram.intake import Intake
from bot.telegram.menu import publish_menu, publish_own_menu
from bot.telegram.names import Names
from bot.telegram.polling import Polling
from bot.telegram.ports import Inbox, Shelf
from bot.telegram.prompts import Prompts
from bot.telegram.second_eyes import SecondEyes
from bot.telegram.sender import Sender
from bot.telegram.staff import Staff
from bot.telegram.strays import Strays
from bot.telegram.usher import Usher
from bot.telegram.webhook import Webhook
from engine.desk import Desk
from engine.model.errors import ConfigurationError
from engine.ports import Clock, Journal

INTRODUCTION_SECONDS = 5.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatParts:
    """What the chat is built over; `count` hears messages' outcomes, `stranger` each stranger.

    `may_listen` says whether what people say is ours to take in; `dry` when orders are filled
    on paper: every message says so.
    """

    settings: TelegramSettings
    dms: bool
    desk: Desk
    journal: Journal
    inbox: Inbox
    shelf: Shelf
    clock: Clock
    nursery: Nursery
    count: Callable[[str], None]
    stranger: Callable[[], None]
    may_listen: Callable[[], bool] = lambda: True
    dry: bool = False


class Chat:
    """Everything that talks to Telegram."""

    def __init__(self, parts: ChatParts) -> None:
        settings, clock = parts.settings, parts.clock
        self._parts = parts
        self._bot = _bot_of(settings)
        self._commands = catalog(dms=parts.dms, dry=parts.dry)
        self._names = Names(parts.shelf)
        self._staff = Staff(lambda: parts.desk.members, settings.chat_id)
        sender = Sender(self._bot, parts.count, dry=parts.dry)
        self._door = Door(parts.desk.admission, self._names, sender, clock, parts.stranger)
        cards = Cards(parts.shelf, clock, timedelta(seconds=settings.card_expires_seconds))
        strays = Strays(parts.shelf)
        self._decisions = Decisions(parts.desk, cards, sender, clock, self._names)
        self._fleeting = Fleeting(parts.shelf, sender, clock)
        codes = Codes(
            desk=parts.desk,
            cards=cards,
            shelf=parts.shelf,
            sender=sender,
            fleeting=self._fleeting,
            clock=clock,
        )
        self._eyes = SecondEyes(
            desk=parts.desk,
            cards=cards,
            decisions=self._decisions,
            sender=sender,
            names=self._names,
            nursery=parts.nursery,
            clock=clock,
        )
        prompts = Prompts(parts.shelf)
        card_talk = CardTalk(
            cards=cards,
            decisions=self._decisions,
            codes=codes,
            eyes=self._eyes,
            prompts=prompts,
            sender=sender,
            nursery=parts.nursery,
        )
        conversation = Conversation(
            room=Room(desk=parts.desk, cards=cards, strays=strays, names=self._names, clock=clock),
            commands=self._commands,
            card_talk=card_talk,
            codes=codes,
            fleeting=self._fleeting,
            sender=sender,
            nursery=parts.nursery,
            bot=self._bot,
            prompts=prompts,
            money_groups=settings.groups,
        )
        self._intake = Intake(
            bot=self._bot,
            dispatcher=build_dispatcher(
                Access(parts.desk, self._names, self._door), conversation, card_talk
            ),
            inbox=parts.inbox,
            nursery=parts.nursery,
            clock=clock,
            may_listen=parts.may_listen,
            announce=lambda: parts.nursery.spawn("menu", self._publish()),
        )
        self.webhook = _webhook_of(settings, self._bot, self._intake)
        self._way_in = self.webhook or Polling(self._bot, self._intake)
        self._sender, self._strays = sender, strays
        self._alerts: dict[int | None, Alerts] = {None: self._alerts_of(None)}
        self._readers = [self._alerts[None].reader]
        self._usher = Usher(
            journal=parts.journal,
            staff=self._staff,
            hire=self._hire,
            show_menu=self._show_menu,
        )

    @property
    def trouble(self) -> str | None:
        """Why Telegram cannot be reached; None when it can."""
        return self._intake.trouble

    @property
    def readers(self) -> Sequence[str]:
        """The names of the journal's readers here; it grows as people come in."""
        return self._readers

    async def introduce(self) -> None:
        """See that the token is good, if Telegram answers; `ConfigurationError` if it is not."""
        await self._names.load()
        for chat in (*self._staff.desk, None):
            await self._alerts_of(chat).begin()
        try:
            async with asyncio.timeout(INTRODUCTION_SECONDS):
                await self._bot.me()
        except (TelegramUnauthorizedError, TelegramNotFound) as error:
            raise ConfigurationError(
                "Telegram does not know TELEGRAM_BOT_TOKEN: copy it from @BotFather again."
            ) from error
        except (TelegramAPIError, TimeoutError) as error:
            log.warning("telegram_unreachable_at_start", detail=str(error) or "no answer")

    def start(self) -> None:
        """Begin to listen, to expire cards and to tell the news."""
        nursery = self._parts.nursery
        nursery.start("door", self._door.run)
        nursery.start("codes", self._door.look_at_codes)
        nursery.start("telegram intake", self._way_in.run)
        nursery.start("card sweep", self._decisions.sweep)
        nursery.start(self._readers[0], self._alerts[None].run)
        nursery.start("usher", self._usher.run)
        nursery.start("fleeting messages", self._fleeting.sweep)
        nursery.spawn("approvals", self._eyes.resume())

    async def last_words(self, patience: float) -> None:
        """Give the newest news this many seconds to reach the chat; later it is told again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await asyncio.gather(*(one.caught_up() for one in self._alerts.values()))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._bot.session.close()

    async def _publish(self) -> None:
        await publish_menu(self._bot, list(self._commands.values()), self._staff.known)

    async def _show_menu(self, person: int) -> None:
        role = self._staff.roles.get(person)
        await publish_own_menu(self._bot, list(self._commands.values()), person, role)

    async def _hire(self, chat: int, anew: bool) -> None:
        """Tell this chat the news from now on, if it is not told already."""
        if chat in self._alerts:
            return
        alerts = self._alerts_of(chat)
        await alerts.begin(anew=anew)
        self._alerts[chat] = alerts
        self._readers.append(alerts.reader)
        self._parts.nursery.start(alerts.reader, alerts.run)

    def _alerts_of(self, chat: int | None) -> Alerts:
        parts = self._parts
        return Alerts(
            journal=parts.journal,
            sender=self._sender,
            lookup=parts.desk.known,
            names=self._names,
            strays=self._strays,
            staff=self._staff,
            chat=chat,
        )


def _bot_of(settings: TelegramSettings) -> Bot:
    server = TelegramAPIServer.from_base(settings.api_url.rstrip("/"))
    return Bot(
        settings.bot_token.get_secret_value(),
        session=AiohttpSession(api=server),
        default=DefaultBotProperties(parse_mode=ParseMode.HTML),
    )


def _webhook_of(settings: TelegramSettings, bot: Bot, intake: Intake) -> Webhook | None:
    if settings.webhook_url is None or settings.webhook_secret is None:
        return None
    secret = settings.webhook_secret.get_secret_value()
    return Webhook(bot, intake, url=settings.webhook_url, secret=secret)
