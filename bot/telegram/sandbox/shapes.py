"""Bot API 10.1 objects the sandbox speaks of; an absent field is absent, never null."""

import msgspec


class Shape(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of all wire objects."""


class User(Shape, frozen=True, kw_only=True):
    """A person or a bot."""

    id: int
    is_bot: bool
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None


class Chat(Shape, frozen=True, kw_only=True):
    """A private chat (id of its person) or a supergroup (negative id)."""

    id: int
    type: str
    title: str | None = None
    username: str | None = None
    first_name: str | None = None
    last_name: str | None = None


class Entity(Shape, frozen=True, kw_only=True):
    """A formatted or clickable stretch of text; offset and length in UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    user: User | None = None
    language: str | None = None
    custom_emoji_id: str | None = None
    unix_time: int | None = None
    date_time_format: str | None = None

    @property
    def end(self) -> int:
        """The offset just after the entity."""
        return self.offset + self.length


class CopyText(Shape, frozen=True, kw_only=True):
    """What a button puts on the clipboard."""

    text: str


class WebApp(Shape, frozen=True, kw_only=True):
    """The page a button opens."""

    url: str


class InlineButton(Shape, frozen=True, kw_only=True):
    """A button under a message."""

    text: str
    icon_custom_emoji_id: str | None = None
    style: str | None = None
    url: str | None = None
    callback_data: str | None = None
    web_app: WebApp | None = None
    switch_inline_query: str | None = None
    switch_inline_query_current_chat: str | None = None
    copy_text: CopyText | None = None


class InlineKeyboard(Shape, frozen=True, kw_only=True):
    """Rows of buttons under a message."""

    inline_keyboard: list[list[InlineButton]]


class ReplyButton(Shape, frozen=True, kw_only=True):
    """A button in place of the phone's keyboard; pressing it writes its text."""

    text: str
    icon_custom_emoji_id: str | None = None
    style: str | None = None
    request_contact: bool | None = None
    request_location: bool | None = None
    web_app: WebApp | None = None


class InputAid(Shape, frozen=True, kw_only=True):
    """A reply keyboard, its removal, or a forced reply: what the writer's input area shows."""

    keyboard: list[list[ReplyButton]] | None = None
    remove_keyboard: bool | None = None
    force_reply: bool | None = None
    is_persistent: bool | None = None
    resize_keyboard: bool | None = None
    one_time_keyboard: bool | None = None
    input_field_placeholder: str | None = None
    selective: bool | None = None


class PhotoSize(Shape, frozen=True, kw_only=True):
    """One size of a photo, in pixels."""

    file_id: str
    file_unique_id: str
    width: int
    height: int
    file_size: int | None = None


class Document(Shape, frozen=True, kw_only=True):
    """A general file."""

    file_id: str
    file_unique_id: str
    thumbnail: PhotoSize | None = None
    file_name: str | None = None
    mime_type: str | None = None
    file_size: int | None = None


class LinkPreview(Shape, frozen=True, kw_only=True):
    """How the first link of a message is shown."""

    is_disabled: bool | None = None
    url: str | None = None
    prefer_small_media: bool | None = None
    prefer_large_media: bool | None = None
    show_above_text: bool | None = None


class Message(Shape, frozen=True, kw_only=True):
    """A message as the Bot API answers it; `date` and `edit_date` are Unix seconds."""

    message_id: int
    message_thread_id: int | None = None
    sender: User | None = msgspec.field(name="from", default=None)
    date: int
    chat: Chat
    is_topic_message: bool | None = None
    reply_to_message: "Message | None" = None
    edit_date: int | None = None
    has_protected_content: bool | None = None
    text: str | None = None
    entities: list[Entity] | None = None
    link_preview_options: LinkPreview | None = None
    photo: list[PhotoSize] | None = None
    document: Document | None = None
    caption: str | None = None
    caption_entities: list[Entity] | None = None
    show_caption_above_media: bool | None = None
    has_media_spoiler: bool | None = None
    pinned_message: "Message | None" = None
    reply_markup: InlineKeyboard | None = None

    @property
    def words(self) -> str:
        """The text or the caption, empty without either."""
        return self.text or self.caption or ""


class CallbackQuery(Shape, frozen=True, kw_only=True):
    """A press of an inline button."""

    id: str
    sender: User = msgspec.field(name="from")
    message: Message | None = None
    chat_instance: str
    data: str | None = None


class ReactionUpdated(Shape, frozen=True, kw_only=True):
    """Somebody changed the reactions to a message."""

    chat: Chat
    message_id: int
    user: User
    date: int
    old_reaction: list[dict[str, str]]
    new_reaction: list[dict[str, str]]


class Update(Shape, frozen=True, kw_only=True):
    """One incoming update; exactly one payload is set."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None
    message_reaction: ReactionUpdated | None = None

    @property
    def kind(self) -> str:
        """The name of the payload's field."""
        kinds = ("message", "edited_message", "callback_query", "message_reaction")
        return next(kind for kind in kinds if getattr(self, kind) is not None)


class BotCommand(Shape, frozen=True, kw_only=True):
    """One line of the command menu."""

    command: str
    description: str
