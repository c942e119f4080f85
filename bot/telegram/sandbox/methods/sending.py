"""sendMessage, sendPhoto, sendDocument."""

import msgspec
from msgspec.structs import replace

from bot.telegram.sandbox.errors import bad_request
from bot.telegram.sandbox.keyboards import read_markup
from bot.telegram.sandbox.network import Network
from bot.telegram.sandbox.params import Params
from bot.telegram.sandbox.records import Entry, Posted
from bot.telegram.sandbox.shapes import Chat, Entity, LinkPreview, Message
from bot.telegram.sandbox.wording import Wording, caption_of, text_of, worded


class _Reply(msgspec.Struct):
    message_id: int
    chat_id: int | str | None = None
    allow_sending_without_reply: bool = False


def send_message(network: Network, params: Params) -> Message:
    """A text message."""
    draft = _draft(network, params)
    wording = text_of(read_text(params))
    return _post(
        network,
        params,
        replace(
            draft,
            text=wording.text,
            entities=wording.listed,
            link_preview_options=params.parsed(
                "link_preview_options", LinkPreview, "link preview options"
            ),
        ),
    )


def send_photo(network: Network, params: Params) -> Message:
    """A photo with an optional caption."""
    draft = _draft(network, params)
    wording = caption_of(read_caption(params))
    photo = network.files.photo(params, params.text("photo"), "photo")
    return _post(
        network,
        params,
        replace(
            draft,
            photo=[photo],
            caption=wording.text or None,
            caption_entities=wording.listed,
            show_caption_above_media=params.flag("show_caption_above_media") or None,
            has_media_spoiler=params.flag("has_spoiler") or None,
        ),
    )


def send_document(network: Network, params: Params) -> Message:
    """A file with an optional caption."""
    draft = _draft(network, params)
    wording = caption_of(read_caption(params))
    document = network.files.document(params, params.text("document"), "document")
    return _post(
        network,
        params,
        replace(
            draft,
            document=document,
            caption=wording.text or None,
            caption_entities=wording.listed,
        ),
    )


def read_text(params: Params) -> Wording:
    """The `text` of a call with its formatting."""
    if not params.text("text").strip():
        raise bad_request("message text is empty")
    return _wording(params, "text", "entities")


def read_caption(params: Params) -> Wording:
    """The `caption` of a call with its formatting."""
    return _wording(params, "caption", "caption_entities")


def _wording(params: Params, text: str, entities: str) -> Wording:
    mode = params.text("parse_mode")
    listed = None if mode else params.parsed(entities, list[Entity], "message entities")
    return worded(params.text(text), mode, listed or [])


def _draft(network: Network, params: Params) -> Message:
    chat = network.open_chat(params.text("chat_id"))
    thread = params.number("message_thread_id") or None
    if thread and chat.id > 0:
        raise bad_request("message thread not found")
    return Message(
        message_id=network.store.state.next_message_id(chat.id),
        message_thread_id=thread,
        is_topic_message=True if thread else None,
        sender=network.bot,
        date=int(network.store.now()),
        chat=chat,
        reply_to_message=_replied(network, params, chat),
        has_protected_content=params.flag("protect_content") or None,
    )


def _replied(network: Network, params: Params, chat: Chat) -> Message | None:
    reply = params.parsed("reply_parameters", _Reply, "reply parameters")
    if reply is None:
        if not params.number("reply_to_message_id"):
            return None
        reply = _Reply(
            params.number("reply_to_message_id"),
            allow_sending_without_reply=params.flag("allow_sending_without_reply"),
        )
    elsewhere = reply.chat_id is not None and str(reply.chat_id) != str(chat.id)
    entry = None if elsewhere else network.entry(chat.id, reply.message_id)
    if entry is None and not reply.allow_sending_without_reply:
        raise bad_request("message to be replied not found")
    return replace(entry.message, reply_to_message=None) if entry else None


def _post(network: Network, params: Params, draft: Message) -> Message:
    keyboard, aid = read_markup(params)
    message = replace(draft, reply_markup=keyboard)
    network.pace.count(message.chat.id)
    silent = params.flag("disable_notification")
    network.store.commit(Posted(entry=Entry(message=message, silent=silent, aid=aid)))
    return message


METHODS = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
}
