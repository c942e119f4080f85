"""The control API's own manners."""

import asyncio

from aiogram import Bot

from tests.contract.telegram_sandbox.phone import OLIVIA, STEN, Phone, keyboard


async def test_waiting_for_the_bots_words(bot: Bot, phone: Phone) -> None:
    await phone.say("Order placed?")
    wait = asyncio.create_task(phone.get("wait", chat_id=OLIVIA, contains="Order placed"))
    sent = await bot.send_message(OLIVIA, "working ...")
    await bot.edit_message_text("Order placed", chat_id=OLIVIA, message_id=sent.message_id)
    message = (await wait)["message"]
    assert isinstance(message, dict)
    assert message["message_id"] == sent.message_id


async def test_waiting_for_a_button(bot: Bot, phone: Phone) -> None:
    wait = asyncio.create_task(phone.get("wait", chat_id=OLIVIA, button="Confirm", after=1))
    await bot.send_message(OLIVIA, "old", reply_markup=keyboard(("Confirm", "1")))
    new = await bot.send_message(OLIVIA, "new", reply_markup=keyboard(("Confirm", "2")))
    message = (await wait)["message"]
    assert isinstance(message, dict)
    assert message["message_id"] == new.message_id


async def test_a_wait_ends_with_what_was_there_instead(bot: Bot, phone: Phone) -> None:
    await bot.send_message(OLIVIA, "Refused: amount")
    result = await phone.get("wait", chat_id=OLIVIA, contains="placed", timeout=0)
    assert result["ok"] is False
    assert "Refused: amount" in str(result["error"])


async def test_people_edit_their_own_messages_only(bot: Bot, phone: Phone) -> None:
    mine = await phone.say("/buy 1")
    await phone.post("edit", user_id=OLIVIA, message_id=mine, text="/buy 2")
    updates = await bot.get_updates()
    assert updates[1].edited_message is not None
    assert updates[1].edited_message.edit_date is not None
    sent = await bot.send_message(OLIVIA, "x")
    refused = await phone.post("edit", user_id=OLIVIA, message_id=sent.message_id, text="y")
    assert "only own messages" in str(refused["error"])


async def test_nobody_writes_as_another(phone: Phone) -> None:
    refused = await phone.post("say", user_id=STEN, chat_id=OLIVIA, text="/panic")
    assert "another's private chat" in str(refused["error"])
    assert "nobody" in str((await phone.post("say", user_id=5, text="x"))["error"])
    assert "user_id" in str((await phone.post("say", text="x"))["error"])
    assert "text is empty" in str((await phone.post("say", user_id=STEN, text="  "))["error"])


async def test_a_new_person_can_be_played(bot: Bot, phone: Phone) -> None:
    joined = (await phone.post("user", first_name="Ada"))["user"]
    assert isinstance(joined, dict)
    await phone.say("hello", joined["id"])
    message = (await bot.get_updates())[0].message
    assert message is not None
    assert message.from_user is not None
    assert message.from_user.first_name == "Ada"
    assert (await phone.post("user", first_name="Eve", id=OLIVIA))["ok"] is False
