"""A Telegram that refuses: one chat, one text, or every edit."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime
from typing import cast

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.base import BaseSession
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
)
from aiogram.methods import EditMessageText, GetUpdates, SendDocument, SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Chat, Message, Update

NOW = datetime.now(UTC)
NEW_CHAT = -1005


class RefusingTelegram(BaseSession):
    """Answers as told; `sent` holds what got through, `polled` each offset that was asked for."""

    def __init__(
        self,
        *,
        refused_text: str = "",
        moved_chat: int = 0,
        updates: Callable[[Bot, int], Sequence[Update]] | None = None,
    ) -> None:
        super().__init__()
        self._refused_text = refused_text
        self._moved_chat = moved_chat
        self._updates = updates
        self.closed_chat = 0
        self.gagged_chat = 0
        self.sent: list[tuple[int, str]] = []
        self.turned_away = 0
        self.polled: list[int] = []

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's signature
    ) -> TelegramType:
        await asyncio.sleep(0.001)
        return cast("TelegramType", self._answer(bot, method))

    def _answer(self, bot: Bot, method: object) -> object:
        if isinstance(method, EditMessageText):
            raise TelegramBadRequest(method, "Bad Request: message to edit not found")
        if isinstance(method, SendMessage):
            return self._send(method)
        if isinstance(method, SendDocument):
            self.sent.append((int(method.chat_id), method.caption or ""))
            return Message(message_id=1, date=NOW, chat=Chat(id=1, type="private"))
        if isinstance(method, GetUpdates) and self._updates is not None:
            self.polled.append(method.offset or 0)
            return self._updates(bot, method.offset or 0)
        return True

    def _send(self, method: SendMessage) -> Message:
        chat = int(method.chat_id)
        if chat == self.closed_chat:
            self.turned_away += 1
            raise TelegramForbiddenError(method, "Forbidden: bot was blocked by the user")
        if chat == self.gagged_chat:
            raise TelegramBadRequest(method, "Bad Request: SOMETHING_NEW_IN_GROUPS")
        if chat == self._moved_chat:
            raise TelegramMigrateToChat(method, "group upgraded", migrate_to_chat_id=NEW_CHAT)
        if self._refused_text and self._refused_text in method.text and method.parse_mode:
            raise TelegramBadRequest(method, "Bad Request: can't parse entities")
        self.sent.append((chat, method.text))
        return Message(message_id=1, date=NOW, chat=Chat(id=chat, type="private"))

    async def close(self) -> None:
        """Nothing is open."""

    async def stream_content(
        self,
        url: str,
        headers: dict[str, object] | None = None,
        timeout: int = 30,  # noqa: ASYNC109 - aiogram's signature
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """There are no files."""
        yield b""

    def bot(self) -> Bot:
        """A bot that talks to this Telegram."""
        return Bot("42:TEST", session=self, default=DefaultBotProperties(parse_mode=ParseMode.HTML))
