"""The connection to Telegram."""

from functools import cache

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods.base import Response, TelegramMethod, TelegramType


class Session(AiohttpSession):
    """As its parent, but a kind of answer is made once.

    The libraries forget each kind again and again, and to make one takes milliseconds in which
    nobody else has a turn.
    """

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """As the parent says."""
        _kept(method.__returning__)
        return super().check_response(bot, method, status_code, content)


@cache
def _kept(returning: type) -> object:
    return Response.__class_getitem__(returning)
