"""The bot about itself: command menus, names, the menu button."""

import pytest
from aiogram import Bot
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    MenuButtonCommands,
    MenuButtonDefault,
)

from tests.contract.telegram_sandbox.phone import OLIVIA, STEN, Phone, dumped, refusal


def commands(*names: str) -> list[BotCommand]:
    return [BotCommand(command=name, description=f"does {name}") for name in names]


async def test_each_person_sees_the_narrowest_menu(bot: Bot, phone: Phone) -> None:
    await bot.set_my_commands(commands("start"))
    await bot.set_my_commands(commands("start", "hjalp"), language_code="sv")
    await bot.set_my_commands(commands("buy", "panic"), scope=BotCommandScopeChat(chat_id=OLIVIA))
    menus = (await phone.get("state"))["commands"]
    assert isinstance(menus, dict)
    assert [line["command"] for line in menus[str(OLIVIA)]] == ["buy", "panic"]
    assert [line["command"] for line in menus[str(STEN)]] == ["start", "hjalp"]


async def test_commands_by_scope_and_language(bot: Bot) -> None:
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands(commands("a"), scope=scope, language_code="sv")
    listed = await bot.get_my_commands(scope=scope, language_code="sv")
    assert dumped(listed) == dumped(commands("a"))
    assert await bot.get_my_commands(scope=scope) == []
    await bot.delete_my_commands(scope=scope, language_code="sv")
    assert await bot.get_my_commands(scope=scope, language_code="sv") == []


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (BotCommand(command="Big", description="x"), "BOT_COMMAND_INVALID"),
        (BotCommand(command="x" * 33, description="x"), "BOT_COMMAND_INVALID"),
        (BotCommand(command="x", description=" "), "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_bad_commands(bot: Bot, command: BotCommand, words: str) -> None:
    assert await refusal(bot.set_my_commands([command])) == f"Bad Request: {words}"


async def test_too_many_commands_and_unknown_scopes(bot: Bot) -> None:
    many = commands(*(f"c{number}" for number in range(101)))
    assert await refusal(bot.set_my_commands(many)) == "Bad Request: BOT_COMMANDS_TOO_MUCH"
    nowhere = BotCommandScopeChat(chat_id=5)
    words = await refusal(bot.set_my_commands(commands("a"), scope=nowhere))
    assert words == "Bad Request: chat not found"


async def test_names_and_descriptions(bot: Bot) -> None:
    await bot.set_my_description("Trade from the chat.")
    await bot.set_my_short_description("Trading", language_code="sv")
    await bot.set_my_name("Desk")
    assert (await bot.get_my_description()).description == "Trade from the chat."
    assert (await bot.get_my_short_description()).short_description == ""
    assert (await bot.get_my_short_description(language_code="sv")).short_description == "Trading"
    assert (await bot.get_my_name()).name == "Desk"


async def test_menu_button(bot: Bot) -> None:
    await bot.set_chat_menu_button(menu_button=MenuButtonDefault())
    await bot.set_chat_menu_button(chat_id=OLIVIA, menu_button=MenuButtonCommands())
    assert isinstance(await bot.get_chat_menu_button(chat_id=OLIVIA), MenuButtonCommands)
    assert isinstance(await bot.get_chat_menu_button(), MenuButtonDefault)
    assert await bot.log_out()
    assert await bot.close()
