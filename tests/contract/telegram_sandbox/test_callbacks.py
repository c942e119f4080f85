"""Button presses and their answers."""

import asyncio
from dataclasses import replace

from aiogram import Bot

from bot.telegram.sandbox.server import running
from tests.contract.telegram_sandbox.phone import (
    CONFIG,
    GROUP,
    OLIVIA,
    STEN,
    Phone,
    bot_at,
    keyboard,
    phone_at,
    refusal,
)

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_a_press_is_answered(bot: Bot, phone: Phone) -> None:
    sent = await bot.send_message(OLIVIA, "card", reply_markup=keyboard(("Go", "go:1")))
    press = asyncio.create_task(
        phone.post("tap", user_id=OLIVIA, message_id=sent.message_id, button="Go")
    )
    update = (await bot.get_updates(timeout=5))[0]
    assert update.callback_query is not None
    query = update.callback_query
    assert (query.data, query.from_user.id) == ("go:1", OLIVIA)
    assert query.message is not None
    assert query.message.message_id == sent.message_id
    await bot.answer_callback_query(query.id, "Placed", show_alert=True)
    result = await press
    assert (result["answered"], result["text"], result["show_alert"]) == (True, "Placed", True)
    assert result["update_id"] == update.update_id
    assert await refusal(bot.answer_callback_query(query.id)) == TOO_OLD


async def test_unknown_queries_and_long_answers(bot: Bot, phone: Phone) -> None:
    assert await refusal(bot.answer_callback_query("nonsense")) == TOO_OLD
    sent = await bot.send_message(OLIVIA, "card", reply_markup=keyboard(("Go", "go")))
    await phone.post("tap", user_id=OLIVIA, message_id=sent.message_id, button="go", wait=0)
    query = (await bot.get_updates())[0].callback_query
    assert query is not None
    assert "LONG" in await refusal(bot.answer_callback_query(query.id, "x" * 201))


async def test_an_old_press_cannot_be_answered() -> None:
    async with (
        running(replace(CONFIG, query_lifetime=0.0)) as telegram,
        bot_at(telegram.url) as bot,
        phone_at(telegram.url) as phone,
    ):
        sent = await bot.send_message(OLIVIA, "card", reply_markup=keyboard(("Go", "go")))
        await phone.post("tap", user_id=OLIVIA, message_id=sent.message_id, button="0,0", wait=0)
        query = (await bot.get_updates())[0].callback_query
        assert query is not None
        assert await refusal(bot.answer_callback_query(query.id)) == TOO_OLD


async def test_a_button_must_be_there_unless_the_press_is_stale(bot: Bot, phone: Phone) -> None:
    sent = await bot.send_message(OLIVIA, "card", reply_markup=keyboard(("Go", "go")))
    order = {"user_id": OLIVIA, "message_id": sent.message_id, "button": "Stop", "wait": 0}
    missing = await phone.post("tap", **order)
    assert missing["ok"] is False
    assert "its buttons: Go" in str(missing["error"])
    assert (await phone.post("tap", stale=True, **order))["ok"] is True
    query = (await bot.get_updates())[0].callback_query
    assert query is not None
    assert query.data == "Stop"


async def test_a_stranger_presses_in_the_group(bot: Bot, phone: Phone) -> None:
    sent = await bot.send_message(GROUP, "card", reply_markup=keyboard(("Go", "go")))
    await phone.post(
        "tap", user_id=STEN, chat_id=GROUP, message_id=sent.message_id, button="Go", wait=0
    )
    query = (await bot.get_updates())[0].callback_query
    assert query is not None
    assert query.from_user.id == STEN


async def test_two_presses_are_two_updates(bot: Bot, phone: Phone) -> None:
    sent = await bot.send_message(OLIVIA, "card", reply_markup=keyboard(("Go", "go")))
    order = {"user_id": OLIVIA, "message_id": sent.message_id, "button": "Go", "wait": 0}
    await asyncio.gather(phone.post("tap", **order), phone.post("tap", **order))
    queries = [update.callback_query for update in await bot.get_updates()]
    assert len({query.id for query in queries if query}) == 2
