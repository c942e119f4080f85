"""The webhook: Telegram brings updates to a door of ours, which only its secret opens."""

import asyncio
import hmac
from urllib.parse import urlsplit

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter
from aiogram.types import Update, WebhookInfo
from aiohttp import web
from pydantic import ValidationError

from bot.telegram.dispatcher import HEARD
from bot.telegram.intake import Intake

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
LARGEST_UPDATE = 1024 * 1024
LOOK_SECONDS = 30.0
FIRST_RETRY = 0.5
LONGEST_RETRY = 10.0

log = structlog.get_logger()


class Webhook:
    """Tells Telegram where to deliver, sees that it does, and takes in what is brought."""

    def __init__(self, bot: Bot, intake: Intake, *, url: str, secret: str) -> None:
        parts = urlsplit(url)
        self.path = parts.path
        self.host = parts.hostname or ""
        self._url = url
        self._secret = secret
        self._bot = bot
        self._intake = intake
        self._opened = False
        self._set = False

    async def run(self) -> None:
        """Handle what a crash left over, then keep the delivery up; ends only by cancellation."""
        await self._intake.take_up()
        self._opened = True
        delay = FIRST_RETRY
        while True:
            try:
                await self._look()
            except TelegramRetryAfter as pause:
                self._intake.trouble = "asks for a pause"
                await asyncio.sleep(pause.retry_after)
            except TelegramAPIError as error:
                self._intake.note(error)
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_RETRY)
            else:
                delay = FIRST_RETRY
                await asyncio.sleep(LOOK_SECONDS)

    async def answer(self, request: web.Request) -> web.Response:
        """Take one update in: 200 once it is kept, so that Telegram may forget it."""
        shown = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(shown.encode(errors="surrogateescape"), self._secret.encode()):
            raise web.HTTPUnauthorized
        if not self._opened:
            raise web.HTTPServiceUnavailable
        body = await _read(request)
        try:
            update = Update.model_validate_json(body, context={"bot": self._bot})
        except ValidationError as error:
            # Brought again it would be no better, and what waits behind it must not wait for it.
            log.error("update_unreadable", detail=str(error))
        else:
            await self._intake.receive([update])
        return web.Response()

    async def _look(self) -> None:
        info = await self._bot.get_webhook_info()
        if not self._set or info.url != self._url:
            await self._bot.set_webhook(
                self._url,
                secret_token=self._secret,
                allowed_updates=list(HEARD),
                drop_pending_updates=False,
            )
            self._set = True
            self._intake.reached()
        elif _stuck(info):
            self._intake.note(f"cannot deliver: {info.last_error_message}")
        else:
            self._intake.reached()


def _stuck(info: WebhookInfo) -> bool:
    return bool(info.pending_update_count and info.last_error_message)


async def _read(request: web.Request) -> bytes:
    """The body, cut off where it is larger than any update."""
    if (request.content_length or 0) > LARGEST_UPDATE:
        raise web.HTTPRequestEntityTooLarge(LARGEST_UPDATE, request.content_length or 0)
    body = bytearray()
    async for piece in request.content.iter_chunked(65536):
        body += piece
        if len(body) > LARGEST_UPDATE:
            raise web.HTTPRequestEntityTooLarge(LARGEST_UPDATE, len(body))
    return bytes(body)
