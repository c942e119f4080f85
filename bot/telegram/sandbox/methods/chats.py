"""getChat, getChatMember, getChatMemberCount, getChatAdministrators."""

import msgspec

from bot.telegram.sandbox.commands import is_owner
from bot.telegram.sandbox.errors import bad_request
from bot.telegram.sandbox.network import Network
from bot.telegram.sandbox.params import Params

_GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


def get_chat(network: Network, params: Params) -> dict[str, object]:
    """Everything about a chat."""
    chat = network.chat(params.text("chat_id"))
    full: dict[str, object] = msgspec.to_builtins(chat)
    full |= {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }
    pinned = network.store.state.pinned.get(chat.id, [])
    entry = network.entry(chat.id, pinned[-1]) if pinned else None
    return full | {"pinned_message": entry.message} if entry else full


def get_chat_member(network: Network, params: Params) -> dict[str, object]:
    """One member; the first configured person made the group."""
    chat = network.chat(params.text("chat_id"))
    user_id = params.number("user_id")
    if user_id == network.bot.id:
        return {"status": "member", "user": network.bot}
    user = network.store.state.users.get(user_id)
    if user is None or chat.id not in (user_id, network.config.group.id):
        raise bad_request("user not found")
    if chat.id < 0 and is_owner(network, user_id):
        return {"status": "creator", "user": user, "is_anonymous": False}
    return {"status": "member", "user": user}


def get_chat_administrators(network: Network, params: Params) -> list[dict[str, object]]:
    """The group's maker."""
    chat = network.chat(params.text("chat_id"))
    if chat.id > 0:
        raise bad_request("there are no administrators in the private chat")
    users = network.store.state.users.values()
    return [
        {"status": "creator", "user": user, "is_anonymous": False}
        for user in users
        if is_owner(network, user.id)
    ]


def get_chat_member_count(network: Network, params: Params) -> int:
    """How many are in a chat, the bot included."""
    chat = network.chat(params.text("chat_id"))
    return 2 if chat.id > 0 else len(network.store.state.users) + 1


METHODS = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
}
