"""Trouble on request."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError

from tests.contract.telegram_sandbox.phone import OLIVIA, Phone


async def test_429_with_the_seconds_to_wait(bot: Bot, phone: Phone) -> None:
    await phone.post("fault", method="sendMessage", kind="429", retry_after=7, count=2)
    await bot.get_me()
    for _ in range(2):
        with pytest.raises(TelegramRetryAfter) as caught:
            await bot.send_message(OLIVIA, "x")
        assert caught.value.retry_after == 7
    assert (await bot.send_message(OLIVIA, "x")).text == "x"


async def test_500(bot: Bot, phone: Phone) -> None:
    await phone.post("fault", kind="500")
    with pytest.raises(TelegramServerError, match="Internal Server Error"):
        await bot.get_me()
    assert (await bot.get_me()).id == 42


async def test_a_dropped_call_is_not_done(bot: Bot, phone: Phone) -> None:
    await phone.post("fault", method="sendMessage", kind="drop")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(OLIVIA, "lost")
    assert await phone.messages() == []


async def test_a_dropped_answer_is_a_message_sent(bot: Bot, phone: Phone) -> None:
    await phone.post("fault", method="sendMessage", kind="drop", when="after")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(OLIVIA, "arrived")
    assert await phone.texts() == ["arrived"]


async def test_a_held_call_is_never_done(bot: Bot, phone: Phone) -> None:
    await phone.post("fault", method="sendMessage", kind="timeout")
    held = asyncio.create_task(bot.send_message(OLIVIA, "held", request_timeout=1))
    assert (await bot.get_me()).id == 42
    with pytest.raises(TelegramNetworkError, match="timeout"):
        await held
    assert await phone.messages() == []


async def test_unknown_faults_are_refused(phone: Phone) -> None:
    assert (await phone.post("fault", kind="fire"))["ok"] is False
    assert (await phone.get("state"))["faults"] == 0
