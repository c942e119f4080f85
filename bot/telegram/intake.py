"""Long polling: an update is on disk before Telegram may forget it, and handled once."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramConflictError,
    TelegramRetryAfter,
)
from aiogram.types import Update

from bot.nursery import Nursery
from bot.telegram.dispatcher import HEARD
from bot.telegram.ports import Inbox, Received
from engine.ports import Clock

POLL_SECONDS = 25
FIRST_RETRY = 0.5
LONGEST_RETRY = 10.0

log = structlog.get_logger()


class Intake:
    """Receives updates, keeps them, hands each to the dispatcher as a task of its own."""

    def __init__(
        self,
        *,
        bot: Bot,
        dispatcher: Dispatcher,
        inbox: Inbox,
        nursery: Nursery,
        clock: Clock,
        announce: Callable[[], None],
    ) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._inbox = inbox
        self._nursery = nursery
        self._clock = clock
        self._announce = announce
        self._in_hand: set[int] = set()
        self.heard_at: datetime | None = None
        self.trouble: str | None = "not reached yet"

    async def run(self) -> None:
        """Handle what a crash left over, then poll for ever; ends only by cancellation."""
        for received in await self._inbox.waiting():
            await self._hand_on(
                Update.model_validate_json(received.body, context={"bot": self._bot})
            )
        # No offset at first: Telegram may number anew after a quiet week, and the inbox knows
        # what it has had before.
        offset: int | None = None
        delay = FIRST_RETRY
        while True:
            try:
                offset = await self._poll(offset)
            except TelegramRetryAfter as pause:
                self.trouble = "asks for a pause"
                await asyncio.sleep(pause.retry_after)
            except TelegramAPIError as error:
                self._note(error)
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_RETRY)
            else:
                delay = FIRST_RETRY

    async def _poll(self, offset: int | None) -> int | None:
        updates = await self._bot.get_updates(
            offset=offset,
            timeout=POLL_SECONDS if self.trouble is None else 0,
            allowed_updates=list(HEARD),
            request_timeout=POLL_SECONDS + 10,
        )
        self._reached()
        if not updates:
            return offset
        fresh = await self._inbox.keep([self._received(update) for update in updates])
        for update in updates:
            if update.update_id in fresh:
                await self._hand_on(update)
        return updates[-1].update_id + 1

    def _received(self, update: Update) -> Received:
        body = update.model_dump_json(exclude_none=True, by_alias=True)
        return Received(
            update_id=update.update_id, body=body.encode(), received_at=self._clock.now()
        )

    async def _hand_on(self, update: Update) -> None:
        await self._nursery.room()
        self._in_hand.add(update.update_id)
        self._nursery.spawn(f"update {update.update_id}", self._handle(update))

    async def _handle(self, update: Update) -> None:
        try:
            await self._dispatcher.feed_update(self._bot, update)
            await self._inbox.done(update.update_id)
        finally:
            self._in_hand.discard(update.update_id)

    def _reached(self) -> None:
        self.heard_at = self._clock.now()
        if self.trouble is not None:
            self.trouble = None
            self._announce()

    def _note(self, error: TelegramAPIError) -> None:
        conflict = isinstance(error, TelegramConflictError)
        trouble = "another program polls with the same token" if conflict else str(error)
        if self.trouble != trouble:
            log.warning("telegram_unreachable", detail=trouble)
        self.trouble = trouble


def _update_of(received: Received, bot: Bot) -> Update:
    return Update.model_validate_json(received.body, context={"bot": bot})
