"""An update is on disk before Telegram may forget it, and handled once, however it came."""

import asyncio
from collections.abc import Callable, Sequence

import msgspec
import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramAPIError, TelegramConflictError
from aiogram.types import Update
from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from bot.nursery import Nursery
from bot.telegram.ports import Inbox, Received
from engine.model.errors import Deposed, JournalUnavailable
from engine.ports import Clock

LISTEN_AGAIN = 0.1
MOST_SEEN = 50_000
MOST_BROUGHT = 100
"""So many updates Telegram brings at most, the oldest that it may not forget yet."""

log = structlog.get_logger()


class _Batch:
    """Updates that came together, and whether they are on disk."""

    def __init__(self, updates: Sequence[Update]) -> None:
        self.updates = updates
        self.settled = asyncio.Event()
        self.kept = False


class Intake:
    """Keeps updates and hands each to the dispatcher as a task of its own.

    Handling begins while the inbox is still writing: what a press does is claimed in the journal,
    so that it happens once in any case, and Telegram may forget an update only after it is kept.
    What cannot be kept is handled all the same, once: whoever wants everything stopped must not
    wait for the database. When it comes again, it is only kept.
    While `may_listen` says no, nothing is taken in: another may listen by now.
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
        may_listen: Callable[[], bool] = lambda: True,
    ) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._inbox = inbox
        self._nursery = nursery
        self._clock = clock
        self._announce = announce
        self._may_listen = may_listen
        self._seen: dict[int, None] = {}
        self._keeping: dict[int, _Batch] = {}
        self._unkept: dict[int, Update] = {}
        self._undone: set[int] = set()
        self.trouble: str | None = "not reached yet"

    @property
    def listens(self) -> bool:
        """Whether what people say is ours to take in."""
        return self._may_listen()

    async def awake(self) -> None:
        """Return as soon as it is."""
        while not self._may_listen():  # noqa: ASYNC110 - the time itself is waited for
            await asyncio.sleep(LISTEN_AGAIN)

    async def take_up(self) -> None:
        """Handle what an earlier run had, and did not come to an end with."""
        waiting = [self._revived(received) for received in await self._inbox.waiting()]
        left = _Batch([update for update in waiting if update.update_id not in self._seen])
        left.kept = True
        left.settled.set()
        self._seen.update(dict.fromkeys(await self._inbox.known()))
        for update in left.updates:
            await self._hand_on(update, left)

    async def receive(self, updates: Sequence[Update]) -> None:
        """Hand on and keep, side by side; all of them are kept when this returns.

        Raises `JournalUnavailable` for what could not be kept and so has to come again, unless
        that is so much that Telegram would bring nothing else.
        """
        if not self._may_listen():
            raise Deposed
        twins = [self._keeping[u.update_id] for u in updates if u.update_id in self._keeping]
        fresh = [update for update in updates if update.update_id not in self._seen]
        if fresh := [update for update in fresh if update.update_id not in self._keeping]:
            await self._take_in(_Batch(fresh))
        elif self._unkept:
            await self._keep_late()
        for twin in twins:
            await twin.settled.wait()
            if not twin.kept:
                raise JournalUnavailable

    def reached(self) -> None:
        """Telegram answers."""
        if self.trouble is not None:
            self.trouble = None
            self._announce()

    def note(self, trouble: TelegramAPIError | str) -> None:
        """Why it does not."""
        conflict = isinstance(trouble, TelegramConflictError)
        told = "another program polls with the same token" if conflict else str(trouble)
        if self.trouble != told:
            log.warning("telegram_unreachable", detail=told)
        self.trouble = told

    def _revived(self, received: Received) -> Update:
        try:
            return Update.model_validate_json(received.body, context={"bot": self._bot})
        except ValidationError as error:
            log.error("update_unreadable", update_id=received.update_id, detail=str(error))
            return Update(update_id=received.update_id)

    async def _take_in(self, batch: _Batch) -> None:
        ids = [update.update_id for update in batch.updates]
        self._keeping.update(dict.fromkeys(ids, batch))
        try:
            for update in batch.updates:
                await self._hand_on(update, batch)
            await asyncio.sleep(0)  # a press goes first: its order must not wait for our copy
            self._unkept.update(zip(ids, batch.updates, strict=True))
            await self._keep_late()
            batch.kept = not self._unkept.keys() & ids
        finally:
            batch.settled.set()
            for update_id in ids:
                self._keeping.pop(update_id, None)

    async def _keep_late(self) -> None:
        """All that was handed on and is not kept yet."""
        late = list(self._unkept.values())
        try:
            await self._inbox.keep([self._received(update) for update in late])
        except JournalUnavailable as error:
            log.warning("updates_not_kept", count=len(late), detail=error.sentence)
            if len(late) < MOST_BROUGHT:
                raise
            return  # with more of it that has to come again, Telegram would bring nothing new
        for update in late:
            self._unkept.pop(update.update_id, None)
        for update_id in [one.update_id for one in late if one.update_id not in self._undone]:
            await self._inbox.done(update_id)

    def _received(self, update: Update) -> Received:
        return Received(
            update_id=update.update_id, body=_body(update), received_at=self._clock.now()
        )

    async def _hand_on(self, update: Update, batch: _Batch) -> None:
        await self._nursery.room()
        self._seen[update.update_id] = None
        self._undone.add(update.update_id)
        if len(self._seen) > MOST_SEEN:
            del self._seen[next(iter(self._seen))]
        self._nursery.spawn(f"update {update.update_id}", self._handle(update, batch))

    async def _handle(self, update: Update, batch: _Batch) -> None:
        await self._dispatcher.feed_update(self._bot, update)
        await batch.settled.wait()
        self._undone.discard(update.update_id)
        if update.update_id not in self._unkept:
            await self._inbox.done(update.update_id)


def _body(update: Update) -> bytes:
    """The update as it came; one that cannot be written down is known by its id alone."""
    try:
        return update.model_dump_json(exclude_unset=True, by_alias=True).encode()
    except PydanticSerializationError as error:
        log.error("update_not_kept_whole", update_id=update.update_id, detail=str(error))
        return msgspec.json.encode({"update_id": update.update_id})
