"""The intake of a chat that polls, and what of it was handled."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiogram import Dispatcher
from aiogram.types import Update

from bot.nursery import Nursery
from bot.telegram.intake import Intake
from bot.telegram.polling import Polling
from bot.telegram.ports import Inbox
from engine.clock import SystemClock
from tests.unit.telegram.refusing import RefusingTelegram


@asynccontextmanager
async def listening(
    telegram: RefusingTelegram, inbox: Inbox, may_listen: Callable[[], bool] = lambda: True
) -> AsyncIterator[list[int]]:
    """Updates are taken in for the length of the block: the numbers of those handled."""
    dispatcher, handled = Dispatcher(), list[int]()

    async def note(handler: object, event: object, data: dict[str, object]) -> None:
        assert isinstance(event, Update)
        handled.append(event.update_id)

    dispatcher.update.outer_middleware(note)
    nursery = Nursery(clock=SystemClock(), random=random.Random(1), patience=0.1)
    intake = Intake(
        bot=telegram.bot(),
        dispatcher=dispatcher,
        inbox=inbox,
        nursery=nursery,
        clock=SystemClock(),
        announce=lambda: None,
        may_listen=may_listen,
    )
    nursery.start("intake", Polling(telegram.bot(), intake).run)
    try:
        yield handled
    finally:
        await nursery.stop()
