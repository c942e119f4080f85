"""An operator's hands on the chat page, in a real browser."""

import asyncio
from dataclasses import replace

import pytest
from aiogram.types import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, Update
from playwright.async_api import BrowserContext, expect

from bot.telegram.sandbox.server import LocalTelegram
from tests.contract.telegram_sandbox.phone import CONFIG, GROUP, OLIVIA, bot_at, keyboard
from tests.contract.telegram_sandbox.pictures import picture
from tests.journeys.chat_page.conftest import Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def updates(desk: Desk) -> list[Update]:
    return await desk.bot.get_updates(timeout=5)


async def test_commands_that_are_told_while_one_types_are_shown(desk: Desk) -> None:
    options = desk.page.get_by_role("option")
    await desk.page.get_by_label("Message", exact=True).press_sequentially("/p")
    await expect(options).to_have_count(0)
    names = [BotCommand(command=name, description=name) for name in ("price", "positions", "buy")]
    await desk.bot.set_my_commands(names)
    await expect(options).to_have_count(2)


async def test_typing_and_slash_suggestions(desk: Desk) -> None:
    await desk.bot.set_my_commands(
        [
            BotCommand(command=name, description=f"about {name}")
            for name in ("start", "price", "positions", "buy")
        ]
    )
    field = desk.page.get_by_label("Message", exact=True)
    options = desk.page.get_by_role("option")
    await field.press_sequentially("/p")
    await expect(options).to_have_count(2)
    await field.press("ArrowDown")
    await field.press("Enter")
    await expect(desk.page.locator(".own .text")).to_contain_text("/positions")
    await expect(options).to_have_count(0)
    await field.fill("/buy tBTCUSD 0.01 <b>not bold</b>")
    await field.press("Enter")
    await expect(desk.page.locator(".own .text").last).to_contain_text("<b>not bold</b>")
    await desk.page.get_by_role("button", name="Commands").tap()
    await expect(options).to_have_count(4)
    await options.filter(has_text="/price").get_by_text("about price").tap()
    await expect(desk.page.locator(".own")).to_have_count(3)
    await expect(field).to_have_value("")
    heard = [update.message.text for update in await updates(desk) if update.message]
    assert heard == ["/positions", "/buy tBTCUSD 0.01 <b>not bold</b>", "/price"]


async def test_a_press_an_edit_in_place_and_a_notice(desk: Desk) -> None:
    buttons = [
        InlineKeyboardButton(text="Confirm", callback_data="ok", style="success"),
        InlineKeyboardButton(text="Cancel", callback_data="no", style="danger"),
    ]
    markup = InlineKeyboardMarkup(inline_keyboard=[buttons])
    sent = await desk.bot.send_message(
        OLIVIA, "<b>BUY</b> 0.01", parse_mode="HTML", reply_markup=markup
    )
    confirm = desk.page.get_by_role("button", name="Confirm")
    await expect(confirm).to_have_css("background-color", "rgb(47, 158, 91)")
    await confirm.tap()
    await expect(confirm).to_have_attribute("aria-busy", "true")
    query = (await updates(desk))[0].callback_query
    assert query is not None
    assert query.data == "ok"
    await desk.bot.edit_message_text("Placed", chat_id=OLIVIA, message_id=sent.message_id)
    await desk.bot.answer_callback_query(query.id, "Order placed")
    await expect(desk.page.get_by_text("Order placed")).to_be_visible()
    await expect(desk.page.locator(".message")).to_have_count(1)
    await expect(desk.page.locator(".message")).to_contain_text("Placed")
    await expect(desk.page.locator(".stamp")).to_contain_text("edited")
    await expect(confirm).to_have_count(0)


async def test_an_alert_is_a_modal(desk: Desk) -> None:
    await desk.bot.send_message(OLIVIA, "card", reply_markup=keyboard(("Go", "go")))
    await desk.page.get_by_role("button", name="Go").tap()
    query = (await updates(desk))[0].callback_query
    assert query is not None
    await desk.bot.answer_callback_query(query.id, "The card has expired", show_alert=True)
    dialog = desk.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("The card has expired")
    await dialog.get_by_role("button", name="OK").tap()
    await expect(dialog).to_be_hidden()
    await expect(desk.page.get_by_role("button", name="Go")).to_have_attribute("aria-busy", "false")


async def test_a_photo_is_shown_and_enlarged(desk: Desk) -> None:
    await desk.bot.send_photo(OLIVIA, picture(400, 240), caption="1h")
    photo = desk.page.get_by_role("button", name="Enlarge: 1h")
    loaded = await photo.locator("img").evaluate(
        "async (image) => { await image.decode(); return image.naturalWidth; }"
    )
    assert loaded == 400
    await photo.tap()
    await expect(desk.page.get_by_role("dialog", name="Photo")).to_be_visible()
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.get_by_role("dialog", name="Photo")).to_be_hidden()


async def test_formatting_is_nodes_and_never_markup(desk: Desk) -> None:
    html = (
        "<b>bold <i>both</i></b> <code>tBTCUSD</code> <tg-spoiler>secret</tg-spoiler> "
        "<a href='https://example.com/'>link</a><pre>a  b</pre><blockquote expandable>"
        "1\n2\n3\n4\n5</blockquote>&lt;img src=x onerror=alert(1)&gt;"
    )
    await desk.bot.send_message(OLIVIA, html, parse_mode="HTML", disable_notification=True)
    text = desk.page.locator(".other .text")
    await expect(text.locator("strong em")).to_have_text("both")
    await expect(text).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(text.locator("img")).to_have_count(0)
    await expect(desk.page.get_by_label("sent silently")).to_be_visible()
    await text.locator(".spoiler").tap()
    await expect(text.locator(".spoiler")).to_have_class("spoiler open")
    unfold = text.get_by_role("button", name="Show the whole quote")
    await unfold.tap()
    await expect(unfold).to_have_attribute("aria-expanded", "true")
    await text.locator("code", has_text="tBTCUSD").tap()
    await expect(desk.page.get_by_text("Copied")).to_be_visible()
    assert await desk.page.evaluate("navigator.clipboard.readText()") == "tBTCUSD"


async def test_typing_is_shown_until_the_message(desk: Desk) -> None:
    await desk.phone.say("/backtest")
    await expect(desk.page.locator(".own")).to_have_count(1)
    await desk.bot.send_chat_action(OLIVIA, "typing")
    await expect(desk.page.locator("#chat-status")).to_have_text("typing…")
    await desk.bot.send_message(OLIVIA, "done")
    await expect(desk.page.locator("#chat-status")).to_have_text("bot")


async def test_the_readers_place_is_kept(desk: Desk) -> None:
    for number in range(40):
        await desk.bot.send_message(OLIVIA, f"alert {number}")
    await expect(desk.page.locator(".text", has_text="alert 39")).to_be_in_viewport()
    await desk.page.locator("#scroll").evaluate("(box) => box.scrollTo(0, 300)")
    await expect(desk.page.get_by_role("button", name="Go to the end")).to_be_visible()
    await desk.bot.send_message(OLIVIA, "the newest")
    await expect(desk.page.get_by_text("1 new message")).to_be_visible()
    assert await desk.page.locator("#scroll").evaluate("(box) => box.scrollTop") == 300
    await desk.page.get_by_text("1 new message").tap()
    await expect(desk.page.locator(".text", has_text="the newest")).to_be_in_viewport()


async def test_another_person_and_the_group(desk: Desk) -> None:
    await desk.bot.send_message(OLIVIA, "for Olivia only")
    await desk.page.get_by_role("button", name="Switch person").tap()
    await desk.page.get_by_role("button", name="Sten").tap()
    await expect(desk.page.get_by_role("button", name="You are Sten")).to_be_visible()
    await expect(desk.page.get_by_text("for Olivia only")).to_have_count(0)
    await desk.page.get_by_role("button", name="People and chats").tap()
    await desk.page.get_by_role("button", name="Trading desk").tap()
    field = desk.page.get_by_label("Message", exact=True)
    await field.fill("/status")
    await field.press("Enter")
    message = (await updates(desk))[0].message
    assert message is not None
    assert message.from_user is not None
    assert (message.chat.id, message.from_user.first_name) == (GROUP, "Sten")
    await desk.page.get_by_role("button", name="People and chats").tap()
    await desk.page.get_by_label("First name of a new person").fill("Ada")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.get_by_role("button", name="You are Ada")).to_be_attached()


async def test_the_page_comes_back_by_itself(context: BrowserContext) -> None:
    telegram = LocalTelegram(CONFIG)
    await telegram.start()
    url = telegram.url
    page = await context.new_page()
    await page.goto(url)
    await page.get_by_label("Message", exact=True).fill("/draft")
    await telegram.stop()
    await expect(page.locator("#chat-status")).to_have_text("reconnecting…")
    await page.get_by_label("Message", exact=True).press("Enter")
    await expect(page.get_by_text("Not sent")).to_be_visible()
    again = LocalTelegram(replace(CONFIG, port=int(url.rpartition(":")[2])))
    await again.start()
    async with bot_at(again.url) as bot, asyncio.timeout(10):
        await bot.send_message(OLIVIA, "back")
        await expect(page.locator(".other .text")).to_contain_text("back")
    await expect(page.get_by_label("Message", exact=True)).to_have_value("/draft")
    await page.close()
    await again.stop()
