"""The chat put together: one bot, its way in, its way out, its alerts."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError

from bot.nursery import Nursery
from bot.settings import TelegramSettings
from bot.telegram.access import Access
from bot.telegram.alert_desk import AlertDesk
from bot.telegram.card_room import CardRoom
from bot.telegram.cards import Cards
from bot.telegram.commands.catalog import catalog
from bot.telegram.commands.declare import Room
from bot.telegram.conversation import Conversation
from bot.telegram.dispatcher import build_dispatcher
from bot.telegram.door import Door
from bot.telegram.drafts import WindowsDrafts
from bot.telegram.intake import Intake
from bot.telegram.menu import publish_menu, publish_own_menu
from bot.telegram.names import Names
from bot.telegram.polling import Polling
from bot.telegram.ports import Inbox, Shelf
from bot.telegram.relief import Relief
from bot.telegram.sender import Sender
from bot.telegram.session import Session
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
        self._relief = Relief(settings.chat_id, lambda: self._staff.highest, clock)
        sender = Sender(self._bot, parts.count, dry=parts.dry, watch=self._relief)
        self._door = Door(parts.desk.admission, self._names, sender, clock, parts.stranger)
        cards = Cards(parts.shelf, clock, timedelta(seconds=settings.card_expires_seconds))
        strays = Strays(parts.shelf)
        self._card_room = room = CardRoom.furnished(
            desk=parts.desk,
            cards=cards,
            shelf=parts.shelf,
            sender=sender,
            names=self._names,
            nursery=parts.nursery,
            clock=clock,
        )
        conversation = self._conversation(room, cards, strays, sender)
        self._intake = Intake(
            bot=self._bot,
            dispatcher=build_dispatcher(
                Access(parts.desk, self._names, self._door), conversation, room.talk
            ),
            inbox=parts.inbox,
            nursery=parts.nursery,
            clock=clock,
            may_listen=parts.may_listen,
            announce=lambda: parts.nursery.spawn("menu", self._publish()),
        )
        self.webhook = _webhook_of(settings, self._bot, self._intake)
        self._way_in = self.webhook or Polling(self._bot, self._intake)
        self._alerts = AlertDesk(
            journal=parts.journal,
            sender=sender,
            lookup=parts.desk.known,
            names=self._names,
            strays=strays,
            staff=self._staff,
            relief=self._relief,
            nursery=parts.nursery,
        )

    def _conversation(
        self, room: CardRoom, cards: Cards, strays: Strays, sender: Sender
    ) -> Conversation:
        parts, groups = self._parts, self._parts.settings.groups
        return Conversation(
            room=Room(
                desk=parts.desk,
                cards=cards,
                strays=strays,
                names=self._names,
                clock=parts.clock,
                drafts=WindowsDrafts(parts.shelf),
                alert_trouble=lambda: self._relief.trouble,
                money_groups=groups,
            ),
            commands=self._commands,
            card_talk=room.talk,
            codes=room.codes,
            fleeting=room.fleeting,
            sender=sender,
            nursery=parts.nursery,
            bot=self._bot,
            prompts=room.prompts,
            money_groups=groups,
        )

    @property
    def trouble(self) -> str | None:
        """Why Telegram cannot be reached; None when it can."""
        return self._intake.trouble

    @property
    def alert_trouble(self) -> str | None:
        """Why alerts do not go where they should; None when they do."""
        return self._relief.trouble

    def name_of(self, actor_id: str) -> str:
        """What a member is called, or the bare id of somebody who never wrote."""
        return self._names.of(actor_id)

    @property
    def readers(self) -> Sequence[str]:
        """The names of the journal's readers here; it grows as people come in."""
        return self._alerts.readers

    async def introduce(self) -> None:
        """See that the token is good, if Telegram answers; `ConfigurationError` if it is not."""
        await self._names.load()
        await self._alerts.introduce()
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
        self._card_room.start()
        self._alerts.start()
        usher = Usher(
            journal=self._parts.journal,
            staff=self._staff,
            hire=self._alerts.hire,
            show_menu=self._show_menu,
        )
        nursery.start("usher", usher.run)

    async def last_words(self, patience: float) -> None:
        """Give the newest news this many seconds to reach the chat; later it is told again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._alerts.caught_up()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._bot.session.close()

    async def _publish(self) -> None:
        await publish_menu(self._bot, list(self._commands.values()), self._staff.known)

    async def _show_menu(self, person: int) -> None:
        role = self._staff.roles.get(person)
        await publish_own_menu(self._bot, list(self._commands.values()), person, role)


def _bot_of(settings: TelegramSettings) -> Bot:
    server = TelegramAPIServer.from_base(settings.api_url.rstrip("/"))
    return Bot(
        settings.bot_token.get_secret_value(),
        session=Session(api=server),
        default=DefaultBotProperties(parse_mode=ParseMode.HTML),
    )


def _webhook_of(settings: TelegramSettings, bot: Bot, intake: Intake) -> Webhook | None:
    if settings.webhook_url is None or settings.webhook_secret is None:
        return None
    secret = settings.webhook_secret.get_secret_value()
    return Webhook(bot, intake, url=settings.webhook_url, secret=secret)
