"""Long polling: we ask Telegram for updates."""

import asyncio

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter

from bot.telegram.dispatcher import HEARD
from bot.telegram.intake import Intake
from engine.model.errors import JournalUnavailable

POLL_SECONDS = 25
FIRST_RETRY = 0.5
LONGEST_RETRY = 10.0
UNKEPT_SECONDS = 0.5


class Polling:
    """Asks for ever, and lets Telegram forget what the intake has kept."""

    def __init__(self, bot: Bot, intake: Intake) -> None:
        self._bot = bot
        self._intake = intake
        self._unhooked = False

    async def run(self) -> None:
        """Handle what a crash left over, then poll for ever; ends only by cancellation."""
        await self._intake.take_up()
        # No offset at first: Telegram may number anew after a quiet week, and the inbox knows
        # what it has had before.
        offset: int | None = None
        delay = FIRST_RETRY
        while True:
            try:
                offset = await self._poll(offset)
            except JournalUnavailable:
                # What has come is handled, and comes again until it is kept; so does what follows.
                await asyncio.sleep(UNKEPT_SECONDS)
            except TelegramRetryAfter as pause:
                self._intake.trouble = "asks for a pause"
                await asyncio.sleep(pause.retry_after)
            except TelegramAPIError as error:
                self._intake.note(error)
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_RETRY)
            else:
                delay = FIRST_RETRY

    async def _poll(self, offset: int | None) -> int | None:
        await self._intake.awake()
        if not self._unhooked:  # with a webhook left from before, Telegram would refuse us
            await self._bot.delete_webhook(drop_pending_updates=False)
            self._unhooked = True
        updates = await self._bot.get_updates(
            offset=offset,
            timeout=POLL_SECONDS if self._intake.trouble is None else 0,
            allowed_updates=list(HEARD),
            request_timeout=POLL_SECONDS + 10,
        )
        self._intake.reached()
        # What came over a freeze is left at Telegram for whoever leads now.
        if not self._intake.listens:
            return offset
        await self._intake.receive(updates)
        return updates[-1].update_id + 1 if updates else offset
