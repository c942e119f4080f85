"""Delivery to a webhook instead of long polling."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError
from aiohttp import web

from tests.contract.telegram_sandbox.phone import Phone, refusal


class Listener:
    """A bot's webhook that answers with the given statuses, then 200."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.secrets: list[str | None] = []
        self.texts: asyncio.Queue[str] = asyncio.Queue()
        self.url = ""

    async def receive(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.texts.put_nowait((await request.json())["message"]["text"])
        return web.Response(status=status)


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    listener = Listener()
    application = web.Application()
    application.router.add_post("/hook", listener.receive)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listener.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield listener
    await runner.cleanup()


async def test_updates_are_delivered_in_order_with_the_secret(
    bot: Bot, phone: Phone, listener: Listener
) -> None:
    await phone.say("before")
    await bot.set_webhook(listener.url, secret_token="s3cret")
    await phone.say("after")
    async with asyncio.timeout(5):
        assert [await listener.texts.get(), await listener.texts.get()] == ["before", "after"]
    assert listener.secrets == ["s3cret", "s3cret"]


async def test_a_failed_delivery_is_tried_again(bot: Bot, phone: Phone, listener: Listener) -> None:
    listener.statuses = [500]
    await bot.set_webhook(listener.url)
    await phone.say("again")
    async with asyncio.timeout(5):
        assert await listener.texts.get() == "again"
    info = await bot.get_webhook_info()
    assert "500" in (info.last_error_message or "")


async def test_no_polling_while_a_webhook_is_set(
    bot: Bot, phone: Phone, listener: Listener
) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=20))
    await bot.get_me()
    await bot.set_webhook(listener.url)
    with pytest.raises(TelegramConflictError, match="terminated by setWebhook request"):
        await polling
    with pytest.raises(TelegramConflictError, match="while webhook is active"):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).url == listener.url
    await bot.delete_webhook(drop_pending_updates=True)
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.get_updates() == []


async def test_bad_webhooks(bot: Bot) -> None:
    for url, words in (
        ("ftp://127.0.0.1/", "An HTTPS URL must be provided for webhook"),
        ("https://example.com/", "loopback addresses only"),
    ):
        assert words in await refusal(bot.set_webhook(url))
    bad = bot.set_webhook("http://127.0.0.1:1/", secret_token="not allowed!")
    assert await refusal(bad) == "Bad Request: secret token contains unallowed characters"
