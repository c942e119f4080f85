"""sendMessage: limits, keyboards, replies, silence."""

import pytest
from aiogram import Bot
from aiogram.types import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyParameters,
)

from tests.contract.telegram_sandbox.phone import GROUP, OLIVIA, Phone, dumped, keyboard, refusal


async def test_a_message_arrives_with_its_formatting(bot: Bot, phone: Phone) -> None:
    sent = await bot.send_message(OLIVIA, "  <b>Hi</b> &lt;you&gt;  ", parse_mode="HTML")
    assert sent.text == "Hi <you>"
    assert dumped(sent.entities) == [{"type": "bold", "offset": 0, "length": 2}]
    assert sent.chat.first_name == "Olivia"
    assert await phone.texts() == ["Hi <you>"]


async def test_absent_fields_are_absent(bot: Bot, phone: Phone) -> None:
    await bot.send_message(OLIVIA, "plain")
    message = (await phone.messages())[0]
    assert None not in message.values()
    assert "reply_markup" not in message


async def test_entities_may_be_given(bot: Bot) -> None:
    given = [MessageEntity(type="code", offset=2, length=3)]
    sent = await bot.send_message(OLIVIA, "a bcd", entities=given, parse_mode=None)
    assert dumped(sent.entities) == dumped(given)
    late = [MessageEntity(type="code", offset=2, length=30)]
    words = await refusal(bot.send_message(OLIVIA, "a bcd", entities=late, parse_mode=None))
    assert "ends after the end of the text at UTF-16 offset 32" in words


async def test_links_and_commands_are_found_like_on_a_phone(bot: Bot) -> None:
    text = "/buy 😀 at https://example.com/a?b=1. @olivia #tag $BTC $250 me@example.com x/y"
    sent = await bot.send_message(OLIVIA, text)
    found = {entity.extract_from(text): entity.type for entity in sent.entities or []}
    assert found == {
        "/buy": "bot_command",
        "https://example.com/a?b=1": "url",
        "@olivia": "mention",
        "#tag": "hashtag",
        "$BTC": "cashtag",
        "me@example.com": "email",
    }


@pytest.mark.parametrize("text", ["", "   \n ", "<b> </b>"])
async def test_empty_text_is_refused(bot: Bot, text: str) -> None:
    words = await refusal(bot.send_message(OLIVIA, text, parse_mode="HTML"))
    assert words == "Bad Request: message text is empty"


async def test_4096_characters_after_entities_and_no_more(bot: Bot) -> None:
    sent = await bot.send_message(OLIVIA, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    assert sent.text is not None
    assert len(sent.text) == 4096
    words = await refusal(bot.send_message(OLIVIA, "x" * 4097))
    assert words == "Bad Request: message is too long"
    assert "too long" in await refusal(bot.send_message(OLIVIA, "😀" * 2049))


@pytest.mark.parametrize(
    ("chat_id", "words"),
    [(5, "chat not found"), ("@nobody", "chat not found"), ("", "chat_id is empty")],
)
async def test_unknown_chats(bot: Bot, chat_id: int | str, words: str) -> None:
    assert await refusal(bot.send_message(chat_id, "x")) == f"Bad Request: {words}"


async def test_button_data_is_at_most_64_bytes(bot: Bot) -> None:
    await bot.send_message(OLIVIA, "x", reply_markup=keyboard(("a", "å" * 32)))
    words = await refusal(
        bot.send_message(OLIVIA, "x", reply_markup=keyboard(("a", "å" * 32 + "b")))
    )
    assert words == "Bad Request: BUTTON_DATA_INVALID"


async def test_buttons_need_something_to_do(bot: Bot) -> None:
    markup = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="idle")]])
    words = await refusal(bot.send_message(OLIVIA, "x", reply_markup=markup))
    assert "Text buttons are unallowed in the inline keyboard" in words


async def test_button_styles_are_kept(bot: Bot) -> None:
    buttons = [
        InlineKeyboardButton(text=style, callback_data=style, style=style)
        for style in ("primary", "success", "danger")
    ]
    markup = InlineKeyboardMarkup(inline_keyboard=[buttons])
    sent = await bot.send_message(OLIVIA, "x", reply_markup=markup)
    assert sent.reply_markup is not None
    assert dumped(sent.reply_markup.inline_keyboard[0]) == dumped(buttons)
    wrong = InlineKeyboardButton(text="x", callback_data="x", style="pink")
    markup = InlineKeyboardMarkup(inline_keyboard=[[wrong]])
    assert "style" in await refusal(bot.send_message(OLIVIA, "x", reply_markup=markup))


async def test_reply_quotes_the_message(bot: Bot, phone: Phone) -> None:
    asked = await phone.say("how much?")
    sent = await bot.send_message(
        OLIVIA, "so much", reply_parameters=ReplyParameters(message_id=asked)
    )
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "how much?"
    gone = ReplyParameters(message_id=999)
    words = await refusal(bot.send_message(OLIVIA, "x", reply_parameters=gone))
    assert words == "Bad Request: message to be replied not found"
    gone = ReplyParameters(message_id=999, allow_sending_without_reply=True)
    assert (await bot.send_message(OLIVIA, "x", reply_parameters=gone)).reply_to_message is None


async def test_silence_and_input_aids_reach_the_phone(bot: Bot, phone: Phone) -> None:
    board = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="BTC")]], resize_keyboard=True)
    await bot.send_message(
        OLIVIA,
        "which?",
        disable_notification=True,
        reply_markup=board,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    await bot.send_message(OLIVIA, "why?", reply_markup=ForceReply(input_field_placeholder="..."))
    first, second = await phone.messages()
    assert (first["silent"], second["silent"]) == (True, False)
    assert first["input_aid"] == {"keyboard": [[{"text": "BTC"}]], "resize_keyboard": True}
    assert second["input_aid"] == {"force_reply": True, "input_field_placeholder": "..."}


async def test_threads_are_for_the_group(bot: Bot) -> None:
    sent = await bot.send_message(GROUP, "topic", message_thread_id=7)
    assert (sent.message_thread_id, sent.is_topic_message) == (7, True)
    words = await refusal(bot.send_message(OLIVIA, "x", message_thread_id=7))
    assert words == "Bad Request: message thread not found"


async def test_markdown_is_refused_by_name(bot: Bot, phone: Phone) -> None:
    words = await refusal(bot.send_message(OLIVIA, "x", parse_mode="MarkdownV2"))
    assert "MarkdownV2" in words
    assert await phone.messages() == []
