from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from bot.telegram.sandbox.server import LocalTelegram, running
from tests.contract.telegram_sandbox.phone import CONFIG, Phone, bot_at, phone_at


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    async with running(CONFIG) as telegram:
        yield telegram


@pytest.fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    async with bot_at(telegram.url) as bot:
        yield bot


@pytest.fixture
async def phone(telegram: LocalTelegram) -> AsyncIterator[Phone]:
    async with phone_at(telegram.url) as phone:
        yield phone
