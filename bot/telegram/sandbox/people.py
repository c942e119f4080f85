"""What the played people do: write, edit, press, react, block the bot, join."""

import secrets
import zlib
from dataclasses import dataclass

from msgspec.structs import replace

from bot.telegram.sandbox.detect import detected, utf16_length
from bot.telegram.sandbox.errors import bad_request
from bot.telegram.sandbox.network import Network
from bot.telegram.sandbox.records import (
    Answered,
    AnyRecord,
    Blocked,
    Changed,
    Entry,
    Joined,
    Posted,
    Pressed,
    Queued,
)
from bot.telegram.sandbox.shapes import (
    CallbackQuery,
    Chat,
    InlineButton,
    Message,
    ReactionUpdated,
    User,
)
from bot.telegram.sandbox.wording import TEXT_LIMIT


@dataclass(frozen=True, slots=True)
class Said:
    """A message a person wrote; `update_id` is None where the bot does not hear of it."""

    message_id: int
    update_id: int | None


@dataclass(frozen=True, slots=True)
class Tapped:
    """A press: its ids, and the bot's answer where one came in time."""

    query_id: str
    update_id: int | None
    answer: Answered | None


def person(network: Network, user_id: int) -> User:
    """A played person, refused where there is none of this id."""
    user = network.store.state.users.get(user_id)
    if user is None:
        raise bad_request(f"nobody here has the user id {user_id}")
    return user


def place(network: Network, user_id: int, chat_id: int | None) -> Chat:
    """The chat a person acts in: their own with the bot, unless one is named."""
    person(network, user_id)
    return network.chat(str(chat_id or user_id))


def say(
    network: Network,
    user_id: int,
    text: str,
    chat_id: int | None = None,
    reply_to: int | None = None,
    thread: int | None = None,
) -> list[Said]:
    """Write to the bot or the group; a long text goes in pieces, as phones send it."""
    pieces = _pieces(text.replace("\0", "").strip())
    if not pieces:
        raise bad_request("message text is empty")
    chat = place(network, user_id, chat_id)
    if chat.id > 0 and chat.id != user_id:
        raise bad_request("nobody writes in another's private chat")
    replied = network.entry(chat.id, reply_to) if reply_to else None
    return [_say(network, user_id, piece, chat, replied, thread) for piece in pieces]


def _say(
    network: Network,
    user_id: int,
    text: str,
    chat: Chat,
    replied: Entry | None,
    thread: int | None,
) -> Said:
    message = Message(
        message_id=network.store.state.next_message_id(chat.id),
        message_thread_id=thread,
        is_topic_message=True if thread else None,
        sender=person(network, user_id),
        date=int(network.store.now()),
        chat=chat,
        text=text,
        entities=detected(text) or None,
        reply_to_message=replace(replied.message, reply_to_message=None) if replied else None,
    )
    heard = network.updates.draft(message=message) if hears(network, message) else []
    network.store.commit(Posted(entry=Entry(message=message)), *heard)
    return Said(message.message_id, _update_id(heard))


def edit(
    network: Network, user_id: int, message_id: int, text: str, chat_id: int | None = None
) -> Said:
    """Change an own message."""
    entry = _present(network, place(network, user_id, chat_id), message_id)
    if entry.message.sender != person(network, user_id):
        raise bad_request("only own messages can be edited")
    if not text.strip() or utf16_length(text) > TEXT_LIMIT:
        raise bad_request("an edited message has 1 to 4096 characters")
    message = replace(
        entry.message,
        text=text.strip(),
        entities=detected(text.strip()) or None,
        edit_date=int(network.store.now()),
    )
    heard = network.updates.draft(edited_message=message) if hears(network, message) else []
    network.store.commit(Changed(entry=replace(entry, message=message)), *heard)
    return Said(message_id, _update_id(heard))


async def tap(
    network: Network, user_id: int, chat: Chat, message_id: int, data: str, wait: float
) -> Tapped:
    """Press a callback button and wait up to `wait` seconds for the bot's answer."""
    entry = _present(network, chat, message_id)
    query = CallbackQuery(
        id=str(secrets.randbits(63)),
        sender=person(network, user_id),
        message=entry.message,
        chat_instance=str(zlib.crc32(str(chat.id).encode())),
        data=data,
    )
    pressed = Pressed(
        query_id=query.id,
        user_id=user_id,
        chat_id=chat.id,
        message_id=message_id,
        at=network.store.now(),
    )
    answers: list[Answered] = []

    def hear(record: AnyRecord) -> None:
        if isinstance(record, Answered) and record.query_id == query.id:
            answers.append(record)

    with network.store.listening(hear):
        heard = network.updates.draft(callback_query=query)
        network.store.commit(pressed, *heard)
        await network.store.until(lambda: bool(answers), wait)
    return Tapped(query.id, _update_id(heard), answers[0] if answers else None)


def button_of(network: Network, chat: Chat, message_id: int, wanted: str) -> InlineButton:
    """The button by its callback data, else its text, else its place `row,column` from 0."""
    keyboard = _present(network, chat, message_id).message.reply_markup
    rows = keyboard.inline_keyboard if keyboard else []
    buttons = [button for row in rows for button in row]
    places = {f"{r},{c}": button for r, row in enumerate(rows) for c, button in enumerate(row)}
    for button in buttons:
        if button.callback_data == wanted:
            return button
    for button in buttons:
        if button.text == wanted:
            return button
    if wanted in places:
        return places[wanted]
    labels = ", ".join(button.text for button in buttons) or "none"
    raise bad_request(f"message {message_id} has no button {wanted!r}; its buttons: {labels}")


def react(
    network: Network, user_id: int, message_id: int, emoji: str, chat_id: int | None = None
) -> Said:
    """Put an emoji on a message in place of the former one; an empty one takes it away."""
    chat = place(network, user_id, chat_id)
    entry = _present(network, chat, message_id)
    before = entry.reactions.get(str(user_id), [])
    after = [emoji] if emoji else []
    others = {who: what for who, what in entry.reactions.items() if who != str(user_id)}
    reactions = others | ({str(user_id): after} if after else {})
    told = network.updates.draft(
        message_reaction=ReactionUpdated(
            chat=chat,
            message_id=message_id,
            user=person(network, user_id),
            date=int(network.store.now()),
            old_reaction=[{"type": "emoji", "emoji": one} for one in before],
            new_reaction=[{"type": "emoji", "emoji": one} for one in after],
        )
    )
    network.store.commit(Changed(entry=replace(entry, reactions=reactions)), *told)
    return Said(message_id, _update_id(told))


def block(network: Network, chat_id: int | None, *, blocked: bool) -> None:
    """Block the bot, or put it out of the group; or let it in again."""
    chat = network.chat(str(chat_id or ""))
    network.store.commit(Blocked(user_id=chat.id, blocked=blocked))


def join(network: Network, user: User) -> User:
    """A new person to play; the id must be free."""
    taken = user.id in network.store.state.chats or user.id == network.bot.id
    if taken or not 0 < user.id < 2**52:
        raise bad_request(f"the user id {user.id} is taken or out of range")
    if not 1 <= len(user.first_name.strip()) <= 64:
        raise bad_request("a first name has 1 to 64 characters")
    network.store.commit(Joined(user=user))
    return user


def _present(network: Network, chat: Chat, message_id: int) -> Entry:
    entry = network.entry(chat.id, message_id)
    if entry is None:
        raise bad_request(f"chat {chat.id} has no message {message_id}")
    return entry


def hears(network: Network, message: Message) -> bool:
    """Whether a bot in privacy mode hears a message: all private ones; in the group
    commands not addressed to others, mentions, and replies to the bot."""
    if message.chat.id > 0:
        return message.chat.id not in network.store.state.blocked
    if not network.config.group_privacy:
        return True
    words = message.words.lower()
    name = f"@{network.config.bot_username}".lower()
    command = words.split()[0] if words.startswith("/") else ""
    replied = message.reply_to_message
    return (
        bool(command and (command.endswith(name) or "@" not in command))
        or name in words
        or (replied is not None and replied.sender == network.bot)
    )


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    while text:
        length = min(len(text), TEXT_LIMIT)
        while utf16_length(text[:length]) > TEXT_LIMIT:
            length -= 1
        pieces.append(text[:length])
        text = text[length:].strip()
    return pieces


def _update_id(records: list[AnyRecord]) -> int | None:
    return next((r.update.update_id for r in records if isinstance(r, Queued)), None)
