"""Edits in place."""

from aiogram import Bot
from aiogram.types import ForceReply, InputMediaPhoto

from tests.contract.telegram_sandbox.phone import OLIVIA, STEN, Phone, keyboard, refusal
from tests.contract.telegram_sandbox.pictures import picture

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)


async def test_an_edit_replaces_text_and_keyboard(bot: Bot, phone: Phone) -> None:
    sent = await bot.send_message(OLIVIA, "card", reply_markup=keyboard(("Go", "go")))
    edited = await bot.edit_message_text("done", chat_id=OLIVIA, message_id=sent.message_id)
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup) == ("done", None)
    assert edited.edit_date is not None
    assert await phone.texts() == ["done"]


async def test_the_same_again_is_not_modified(bot: Bot) -> None:
    buttons = keyboard(("Go", "go"))
    sent = await bot.send_message(OLIVIA, "<b>x</b>", parse_mode="HTML", reply_markup=buttons)
    again = bot.edit_message_text(
        " <b>x</b> ",
        chat_id=OLIVIA,
        message_id=sent.message_id,
        parse_mode="HTML",
        reply_markup=buttons,
    )
    assert await refusal(again) == NOT_MODIFIED
    same = bot.edit_message_reply_markup(
        chat_id=OLIVIA, message_id=sent.message_id, reply_markup=buttons
    )
    assert await refusal(same) == NOT_MODIFIED
    plain = await bot.edit_message_text("x", chat_id=OLIVIA, message_id=sent.message_id)
    assert not isinstance(plain, bool)
    assert plain.entities is None


async def test_what_cannot_be_edited(bot: Bot, phone: Phone) -> None:
    async def words(message_id: int, chat_id: int = OLIVIA) -> str:
        return await refusal(bot.edit_message_text("y", chat_id=chat_id, message_id=message_id))

    sent = await bot.send_message(OLIVIA, "x")
    asked = await bot.send_message(OLIVIA, "why?", reply_markup=ForceReply())
    assert await words(999) == "Bad Request: message to edit not found"
    assert await words(sent.message_id, STEN) == "Bad Request: message to edit not found"
    assert await words(0) == "Bad Request: message identifier is not specified"
    assert await words(await phone.say("mine")) == "Bad Request: message can't be edited"
    assert await words(asked.message_id) == "Bad Request: message can't be edited"
    assert await words(sent.message_id, 5) == "Bad Request: chat not found"


async def test_text_and_caption_are_not_mixed_up(bot: Bot) -> None:
    text = await bot.send_message(OLIVIA, "x")
    photo = await bot.send_photo(OLIVIA, picture(), caption="x")
    words = await refusal(bot.edit_message_text("y", chat_id=OLIVIA, message_id=photo.message_id))
    assert words == "Bad Request: there is no text in the message to edit"
    words = await refusal(
        bot.edit_message_caption(chat_id=OLIVIA, message_id=text.message_id, caption="y")
    )
    assert words == "Bad Request: there is no caption in the message to edit"


async def test_captions_end_at_1024(bot: Bot) -> None:
    photo = await bot.send_photo(OLIVIA, picture(), caption="x" * 1024)
    words = await refusal(
        bot.edit_message_caption(chat_id=OLIVIA, message_id=photo.message_id, caption="x" * 1025)
    )
    assert words == "Bad Request: message caption is too long"


async def test_a_photo_is_replaced_in_place(bot: Bot, phone: Phone) -> None:
    photo = await bot.send_photo(
        OLIVIA, picture(40), caption="1h", reply_markup=keyboard(("4h", "4"))
    )
    media = InputMediaPhoto(media=picture(60), caption="<b>4h</b>", parse_mode="HTML")
    edited = await bot.edit_message_media(media, chat_id=OLIVIA, message_id=photo.message_id)
    assert not isinstance(edited, bool)
    assert edited.photo is not None
    assert (edited.photo[-1].width, edited.caption) == (60, "4h")
    assert len(await phone.messages()) == 1
    same = bot.edit_message_media(
        InputMediaPhoto(media=edited.photo[-1].file_id, caption="<b>4h</b>", parse_mode="HTML"),
        chat_id=OLIVIA,
        message_id=photo.message_id,
    )
    assert await refusal(same) == NOT_MODIFIED
