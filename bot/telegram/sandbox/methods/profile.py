"""The bot about itself: getMe, commands, name, descriptions, menu button, log out."""

import re

from bot.telegram.sandbox.commands import scope_key
from bot.telegram.sandbox.errors import bad_request
from bot.telegram.sandbox.network import Network
from bot.telegram.sandbox.params import Params
from bot.telegram.sandbox.records import CommandsSet, MenuSet, ProfileSet
from bot.telegram.sandbox.shapes import BotCommand

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_LONGEST = {"name": 64, "short_description": 120, "description": 512}


def get_me(network: Network, _params: Params) -> dict[str, object]:
    """The bot's own user."""
    return {
        "id": network.bot.id,
        "is_bot": True,
        "first_name": network.bot.first_name,
        "username": network.bot.username,
        "can_join_groups": True,
        "can_read_all_group_messages": not network.config.group_privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(network: Network, params: Params) -> bool:
    """The commands of a scope and language."""
    commands = params.parsed("commands", list[BotCommand], "BotCommand")
    if commands is None:
        raise bad_request("commands are not specified")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    scope, language = scope_key(network, params), _language(params)
    tidy = [_command(command) for command in commands]
    network.store.commit(CommandsSet(scope=scope, language=language, commands=tidy))
    return True


def get_my_commands(network: Network, params: Params) -> list[BotCommand]:
    """The commands set for exactly this scope and language."""
    return network.store.state.commands.get((scope_key(network, params), _language(params)), [])


def delete_my_commands(network: Network, params: Params) -> bool:
    """Back to the wider scope's commands."""
    key = scope_key(network, params), _language(params)
    if key in network.store.state.commands:
        network.store.commit(CommandsSet(scope=key[0], language=key[1], commands=[]))
    return True


def _command(command: BotCommand) -> BotCommand:
    name = command.command.removeprefix("/")
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(command.description.strip()) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return BotCommand(command=name, description=command.description.strip())


def _language(params: Params) -> str:
    code = params.text("language_code")
    if code and not _LANGUAGE.fullmatch(code):
        raise bad_request("LANGUAGE_CODE_INVALID")
    return code


def _set_part(network: Network, params: Params, part: str) -> bool:
    text = params.text(part)
    if len(text) > _LONGEST[part]:
        raise bad_request(f"{part.upper()}_TOO_LONG")
    network.store.commit(ProfileSet(part=part, language=_language(params), text=text))
    return True


def _get_part(network: Network, params: Params, part: str) -> dict[str, str]:
    profile = network.store.state.profile
    default = network.bot.first_name if part == "name" else ""
    general = profile.get((part, "")) or default
    return {part: profile.get((part, _language(params))) or general}


def set_my_name(network: Network, params: Params) -> bool:
    """The bot's name in a language."""
    return _set_part(network, params, "name")


def get_my_name(network: Network, params: Params) -> dict[str, str]:
    """The bot's name in a language."""
    return _get_part(network, params, "name")


def set_my_description(network: Network, params: Params) -> bool:
    """What an empty chat says of the bot."""
    return _set_part(network, params, "description")


def get_my_description(network: Network, params: Params) -> dict[str, str]:
    """What an empty chat says of the bot."""
    return _get_part(network, params, "description")


def set_my_short_description(network: Network, params: Params) -> bool:
    """The line under the bot's name."""
    return _set_part(network, params, "short_description")


def get_my_short_description(network: Network, params: Params) -> dict[str, str]:
    """The line under the bot's name."""
    return _get_part(network, params, "short_description")


def set_chat_menu_button(network: Network, params: Params) -> bool:
    """The menu button of a private chat, or of all."""
    button = params.parsed("menu_button", dict[str, object], "menu button")
    chat_id = network.chat(params.text("chat_id")).id if params.has("chat_id") else 0
    network.store.commit(MenuSet(chat_id=chat_id, button=button or {"type": "default"}))
    return True


def get_chat_menu_button(network: Network, params: Params) -> dict[str, object]:
    """The menu button of a private chat, or the default one."""
    menus = network.store.state.menus
    chat_id = network.chat(params.text("chat_id")).id if params.has("chat_id") else 0
    return menus.get(chat_id) or menus.get(0) or {"type": "commands"}


def log_out(_network: Network, _params: Params) -> bool:
    """Accepted; there is no other server to go to."""
    return True


METHODS = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": set_my_name,
    "getMyName": get_my_name,
    "setMyDescription": set_my_description,
    "getMyDescription": get_my_description,
    "setMyShortDescription": set_my_short_description,
    "getMyShortDescription": get_my_short_description,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
    "logOut": log_out,
    "close": log_out,
}
