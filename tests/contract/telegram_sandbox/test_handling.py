"""Delete, pin, react, actions, chats and members."""

from dataclasses import replace

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramForbiddenError, TelegramRetryAfter
from aiogram.types import ReactionTypeEmoji

from bot.telegram.sandbox.server import running
from tests.contract.telegram_sandbox.phone import (
    CONFIG,
    GROUP,
    OLIVIA,
    STEN,
    Phone,
    bot_at,
    phone_at,
    refusal,
)


async def test_deleting(bot: Bot, phone: Phone) -> None:
    sent = [await bot.send_message(OLIVIA, str(number)) for number in range(4)]
    assert await bot.delete_message(OLIVIA, sent[0].message_id)
    words = await refusal(bot.delete_message(OLIVIA, sent[0].message_id))
    assert words == "Bad Request: message to delete not found"
    assert await bot.delete_messages(OLIVIA, [sent[0].message_id, sent[1].message_id])
    assert await phone.texts() == ["2", "3"]
    theirs = await phone.say("/x", STEN, chat_id=GROUP)
    words = await refusal(bot.delete_message(GROUP, theirs))
    assert words == "Bad Request: message can't be deleted for everyone"


async def test_pinning(bot: Bot, phone: Phone) -> None:
    sent = await bot.send_message(OLIVIA, "rules")
    await bot.pin_chat_message(OLIVIA, sent.message_id, disable_notification=True)
    pinned = (await bot.get_chat(OLIVIA)).pinned_message
    assert pinned is not None
    assert pinned.message_id == sent.message_id
    assert "pinned_message" in (await phone.messages())[-1]
    await bot.unpin_chat_message(OLIVIA, message_id=sent.message_id)
    assert (await bot.get_chat(OLIVIA)).pinned_message is None
    assert (
        await refusal(bot.pin_chat_message(OLIVIA, 99)) == "Bad Request: message to pin not found"
    )


async def test_the_bot_reacts(bot: Bot, phone: Phone) -> None:
    message_id = await phone.say("/buy")
    await bot.set_message_reaction(OLIVIA, message_id, [ReactionTypeEmoji(emoji="👀")])
    assert (await phone.messages())[0]["reactions"] == {"42": ["👀"]}
    await bot.set_message_reaction(OLIVIA, message_id)
    assert (await phone.messages())[0]["reactions"] == {}


async def test_chat_actions(bot: Bot) -> None:
    assert await bot.send_chat_action(OLIVIA, "typing")
    words = await refusal(bot.send_chat_action(OLIVIA, "dancing"))
    assert words == "Bad Request: wrong parameter action in request"


async def test_chats_and_members(bot: Bot) -> None:
    group = await bot.get_chat(GROUP)
    assert (group.type, group.title) == ("supergroup", "Trading desk")
    assert (await bot.get_chat_member(GROUP, OLIVIA)).status == "creator"
    assert (await bot.get_chat_member(GROUP, STEN)).status == "member"
    assert await refusal(bot.get_chat_member(GROUP, 77)) == "Bad Request: user not found"
    assert await bot.get_chat_member_count(GROUP) == 3
    assert [admin.user.id for admin in await bot.get_chat_administrators(GROUP)] == [OLIVIA]


async def test_a_bot_that_was_put_out_of_the_group_is_told_so(bot: Bot, phone: Phone) -> None:
    await phone.post("block", chat_id=GROUP)
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the"):
        await bot.send_message(GROUP, "anybody there?")
    await bot.send_message(OLIVIA, "but here")
    await phone.post("block", chat_id=GROUP, blocked=False)
    await bot.send_message(GROUP, "back")


async def test_a_blocked_bot_is_told_so(bot: Bot, phone: Phone) -> None:
    await phone.post("block", user_id=OLIVIA)
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(OLIVIA, "x")
    await phone.post("block", user_id=OLIVIA, blocked=False)
    assert (await bot.send_message(OLIVIA, "x")).text == "x"


async def test_a_bot_that_may_not_begin() -> None:
    async with (
        running(replace(CONFIG, bot_may_begin=False)) as telegram,
        bot_at(telegram.url) as bot,
        phone_at(telegram.url) as phone,
    ):
        with pytest.raises(TelegramForbiddenError, match="can't initiate conversation"):
            await bot.send_message(OLIVIA, "x")
        await phone.say("/start")
        assert (await bot.send_message(OLIVIA, "x")).text == "x"


async def test_pace_when_switched_on() -> None:
    async with running(replace(CONFIG, pace=True)) as telegram, bot_at(telegram.url) as bot:
        for _ in range(3):
            await bot.send_message(OLIVIA, "x")
        with pytest.raises(TelegramRetryAfter) as caught:
            await bot.send_message(OLIVIA, "x")
        assert caught.value.retry_after == 1
        assert (await bot.send_message(STEN, "x")).text == "x"
