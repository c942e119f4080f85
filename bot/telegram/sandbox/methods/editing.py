"""editMessageText, editMessageCaption, editMessageMedia, editMessageReplyMarkup."""

import msgspec
from msgspec.structs import replace

from bot.telegram.sandbox.errors import NOT_MODIFIED, bad_request
from bot.telegram.sandbox.keyboards import read_inline
from bot.telegram.sandbox.methods.sending import read_caption, read_text
from bot.telegram.sandbox.network import Network
from bot.telegram.sandbox.params import Params
from bot.telegram.sandbox.records import Changed, Entry
from bot.telegram.sandbox.shapes import Entity, LinkPreview, Message
from bot.telegram.sandbox.wording import caption_of, text_of, worded


class _Media(msgspec.Struct):
    type: str
    media: str
    caption: str = ""
    parse_mode: str = ""
    caption_entities: list[Entity] = []
    show_caption_above_media: bool = False
    has_spoiler: bool = False


def edit_text(network: Network, params: Params) -> Message:
    """New text and keyboard; a keyboard not given again is removed."""
    entry = _editable(network, params)
    wording = text_of(read_text(params))
    if entry.message.text is None:
        raise bad_request("there is no text in the message to edit")
    return _change(
        network,
        entry,
        replace(
            entry.message,
            text=wording.text,
            entities=wording.listed,
            link_preview_options=params.parsed(
                "link_preview_options", LinkPreview, "link preview options"
            ),
            reply_markup=read_inline(params),
        ),
    )


def edit_caption(network: Network, params: Params) -> Message:
    """New caption and keyboard under a photo or document."""
    entry = _editable(network, params)
    wording = caption_of(read_caption(params))
    if not (entry.message.photo or entry.message.document):
        raise bad_request("there is no caption in the message to edit")
    return _change(
        network,
        entry,
        replace(
            entry.message,
            caption=wording.text or None,
            caption_entities=wording.listed,
            show_caption_above_media=params.flag("show_caption_above_media") or None,
            reply_markup=read_inline(params),
        ),
    )


def edit_media(network: Network, params: Params) -> Message:
    """Another photo or document in place of what the message shows."""
    entry = _editable(network, params)
    media = params.parsed("media", _Media, "InputMedia")
    if media is None:
        raise bad_request("media is empty")
    if media.type not in ("photo", "document"):
        raise bad_request(f'the local Telegram does not know the media type "{media.type}"')
    wording = caption_of(worded(media.caption, media.parse_mode, media.caption_entities))
    is_photo = media.type == "photo"
    files = network.files
    return _change(
        network,
        entry,
        replace(
            entry.message,
            text=None,
            entities=None,
            link_preview_options=None,
            photo=[files.photo(params, media.media, "media")] if is_photo else None,
            document=None if is_photo else files.document(params, media.media, "media"),
            caption=wording.text or None,
            caption_entities=wording.listed,
            show_caption_above_media=media.show_caption_above_media or None,
            has_media_spoiler=media.has_spoiler or None,
            reply_markup=read_inline(params),
        ),
    )


def edit_reply_markup(network: Network, params: Params) -> Message:
    """Another keyboard, or none."""
    entry = _editable(network, params)
    return _change(network, entry, replace(entry.message, reply_markup=read_inline(params)))


def _editable(network: Network, params: Params) -> Entry:
    if params.has("inline_message_id") and not params.has("chat_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = network.open_chat(params.text("chat_id"))
    message_id = params.number("message_id")
    if message_id <= 0:
        raise bad_request("message identifier is not specified")
    entry = network.entry(chat.id, message_id)
    if entry is None:
        raise bad_request("message to edit not found")
    held = entry.aid is not None and not entry.aid.remove_keyboard
    if entry.message.sender != network.bot or entry.message.pinned_message or held:
        raise bad_request("message can't be edited")
    return entry


def _change(network: Network, entry: Entry, message: Message) -> Message:
    if message == entry.message:
        raise bad_request(NOT_MODIFIED)
    if replace(message, reply_markup=entry.message.reply_markup) != entry.message:
        message = replace(message, edit_date=int(network.store.now()))
    network.pace.count(message.chat.id)
    network.store.commit(Changed(entry=replace(entry, message=message)))
    return message


METHODS = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageMedia": edit_media,
    "editMessageReplyMarkup": edit_reply_markup,
}
