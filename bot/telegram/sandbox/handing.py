"""People hand the bot a file, with or without words under it."""

from dataclasses import dataclass

from msgspec.structs import replace

from bot.telegram.sandbox.detect import detected, utf16_length
from bot.telegram.sandbox.errors import bad_request
from bot.telegram.sandbox.network import Network
from bot.telegram.sandbox.params import Upload
from bot.telegram.sandbox.people import Said, hears, person, place
from bot.telegram.sandbox.records import Entry, Posted, Queued
from bot.telegram.sandbox.shapes import Message
from bot.telegram.sandbox.wording import CAPTION_LIMIT

LONGEST_NAME = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A file, the words under it, and the message it answers."""

    file: Upload
    caption: str = ""
    reply_to: int | None = None


def hand(network: Network, user_id: int, handed: Handed, chat_id: int | None = None) -> Said:
    """A message with a document, as a phone sends it."""
    chat = place(network, user_id, chat_id)
    if chat.id > 0 and chat.id != user_id:
        raise bad_request("nobody writes in another's private chat")
    if not 1 <= len(handed.file.name) <= LONGEST_NAME or not handed.file.data:
        raise bad_request("a file needs a name of at most 255 characters, and content")
    caption = handed.caption.replace("\0", "").strip()
    if utf16_length(caption) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    replied = network.entry(chat.id, handed.reply_to) if handed.reply_to else None
    message = Message(
        message_id=network.store.state.next_message_id(chat.id),
        sender=person(network, user_id),
        date=int(network.store.now()),
        chat=chat,
        document=network.files.taken(handed.file),
        caption=caption or None,
        caption_entities=detected(caption) or None,
        reply_to_message=replace(replied.message, reply_to_message=None) if replied else None,
    )
    heard = network.updates.draft(message=message) if hears(network, message) else []
    network.store.commit(Posted(entry=Entry(message=message)), *heard)
    update_id = next((one.update.update_id for one in heard if isinstance(one, Queued)), None)
    return Said(message.message_id, update_id)
