"""The one way out: order kept per chat, Telegram's pace kept, nothing dropped for a bad moment."""

import asyncio
import html
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

import structlog
from aiogram import Bot
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

from bot.telegram.pace import Pace
from bot.telegram.screen import Look, Paper, Screen
from bot.telegram.watch import NOBODY, Watch

T = TypeVar("T")

FIRST_RETRY = 0.5
LONGEST_RETRY = 30.0
FORBIDDEN_RETRY = 60.0
DRY = "(dry) "
_CLOSED = (
    "chat not found",
    "not enough rights to send",
    "no rights to send",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_send_plain_forbidden",
    "chat_restricted",
    "chat_admin_required",
    "peer_id_invalid",
    "topic_closed",
)
"""What a bad request says that is none: another message would fare no better."""

log = structlog.get_logger()


@dataclass(slots=True)
class _Lane:
    """One chat's queue; `edits` holds the newest wish for each message, `knock` is set by whoever
    comes to say something."""

    chat_id: int
    pace: Pace
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    knock: asyncio.Event = field(default_factory=asyncio.Event)
    edits: dict[int, Screen] = field(default_factory=dict)


class Sender:
    """Sends, edits and answers; `count` hears each call's outcome.

    In a `dry` run every message says so: here, so that none can forget it. `watch` hears of each
    chat whether it takes messages.
    """

    def __init__(
        self, bot: Bot, count: Callable[[str], None], *, dry: bool = False, watch: Watch = NOBODY
    ) -> None:
        self._bot = bot
        self._watch = watch
        self._mark = DRY if dry else ""
        self._count = count
        self._lanes: dict[int, _Lane] = {}
        self._overall = Pace(per_second=30.0, burst=30)

    async def send(
        self,
        chat_id: int,
        screen: Screen,
        *,
        insist: bool = False,
        wanted: Callable[[], bool] = lambda: True,
    ) -> int | None:
        """The new message's id; None when the chat cannot be written to.

        Waits out Telegram's pauses and outages; with `insist` also a chat that refuses us, for as
        long as it is `wanted`. What Telegram will not take as it is goes out as plain text: said
        badly beats not said.
        """
        lane = self._lane(chat_id)
        lane.knock.set()
        async with lane.lock:
            try:
                call = self._sending(chat_id, screen)
                return await self._persist(lane, call, insist=insist, wanted=wanted)
            except TelegramMigrateToChat as moved:
                log.error("chat_moved", chat_id=chat_id, to=moved.migrate_to_chat_id)
                call = self._sending(moved.migrate_to_chat_id, screen)
            except TelegramBadRequest:
                call = self._sending(chat_id, Screen(plain_text(screen.text)), plain=True)
            try:
                return await self._persist(lane, call, insist=insist, wanted=wanted)
            except TelegramAPIError as error:
                log.error("message_given_up", chat_id=chat_id, detail=str(error))
                # not even as plain text: whatever this chat has against us, others must hear
                self._watch.refused(chat_id, error.message)
                return None

    async def whisper(self, chat_id: int, screen: Screen) -> bool:
        """Say it once if it can be said now, to somebody who is owed nothing; whether it was."""
        await self._overall.turn()
        try:
            await self._sending(chat_id, screen)()
        except TelegramAPIError as error:
            self._count("failed")
            if isinstance(error, TelegramRetryAfter):
                self._put_off(chat_id, error)
            log.info("not_said", chat_id=chat_id, detail=str(error))
            return False
        self._count("sent")
        self._watch.answered(chat_id)
        return True

    async def edit(self, chat_id: int, message_id: int, screen: Screen) -> bool:
        """Make a message this; of several waiting edits only the newest is sent.

        False when it cannot be edited any more.
        """
        lane = self._lane(chat_id)
        lane.edits[message_id] = screen
        async with lane.lock:
            newest = lane.edits.pop(message_id, None)
            if newest is None:
                return True
            try:
                await self._persist(lane, self._editing(chat_id, message_id, newest))
            except TelegramAPIError as error:
                return _harmless(error)
            return True

    async def delete(self, chat_id: int, message_id: int) -> bool:
        """Take a message away; False when it cannot be."""
        lane = self._lane(chat_id)

        async def call() -> bool:
            return await self._bot.delete_message(chat_id, message_id)

        async with lane.lock:
            lane.edits.pop(message_id, None)
            try:
                return bool(await self._persist(lane, call))
            except TelegramAPIError as error:
                log.info("message_not_deleted", chat_id=chat_id, detail=str(error))
                return False

    def _sending(
        self, chat_id: int, screen: Screen, *, plain: bool = False
    ) -> Callable[[], Awaitable[int]]:
        if screen.paper is not None:
            return self._sending_paper(chat_id, screen, screen.paper, plain=plain)
        if screen.picture is not None:
            return self._sending_picture(chat_id, screen, screen.picture)

        async def call() -> int:
            message = await self._bot.send_message(
                chat_id,
                f"{self._mark}{screen.text}",
                parse_mode=None if plain else ParseMode.HTML,
                reply_markup=keyboard(screen),
                disable_notification=screen.silent,
            )
            return message.message_id

        return call

    def _sending_paper(
        self, chat_id: int, screen: Screen, paper: Paper, *, plain: bool
    ) -> Callable[[], Awaitable[int]]:
        async def call() -> int:
            message = await self._bot.send_document(
                chat_id,
                BufferedInputFile(paper.data, paper.name),
                caption=f"{self._mark}{screen.text}",
                parse_mode=None if plain else ParseMode.HTML,
                reply_markup=keyboard(screen),
                disable_notification=screen.silent,
            )
            return message.message_id

        return call

    def _sending_picture(
        self, chat_id: int, screen: Screen, picture: Paper
    ) -> Callable[[], Awaitable[int]]:
        async def call() -> int:
            message = await self._bot.send_photo(
                chat_id,
                BufferedInputFile(picture.data, picture.name),
                caption=f"{self._mark}{screen.text}",
                reply_markup=keyboard(screen),
                disable_notification=screen.silent,
                protect_content=screen.gone_at is not None,
            )
            return message.message_id

        return call

    def _editing(
        self, chat_id: int, message_id: int, screen: Screen
    ) -> Callable[[], Awaitable[None]]:
        async def call() -> None:
            await self._bot.edit_message_text(
                f"{self._mark}{screen.text}",
                chat_id=chat_id,
                message_id=message_id,
                reply_markup=keyboard(screen),
            )

        return call

    async def notice(self, query_id: str, text: str, *, alarm: bool = False) -> None:
        """Answer a press; one that is too old to be answered is let go."""
        try:
            marked = f"{self._mark}{text}" if text else ""
            await self._bot.answer_callback_query(query_id, marked[:200], show_alert=alarm)
            self._count("answered")
        except TelegramAPIError as error:
            self._count("failed")
            log.info("notice_not_shown", detail=str(error))

    def _lane(self, chat_id: int) -> _Lane:
        lane = self._lanes.get(chat_id)
        if lane is None:
            group = chat_id < 0
            pace = Pace(per_second=1 / 3, burst=5) if group else Pace(per_second=1.0, burst=8)
            lane = self._lanes[chat_id] = _Lane(chat_id, pace)
        return lane

    async def _persist(
        self,
        lane: _Lane,
        call: Callable[[], Awaitable[T]],
        *,
        insist: bool = False,
        wanted: Callable[[], bool] = lambda: True,
    ) -> T | None:
        delay = FIRST_RETRY
        while True:
            await self._overall.turn()
            await lane.pace.turn()
            if not wanted():
                return None
            lane.knock.clear()
            try:
                answer = await call()
            except TelegramRetryAfter as pause:
                self._count("retried")
                self._put_off(lane.chat_id, pause)
                await asyncio.sleep(pause.retry_after)
            except (TelegramNetworkError, TelegramServerError) as error:
                self._count("retried")
                log.warning("telegram_unreachable", detail=str(error), retry_in=delay)
                self._watch.delayed(lane.chat_id, "no answer", away=True)
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_RETRY)
            except TelegramAPIError as error:
                self._note_refusal(error)
                if not _is_closed(error):
                    raise
                self._watch.refused(lane.chat_id, error.message)
                if not insist:
                    return None
                # somebody may have opened the chat and be waiting for an answer behind this
                with suppress(TimeoutError):
                    async with asyncio.timeout(FORBIDDEN_RETRY):
                        await lane.knock.wait()
            else:
                self._count("sent")
                self._watch.answered(lane.chat_id)
                return answer

    def _put_off(self, chat_id: int, pause: TelegramRetryAfter) -> None:
        why = f"we are asked to wait for {pause.retry_after} s"
        self._watch.delayed(chat_id, why, pause.retry_after)

    def _note_refusal(self, error: TelegramAPIError) -> None:
        if _harmless(error):
            self._count("unchanged")
            return
        self._count("failed")
        log.error("chat_refuses_us" if _is_closed(error) else "telegram_refused", detail=str(error))


def _harmless(error: TelegramAPIError) -> bool:
    return "message is not modified" in error.message


def _is_closed(error: TelegramAPIError) -> bool:
    """Whether the chat cannot be written to now, whatever is written."""
    refused = (TelegramForbiddenError, TelegramUnauthorizedError)
    said = error.message.lower()
    return isinstance(error, refused) or any(words in said for words in _CLOSED)


def plain_text(markup: str) -> str:
    """HTML text without its tags."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def keyboard(screen: Screen) -> InlineKeyboardMarkup | None:
    """The screen's buttons as Telegram's."""
    if not screen.rows:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                InlineKeyboardButton(
                    text=button.text,
                    callback_data=button.data,
                    style=None if button.look is Look.PLAIN else button.look.value,
                )
                for button in row
            ]
            for row in screen.rows
        ]
    )
