"""The command menu: lists by scope and language, and the one a person sees."""

from collections.abc import Iterator

import msgspec

from bot.telegram.sandbox.errors import bad_request
from bot.telegram.sandbox.network import Network
from bot.telegram.sandbox.params import Params
from bot.telegram.sandbox.shapes import BotCommand, Chat, User

_PLAIN = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")


class _Scope(msgspec.Struct):
    type: str = "default"
    chat_id: int | str = 0
    user_id: int = 0


def scope_key(network: Network, params: Params) -> str:
    """The scope of a call as one word, chats by number."""
    scope = params.parsed("scope", _Scope, "BotCommandScope") or _Scope()
    if scope.type in _PLAIN:
        return scope.type
    if scope.type not in ("chat", "chat_administrators", "chat_member"):
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat = network.chat(str(scope.chat_id or ""))
    if scope.type == "chat_member":
        if scope.user_id not in network.store.state.users:
            raise bad_request("user not found")
        return f"chat_member:{chat.id}:{scope.user_id}"
    return f"{scope.type}:{chat.id}"


def menu(network: Network, chat: Chat, user: User) -> list[BotCommand]:
    """The commands a person sees in a chat: the narrowest scope, in their language first."""
    commands = network.store.state.commands
    for scope in _scopes(network, chat, user):
        for language in (user.language_code or "", ""):
            if (scope, language) in commands:
                return commands[scope, language]
    return []


def _scopes(network: Network, chat: Chat, user: User) -> Iterator[str]:
    if chat.id > 0:
        yield from (f"chat:{chat.id}", "all_private_chats", "default")
        return
    admin = is_owner(network, user.id)
    yield f"chat_member:{chat.id}:{user.id}"
    if admin:
        yield f"chat_administrators:{chat.id}"
    yield f"chat:{chat.id}"
    if admin:
        yield "all_chat_administrators"
    yield from ("all_group_chats", "default")


def is_owner(network: Network, user_id: int) -> bool:
    """Whether a person made the group: the first of the configured ones."""
    users = network.config.users
    return bool(users) and users[0].id == user_id
