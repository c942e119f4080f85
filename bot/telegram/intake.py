"""Long polling: an update is on disk before Telegram may forget it, and handled once."""

import asyncio
from collections.abc import Callable, Sequence

import msgspec
import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramConflictError,
    TelegramRetryAfter,
)
from aiogram.types import Update
from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from bot.nursery import Nursery
from bot.telegram.dispatcher import HEARD
from bot.telegram.ports import Inbox, Received
from engine.ports import Clock

POLL_SECONDS = 25
FIRST_RETRY = 0.5
LONGEST_RETRY = 10.0
MOST_SEEN = 50_000

log = structlog.get_logger()


class _Batch:
    """Updates that came together, and whether they are on disk."""

    def __init__(self, updates: Sequence[Update]) -> None:
        self.updates = updates
        self.settled = asyncio.Event()
        self.kept = False


class Intake:
    """Receives updates, keeps them, hands each to the dispatcher as a task of its own.

    Handling begins while the inbox is still writing: what a press does is claimed in the journal,
    so that it happens once in any case, and Telegram may forget an update only after it is kept.
    """

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
        self._seen: dict[int, None] = {}
        self.trouble: str | None = "not reached yet"

    async def run(self) -> None:
        """Handle what a crash left over, then poll for ever; ends only by cancellation."""
        await self._take_up()
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
        fresh = [update for update in updates if update.update_id not in self._seen]
        if fresh:
            await self._take_in(_Batch(fresh))
        return updates[-1].update_id + 1

    async def _take_up(self) -> None:
        """What an earlier run had, and what of it is still to be done."""
        waiting = [self._revived(received) for received in await self._inbox.waiting()]
        left = _Batch([update for update in waiting if update.update_id not in self._seen])
        left.kept = True
        left.settled.set()
        self._seen.update(dict.fromkeys(await self._inbox.known()))
        for update in left.updates:
            await self._hand_on(update, left)

    def _revived(self, received: Received) -> Update:
        try:
            return Update.model_validate_json(received.body, context={"bot": self._bot})
        except ValidationError as error:
            log.error("update_unreadable", update_id=received.update_id, detail=str(error))
            return Update(update_id=received.update_id)

    async def _take_in(self, batch: _Batch) -> None:
        """Hand on and keep, side by side; what could not be kept may come again."""
        ids = [update.update_id for update in batch.updates]
        try:
            for update in batch.updates:
                await self._hand_on(update, batch)
            await asyncio.sleep(0)  # a press goes first: its order must not wait for our copy
            await self._inbox.keep([self._received(update) for update in batch.updates])
            batch.kept = True
        finally:
            batch.settled.set()
            if not batch.kept:
                for update_id in ids:
                    self._seen.pop(update_id, None)

    def _received(self, update: Update) -> Received:
        return Received(
            update_id=update.update_id, body=_body(update), received_at=self._clock.now()
        )

    async def _hand_on(self, update: Update, batch: _Batch) -> None:
        await self._nursery.room()
        self._seen[update.update_id] = None
        if len(self._seen) > MOST_SEEN:
            del self._seen[next(iter(self._seen))]
        self._nursery.spawn(f"update {update.update_id}", self._handle(update, batch))

    async def _handle(self, update: Update, batch: _Batch) -> None:
        await self._dispatcher.feed_update(self._bot, update)
        await batch.settled.wait()
        if batch.kept:
            await self._inbox.done(update.update_id)

    def _reached(self) -> None:
        if self.trouble is not None:
            self.trouble = None
            self._announce()

    def _note(self, error: TelegramAPIError) -> None:
        conflict = isinstance(error, TelegramConflictError)
        trouble = "another program polls with the same token" if conflict else str(error)
        if self.trouble != trouble:
            log.warning("telegram_unreachable", detail=trouble)
        self.trouble = trouble


def _body(update: Update) -> bytes:
    """The update as it came; one that cannot be written down is known by its id alone."""
    try:
        return update.model_dump_json(exclude_unset=True, by_alias=True).encode()
    except PydanticSerializationError as error:
        log.error("update_not_kept_whole", update_id=update.update_id, detail=str(error))
        return msgspec.json.encode({"update_id": update.update_id})
