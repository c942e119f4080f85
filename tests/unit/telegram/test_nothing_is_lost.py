"""Whatever Telegram refuses, what an operator must know is told, and the chat goes on."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aiogram import Bot
from aiogram.types import Update

from bot.telegram.alerts import Alerts
from bot.telegram.cards import Cards
from bot.telegram.digest import digested
from bot.telegram.memory import MemoryInbox, MemoryShelf
from bot.telegram.names import Names
from bot.telegram.news import news_of
from bot.telegram.presses import PanelPress, panel, panel_words
from bot.telegram.relief import Relief
from bot.telegram.screen import Button, Screen
from bot.telegram.sender import Sender
from bot.telegram.staff import Staff
from bot.telegram.strays import Strays
from engine.clock import SystemClock
from engine.memory_journal import MemoryJournal
from engine.model.actor import Actor, Role
from engine.model.command import CancelAll
from engine.model.entry import Entry
from engine.model.event import (
    AmendFailed,
    CancelFailed,
    Event,
    OrderAccepted,
    OrderRejected,
    TradingPaused,
)
from engine.model.order import OrderStatus
from tests.eventually import eventually
from tests.integration.desk.scripted import pending
from tests.unit.telegram.listening import listening
from tests.unit.telegram.made import members
from tests.unit.telegram.refusing import NEW_CHAT, RefusingTelegram

NOW = datetime.now(UTC)
CHAT, GROUP = 1, -100


def rejected(key: int) -> OrderRejected:
    order = replace(pending(key), status=OrderStatus.REJECTED, reason="no", actor_id="tg:7")
    return OrderRejected(at=NOW, order=order)


def sender_to(telegram: RefusingTelegram) -> Sender:
    return Sender(telegram.bot(), lambda outcome: None)


async def alerted(
    telegram: RefusingTelegram,
    told: Callable[[], object],
    *news: Event,
    before: Sequence[Event] = (),
) -> None:
    journal = MemoryJournal()
    await journal.append(before)
    alerts = Alerts(
        journal=journal,
        sender=sender_to(telegram),
        lookup=lambda key: None,
        names=Names(MemoryShelf()),
        strays=Strays(MemoryShelf()),
        relief=Relief(None, list, SystemClock()),
        staff=Staff(lambda: members([CHAT]), CHAT),
        chat=CHAT,
    )
    await alerts.begin()
    await journal.append(news or [rejected(1)])
    task = asyncio.create_task(alerts.run())
    try:
        await eventually(told)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_an_alert_telegram_cannot_parse_is_told_plainly() -> None:
    telegram = RefusingTelegram(refused_text="Rejected")
    await alerted(telegram, lambda: telegram.sent)
    assert "Rejected" in telegram.sent[0][1]
    assert "<" not in telegram.sent[0][1]


async def test_what_failed_is_told_while_the_book_is_not_rebuilt_yet() -> None:
    telegram = RefusingTelegram()
    order = replace(pending(1), status=OrderStatus.WORKING, actor_id="tg:7")
    accepted = OrderAccepted(at=NOW, order=order)
    kept = CancelFailed(at=NOW, key=order.key, reason="not now")
    same = AmendFailed(at=NOW, key=order.key, reason="nor then")
    await alerted(telegram, lambda: len(telegram.sent) == 2, kept, same, before=[accepted])
    assert "not now" in telegram.sent[0][1]
    assert "nor then" in telegram.sent[1][1]


async def test_a_group_that_moved_is_followed() -> None:
    telegram = RefusingTelegram(moved_chat=CHAT)
    await alerted(telegram, lambda: telegram.sent)
    assert telegram.sent[0][0] == NEW_CHAT


async def test_who_opens_the_chat_again_hears_what_waited_and_the_answer_at_once() -> None:
    telegram = RefusingTelegram()
    telegram.closed_chat = CHAT
    sender = sender_to(telegram)
    alert = asyncio.create_task(sender.send(CHAT, Screen("an alert"), insist=True))
    await eventually(lambda: telegram.turned_away)
    telegram.closed_chat = 0
    await sender.send(CHAT, Screen("an answer"))
    await alert
    assert telegram.sent == [(CHAT, "an alert"), (CHAT, "an answer")]


def test_a_digest_hides_nothing_urgent() -> None:
    paused = TradingPaused(at=NOW, actor_id="tg:2", name="O", reason="x")
    events: Sequence[Event] = [rejected(1), *[paused] * 16]
    batch = [Entry(seq=number, event=event) for number, event in enumerate(events, 1)]
    told = digested(batch, news_of(batch, lambda key: None))
    assert len(told) == 1
    assert "Rejected" in told[0].text


async def test_an_outcome_that_cannot_be_edited_in_is_sent() -> None:
    telegram = RefusingTelegram()
    sender = sender_to(telegram)
    assert not await sender.edit(CHAT, 99, Screen("late"))


def link_of_a_stranger(bot: Bot) -> Update:
    message = {
        "message_id": 1,
        "date": 1700000000,
        "chat": {"id": 66, "type": "private"},
        "text": "a.b",
        "link_preview_options": {"url": "a.b"},
    }
    return Update.model_validate({"update_id": 1, "message": message}, context={"bot": bot})


def buy(bot: Bot) -> Update:
    message = {
        "message_id": 2,
        "date": 1700000000,
        "chat": {"id": 5, "type": "private"},
        "text": "/buy",
    }
    return Update.model_validate({"update_id": 2, "message": message}, context={"bot": bot})


async def test_an_odd_update_stops_nobody_and_repeats_nothing() -> None:
    telegram = RefusingTelegram(
        updates=lambda bot, offset: [] if offset > 2 else [link_of_a_stranger(bot), buy(bot)]
    )
    inbox = MemoryInbox()
    async with listening(telegram, inbox) as handled:
        await eventually(lambda: 3 in telegram.polled)
    assert handled == [1, 2]
    assert await inbox.known() == {1, 2}


async def test_what_is_heard_after_a_freeze_is_left_for_who_leads_now() -> None:
    telegram = RefusingTelegram(
        updates=lambda bot, offset: [] if offset > 2 else [link_of_a_stranger(bot), buy(bot)]
    )
    frozen = [False]

    def awake() -> bool:
        frozen[0] = not frozen[0]  # it freezes over each answer, and looks again before the next
        return not frozen[0]

    inbox = MemoryInbox()
    frozen[0] = True
    async with listening(telegram, inbox, awake):
        await eventually(lambda: len(telegram.polled) >= 2)
    assert set(telegram.polled) == {0}
    assert await inbox.known() == frozenset()


class SlowShelf(MemoryShelf):
    async def all(self, kind: str) -> Sequence[tuple[str, bytes]]:
        found = await super().all(kind)
        await asyncio.sleep(0.01)
        return found


async def test_a_card_laid_while_the_sweep_first_looks_is_kept() -> None:
    cards = Cards(SlowShelf(), SystemClock(), timedelta(seconds=60))
    actor = Actor(actor_id="tg:1", name="O", role=Role.TRADER)
    screen, _ = await asyncio.gather(
        cards.lay(actor, CHAT, CancelAll(), "body", Button("Confirm", "")), cards.due()
    )
    assert screen.card is not None
    assert await cards.get(screen.card) is not None


def test_a_symbol_with_a_colon_fits_a_button() -> None:
    packed = panel("orders", "tAAVE:USD 25%")
    assert len(packed.encode()) <= 64
    assert panel_words(PanelPress.unpack(packed)) == ("tAAVE:USD", "25%")


async def _told_to_the_group(telegram: RefusingTelegram, sender: Sender, relief: Relief) -> None:
    """One order is rejected, and the group's reader tells of it."""
    journal = MemoryJournal()
    alerts = Alerts(
        journal=journal,
        sender=sender,
        lookup=lambda key: None,
        names=Names(MemoryShelf()),
        strays=Strays(MemoryShelf()),
        relief=relief,
        staff=Staff(lambda: members([CHAT]), GROUP),
        chat=GROUP,
    )
    await alerts.begin()
    await journal.append([rejected(1)])
    task = asyncio.create_task(alerts.run())
    try:
        await eventually(lambda: telegram.sent)
        await alerts.caught_up()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_group_that_is_lost_and_back_in_one_moment_is_told_all_the_same() -> None:
    telegram = RefusingTelegram()
    telegram.closed_chat = GROUP
    relief = Relief(GROUP, lambda: [CHAT], SystemClock())

    def opens(outcome: str) -> None:
        if outcome == "failed" and telegram.closed_chat:
            telegram.closed_chat = 0
            asyncio.get_running_loop().call_soon(relief.answered, GROUP)

    await _told_to_the_group(telegram, Sender(telegram.bot(), opens, watch=relief), relief)
    assert [chat for chat, _ in telegram.sent] == [GROUP]


async def test_what_the_group_takes_in_no_form_for_no_known_reason_is_told_to_admins() -> None:
    telegram = RefusingTelegram()
    telegram.gagged_chat = GROUP
    relief = Relief(GROUP, lambda: [CHAT], SystemClock())
    await _told_to_the_group(
        telegram, Sender(telegram.bot(), lambda outcome: None, watch=relief), relief
    )
    assert [chat for chat, _ in telegram.sent] == [CHAT]
    assert relief.trouble is not None
    assert "SOMETHING_NEW_IN_GROUPS" in relief.trouble
