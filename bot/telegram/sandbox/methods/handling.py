"""What happens to messages after they were sent: deleted, pinned, reacted to, answered."""

from msgspec.structs import replace

from bot.telegram.sandbox.errors import QUERY_TOO_OLD, bad_request
from bot.telegram.sandbox.network import Action, Network
from bot.telegram.sandbox.params import Params
from bot.telegram.sandbox.records import Answered, Changed, Entry, Pinned, Posted, Removed
from bot.telegram.sandbox.shapes import Chat, Message

_TWO_DAYS = 48 * 3600
_ACTIONS = frozenset(
    (
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    )
)


def delete_message(network: Network, params: Params) -> bool:
    """Delete one message of the last 48 hours."""
    chat, entry = _named(network, params, "delete")
    if not _deletable(network, entry):
        raise bad_request("message can't be deleted for everyone")
    network.store.commit(Removed(chat_id=chat.id, message_ids=[entry.message.message_id]))
    return True


def delete_messages(network: Network, params: Params) -> bool:
    """Delete up to 100 messages; those that cannot be found are passed over."""
    chat = network.chat(params.text("chat_id"))
    ids = params.parsed("message_ids", list[int], "message identifiers") or []
    if not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > 100:
        raise bad_request("too many message identifiers specified")
    entries = [entry for i in ids if (entry := network.entry(chat.id, i))]
    gone = [entry.message.message_id for entry in entries if _deletable(network, entry)]
    if gone:
        network.store.commit(Removed(chat_id=chat.id, message_ids=gone))
    return True


def answer_callback_query(network: Network, params: Params) -> bool:
    """Answer a press, once and in time."""
    pressed = network.store.state.queries.get(params.text("callback_query_id"))
    lifetime = network.config.query_lifetime
    if pressed is None or network.store.now() - pressed.at > lifetime:
        raise bad_request(QUERY_TOO_OLD)
    if len(params.text("text")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    network.store.commit(
        Answered(
            query_id=pressed.query_id,
            user_id=pressed.user_id,
            chat_id=pressed.chat_id,
            message_id=pressed.message_id,
            text=params.text("text"),
            alert=params.flag("show_alert"),
            url=params.text("url"),
        )
    )
    return True


def send_chat_action(network: Network, params: Params) -> bool:
    """Show for some seconds what the bot is doing."""
    chat = network.open_chat(params.text("chat_id"))
    action = params.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    network.show(Action(chat.id, action))
    return True


def pin_chat_message(network: Network, params: Params) -> bool:
    """Pin a message; the chat is told by a service message."""
    chat, entry = _named(network, params, "pin")
    pinned = network.store.state.pinned.get(chat.id, [])
    message_id = entry.message.message_id
    if message_id in pinned:
        return True
    notice = Message(
        message_id=network.store.state.next_message_id(chat.id),
        sender=network.bot,
        date=int(network.store.now()),
        chat=chat,
        pinned_message=replace(entry.message, reply_to_message=None),
    )
    silent = params.flag("disable_notification")
    network.store.commit(
        Pinned(chat_id=chat.id, message_ids=[*pinned, message_id]),
        Posted(entry=Entry(message=notice, silent=silent)),
    )
    return True


def unpin_chat_message(network: Network, params: Params) -> bool:
    """Unpin a message, the newest pinned one where none is named."""
    chat = network.chat(params.text("chat_id"))
    pinned = network.store.state.pinned.get(chat.id, [])
    message_id = params.number("message_id") or (pinned[-1] if pinned else 0)
    if message_id not in pinned:
        raise bad_request("message to unpin not found")
    left = [kept for kept in pinned if kept != message_id]
    network.store.commit(Pinned(chat_id=chat.id, message_ids=left))
    return True


def unpin_all_chat_messages(network: Network, params: Params) -> bool:
    """Unpin everything."""
    chat = network.chat(params.text("chat_id"))
    network.store.commit(Pinned(chat_id=chat.id, message_ids=[]))
    return True


def set_message_reaction(network: Network, params: Params) -> bool:
    """The bot's reaction to a message: one ordinary emoji, or none."""
    _, entry = _named(network, params, "react")
    given = params.parsed("reaction", list[dict[str, str]], "reaction types") or []
    if len(given) > 1 or any(reaction.get("type") != "emoji" for reaction in given):
        raise bad_request("REACTION_INVALID")
    emoji = [reaction.get("emoji", "") for reaction in given]
    reactions = {who: what for who, what in entry.reactions.items() if who != str(network.bot.id)}
    if emoji:
        reactions[str(network.bot.id)] = emoji
    network.store.commit(Changed(entry=replace(entry, reactions=reactions)))
    return True


def _named(network: Network, params: Params, purpose: str) -> tuple[Chat, Entry]:
    chat = network.chat(params.text("chat_id"))
    message_id = params.number("message_id")
    if message_id <= 0:
        raise bad_request("message identifier is not specified")
    entry = network.entry(chat.id, message_id)
    if entry is None:
        raise bad_request(f"message to {purpose} not found")
    return chat, entry


def _deletable(network: Network, entry: Entry) -> bool:
    message = entry.message
    own = message.sender == network.bot or message.chat.id > 0
    return own and network.store.now() - message.date < _TWO_DAYS


METHODS = {
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
    "setMessageReaction": set_message_reaction,
}
