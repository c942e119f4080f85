"""The played people and the bot, as tests drive them over loopback."""

from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, TelegramObject
from aiohttp import ClientSession

from bot.telegram.sandbox.config import SandboxConfig

OLIVIA = 1001
STEN = 2002
CONFIG = SandboxConfig()
GROUP = CONFIG.group.id


class LoopbackSession(AiohttpSession):
    """Closes at once: aiogram's own waits a quarter second for TLS that is not there."""

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def bot_at(url: str, token: str = CONFIG.token) -> Bot:
    """The production client, pointed at a local Telegram."""
    return Bot(token, session=LoopbackSession(api=TelegramAPIServer.from_base(url)))


class Phone:
    """The control API in a test's words."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session

    async def post(self, path: str, **body: object) -> dict[str, object]:
        async with self._session.post(f"/control/{path}", json=body) as answer:
            result: dict[str, object] = await answer.json()
            return result

    async def get(self, path: str, **query: str | int) -> dict[str, object]:
        async with self._session.get(f"/control/{path}", params=query) as answer:
            result: dict[str, object] = await answer.json()
            return result

    async def say(self, text: str, user_id: int = OLIVIA, **more: object) -> int:
        said = await self.post("say", user_id=user_id, text=text, **more)
        assert said["ok"], said
        message_id = said["message_id"]
        assert isinstance(message_id, int)
        return message_id

    async def messages(self, chat_id: int = OLIVIA) -> list[dict[str, object]]:
        result = (await self.get("messages", chat_id=chat_id))["messages"]
        assert isinstance(result, list)
        return result

    async def texts(self, chat_id: int = OLIVIA) -> list[object]:
        return [message.get("text") for message in await self.messages(chat_id)]


@asynccontextmanager
async def phone_at(url: str) -> AsyncIterator[Phone]:
    """A phone for the length of the block."""
    async with ClientSession(url) as session:
        yield Phone(session)


def keyboard(*buttons: tuple[str, str]) -> InlineKeyboardMarkup:
    """One row of callback buttons."""
    row = [InlineKeyboardButton(text=text, callback_data=data) for text, data in buttons]
    return InlineKeyboardMarkup(inline_keyboard=[row])


def dumped(objects: Sequence[TelegramObject] | None) -> list[dict[str, object]]:
    """Plain forms, which compare without the bot they belong to."""
    return [one.model_dump(exclude_none=True) for one in objects or []]


async def refusal(call: Awaitable[object]) -> str:
    """The words with which a call is refused as a bad request."""
    with pytest.raises(TelegramBadRequest) as caught:
        await call
    return caught.value.message
