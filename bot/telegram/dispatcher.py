"""aiogram's routers around the conversation; access stands before all of them."""

from collections.abc import Mapping, Sequence

import structlog
from aiogram import Bot, Dispatcher, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)

from bot.telegram.access import Access
from bot.telegram.commands.declare import ChatCommand
from bot.telegram.conversation import Conversation
from bot.telegram.presses import CardPress, ClosePress, OrderPress, PanelPress
from engine.model.actor import Role

Roles = Mapping[int, Role]

HEARD = ("message", "edited_message", "callback_query")

log = structlog.get_logger()


def build_dispatcher(access: Access, conversation: Conversation) -> Dispatcher:
    """A dispatcher that lets in only whom `access` knows."""
    router = Router(name="operators")
    router.message.register(conversation.on_message)
    router.edited_message.register(conversation.on_edit)
    router.callback_query.register(conversation.on_card, CardPress.filter())
    router.callback_query.register(conversation.on_order, OrderPress.filter())
    router.callback_query.register(conversation.on_close, ClosePress.filter())
    router.callback_query.register(conversation.on_panel, PanelPress.filter())
    router.callback_query.register(conversation.on_unknown)
    dispatcher = Dispatcher()
    dispatcher.update.outer_middleware(access)
    dispatcher.include_router(router)
    return dispatcher


async def publish_menu(bot: Bot, commands: Sequence[ChatCommand], roles: Roles) -> None:
    """The command menu: each operator sees what their role may say, strangers only /start."""
    start = [BotCommand(command="start", description="Begin")]
    await bot.set_my_commands(start, scope=BotCommandScopeDefault())
    await bot.set_my_commands(start, scope=BotCommandScopeAllPrivateChats())
    for user_id, role in roles.items():
        await publish_own_menu(bot, commands, user_id, role)


async def publish_own_menu(
    bot: Bot, commands: Sequence[ChatCommand], user_id: int, role: Role
) -> None:
    """One operator's menu; who never wrote to the bot has no chat for it yet."""
    menu = [
        BotCommand(command=command.name, description=command.summary)
        for command in commands
        if role >= command.role
    ]
    try:
        await bot.set_my_commands(menu, scope=BotCommandScopeChat(chat_id=user_id))
    except TelegramBadRequest as error:
        log.info("menu_not_shown", user_id=user_id, detail=error.message)
