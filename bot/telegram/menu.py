"""The command menu beside the input line: everybody sees what they may say."""

from collections.abc import Mapping, Sequence

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)

from bot.telegram.commands.declare import ChatCommand
from engine.model.actor import Role

log = structlog.get_logger()


async def publish_menu(
    bot: Bot, commands: Sequence[ChatCommand], roles: Mapping[int, Role | None]
) -> None:
    """The command menu: each member sees what their role may say, strangers only /start."""
    start = [BotCommand(command="start", description="Begin")]
    await bot.set_my_commands(start, scope=BotCommandScopeDefault())
    await bot.set_my_commands(start, scope=BotCommandScopeAllPrivateChats())
    for user_id, role in roles.items():
        await publish_own_menu(bot, commands, user_id, role)


async def publish_own_menu(
    bot: Bot, commands: Sequence[ChatCommand], user_id: int, role: Role | None
) -> None:
    """One person's menu, a stranger's where they have no role now.

    Who never wrote to the bot has no chat for it yet.
    """
    menu = [
        BotCommand(command=command.name, description=command.summary)
        for command in commands
        if role is not None and role >= command.role
    ]
    scope = BotCommandScopeChat(chat_id=user_id)
    try:
        if menu:
            await bot.set_my_commands(menu, scope=scope)
        else:
            await bot.delete_my_commands(scope=scope)
    except TelegramBadRequest as error:
        log.info("menu_not_shown", user_id=user_id, detail=error.message)
