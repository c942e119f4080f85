"""Everything that ever happens on the local Telegram, as lines of its log."""

import msgspec

from bot.telegram.sandbox.shapes import BotCommand, Chat, InputAid, Message, Update, User


class Record(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="t"):
    """Base of all records; the tag names the kind."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message with what the Bot API does not show of it; reactions by user id."""

    message: Message
    silent: bool = False
    aid: InputAid | None = None
    reactions: dict[str, list[str]] = {}

    @property
    def place(self) -> tuple[int, int]:
        """Chat id and message id."""
        return self.message.chat.id, self.message.message_id


class Joined(Record, frozen=True, kw_only=True, tag="joined"):
    """A person can be played from now on."""

    user: User


class Grouped(Record, frozen=True, kw_only=True, tag="grouped"):
    """The group exists."""

    chat: Chat


class Posted(Record, frozen=True, kw_only=True, tag="posted"):
    """A new message."""

    entry: Entry


class Changed(Record, frozen=True, kw_only=True, tag="changed"):
    """A message in its new form."""

    entry: Entry


class Removed(Record, frozen=True, kw_only=True, tag="removed"):
    """Messages are gone."""

    chat_id: int
    message_ids: list[int]


class Queued(Record, frozen=True, kw_only=True, tag="queued"):
    """An update waits for the bot."""

    update: Update


class Confirmed(Record, frozen=True, kw_only=True, tag="confirmed"):
    """The bot has seen all updates before this id."""

    before: int


class Subscribed(Record, frozen=True, kw_only=True, tag="subscribed"):
    """The kinds of update the bot wants; empty means the default kinds."""

    kinds: list[str]


class Hooked(Record, frozen=True, kw_only=True, tag="hooked"):
    """Where updates are delivered; an empty url means long polling."""

    url: str
    secret: str = ""
    max_connections: int = 40


class CommandsSet(Record, frozen=True, kw_only=True, tag="commands"):
    """A command list for a scope and language; an empty list deletes it."""

    scope: str
    language: str
    commands: list[BotCommand]


class ProfileSet(Record, frozen=True, kw_only=True, tag="profile"):
    """The bot's name, description or short description in a language."""

    part: str
    language: str
    text: str


class MenuSet(Record, frozen=True, kw_only=True, tag="menu"):
    """The menu button of a chat, or the default one (chat 0)."""

    chat_id: int
    button: dict[str, object]


class Pinned(Record, frozen=True, kw_only=True, tag="pinned"):
    """The pinned messages of a chat, newest last."""

    chat_id: int
    message_ids: list[int]


class Pressed(Record, frozen=True, kw_only=True, tag="pressed"):
    """A press of a button that waits for the bot's answer; `at` in Unix seconds."""

    query_id: str
    user_id: int
    chat_id: int
    message_id: int
    at: float


class Answered(Record, frozen=True, kw_only=True, tag="answered"):
    """The bot's answer to a press."""

    query_id: str
    user_id: int
    chat_id: int
    message_id: int
    text: str = ""
    alert: bool = False
    url: str = ""


class Kept(Record, frozen=True, kw_only=True, tag="kept"):
    """A file whose bytes are stored under its unique id; width and height for photos."""

    file_id: str
    unique_id: str
    name: str
    mime: str
    size: int
    width: int = 0
    height: int = 0

    @property
    def is_photo(self) -> bool:
        """Whether it was sent as a photo."""
        return self.width > 0


class Blocked(Record, frozen=True, kw_only=True, tag="blocked"):
    """A person blocked the bot, or a group put it out; or let it in again."""

    user_id: int
    blocked: bool


class Counted(Record, frozen=True, kw_only=True, tag="counted"):
    """The next free numbers, so that none is used twice after compaction."""

    update_id: int
    private_message_id: int
    group_message_id: int


AnyRecord = (
    Joined
    | Grouped
    | Posted
    | Changed
    | Removed
    | Queued
    | Confirmed
    | Subscribed
    | Hooked
    | CommandsSet
    | ProfileSet
    | MenuSet
    | Pinned
    | Pressed
    | Answered
    | Kept
    | Blocked
    | Counted
)
