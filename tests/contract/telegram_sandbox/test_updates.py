"""getUpdates: delivery, confirmation, kinds, one poller at a time."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError

from bot.telegram.sandbox.server import LocalTelegram
from tests.contract.telegram_sandbox.phone import GROUP, OLIVIA, STEN, Phone, bot_at


async def test_updates_stay_until_confirmed(bot: Bot, phone: Phone) -> None:
    for text in ("/start", "/price", "/status"):
        await phone.say(text)
    first = await bot.get_updates()
    assert [u.message.text for u in first if u.message] == ["/start", "/price", "/status"]
    assert await bot.get_updates() == first
    rest = await bot.get_updates(offset=first[0].update_id + 1, limit=1)
    assert rest == first[1:2]
    assert await bot.get_updates(offset=-1) == first[2:]
    assert await bot.get_updates(offset=first[2].update_id + 1) == []


async def test_a_long_poll_wakes_up(bot: Bot, phone: Phone) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    async with asyncio.timeout(5):
        await phone.say("hello")
        updates = await waiting
    assert updates[0].message is not None
    assert updates[0].message.from_user is not None
    assert updates[0].message.from_user.id == OLIVIA


async def test_the_older_of_two_pollers_is_ended(telegram: LocalTelegram, phone: Phone) -> None:
    async with bot_at(telegram.url) as old, bot_at(telegram.url) as new:
        older = asyncio.create_task(old.get_updates(timeout=20))
        await old.get_me()
        newer = asyncio.create_task(new.get_updates(timeout=20))
        with pytest.raises(TelegramConflictError) as caught:
            await older
        assert caught.value.message == (
            "Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        )
        await phone.say("for the newer one")
        assert len(await newer) == 1


async def test_only_wanted_kinds_are_kept(bot: Bot, phone: Phone) -> None:
    await bot.get_updates(allowed_updates=["message"])
    message_id = await phone.say("one")
    edited = await phone.post("edit", user_id=OLIVIA, message_id=message_id, text="two")
    assert edited["update_id"] is None
    await bot.get_updates(allowed_updates=[])
    await phone.post("edit", user_id=OLIVIA, message_id=message_id, text="three")
    assert [update.event_type for update in await bot.get_updates()] == [
        "message",
        "edited_message",
    ]


async def test_reactions_come_when_asked_for(bot: Bot, phone: Phone) -> None:
    sent = await bot.send_message(OLIVIA, "x")
    await bot.get_updates(allowed_updates=["message_reaction"])
    await phone.post("react", user_id=OLIVIA, message_id=sent.message_id, emoji="👍")
    updates = await bot.get_updates()
    assert updates[0].message_reaction is not None
    assert updates[0].message_reaction.new_reaction[0].type == "emoji"


async def test_privacy_in_the_group(bot: Bot, phone: Phone) -> None:
    sent = await bot.send_message(GROUP, "good morning")
    await phone.say("just chatting", STEN, chat_id=GROUP)
    await phone.say("/status@another_bot", STEN, chat_id=GROUP)
    await phone.say("/status", STEN, chat_id=GROUP)
    await phone.say("/status@genesis_demo_bot", OLIVIA, chat_id=GROUP)
    await phone.say("morning", OLIVIA, chat_id=GROUP, reply_to_message_id=sent.message_id)
    await phone.say("hey @genesis_demo_bot", STEN, chat_id=GROUP)
    heard = [u.message.text for u in await bot.get_updates() if u.message]
    assert heard == ["/status", "/status@genesis_demo_bot", "morning", "hey @genesis_demo_bot"]


async def test_long_talk_comes_in_pieces(bot: Bot, phone: Phone) -> None:
    said = await phone.post("say", user_id=OLIVIA, text="x" * 10_000)
    assert said["message_ids"] == [1, 2, 3]
    lengths = [len(u.message.text or "") for u in await bot.get_updates() if u.message]
    assert lengths == [4096, 4096, 1808]
