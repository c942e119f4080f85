"""The words of a message: parse mode or entities in, trimmed text and entities out."""

from dataclasses import dataclass

from msgspec.structs import replace

from bot.telegram.sandbox.detect import detected, utf16_length
from bot.telegram.sandbox.errors import bad_request
from bot.telegram.sandbox.markup import MarkupError, parse_html
from bot.telegram.sandbox.shapes import Entity

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
_ENTITY_LIMIT = 100
_BLOCKS = ("blockquote", "expandable_blockquote")
_CODE = ("code", "pre")
_STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")
_RICH = ("text_link", "text_mention", "custom_emoji", "date_time")
_GIVEN = frozenset((*_BLOCKS, *_CODE, *_STYLES, *_RICH))
_FOUND = frozenset(("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"))


@dataclass(frozen=True, slots=True)
class Wording:
    """Text with its entities, offsets in UTF-16 code units."""

    text: str
    entities: list[Entity]

    @property
    def length(self) -> int:
        """Length in UTF-16 code units."""
        return utf16_length(self.text)

    @property
    def listed(self) -> list[Entity] | None:
        """The entities, or nothing where there are none: an absent field on the wire."""
        return self.entities or None


def worded(text: str, parse_mode: str, entities: list[Entity]) -> Wording:
    """What the real server would store of a text the bot sends; raises `ApiError`."""
    mode = parse_mode.lower()
    if mode == "html":
        try:
            text, entities = parse_html(text)
        except MarkupError as error:
            raise bad_request(f"can't parse entities: {error}") from None
    elif mode in ("markdown", "markdownv2"):
        raise bad_request(f"the local Telegram does not read {parse_mode}; use HTML")
    elif mode not in ("", "none"):
        raise bad_request("unsupported parse_mode")
    elif entities:
        text, entities = text.replace("\0", ""), _checked(text, entities)
    return _tidied(text.replace("\r", ""), entities)


def _checked(text: str, entities: list[Entity]) -> list[Entity]:
    length = utf16_length(text)
    for entity in entities:
        if entity.type not in _GIVEN | _FOUND:
            raise bad_request(f'can\'t parse entities: unsupported entity type "{entity.type}"')
        if entity.offset < 0 or entity.length < 0 or entity.offset > length:
            raise bad_request(f"entity begins in the wrong place, at UTF-16 offset {entity.offset}")
        if entity.end > length:
            raise bad_request(
                f"entity beginning at UTF-16 offset {entity.offset} ends after the end of "
                f"the text at UTF-16 offset {entity.end}"
            )
    given = [entity for entity in entities if entity.type in _GIVEN]
    return sorted(given, key=lambda entity: (entity.offset, -entity.length))


def _tidied(text: str, entities: list[Entity]) -> Wording:
    stripped = text.strip(" \t\n\v\f")
    lead = utf16_length(text[: len(text) - len(text.lstrip(" \t\n\v\f"))])
    length = utf16_length(stripped)
    kept: list[Entity] = []
    for entity in entities:
        start, end = max(entity.offset - lead, 0), min(entity.end - lead, length)
        moved = replace(entity, offset=start, length=end - start)
        if end > start and not _inside_code(moved, entities, lead):
            kept.append(moved)
    kept = (kept + detected(stripped, kept))[:_ENTITY_LIMIT]
    return Wording(stripped, sorted(kept, key=lambda entity: (entity.offset, -entity.length)))


def _inside_code(entity: Entity, entities: list[Entity], lead: int) -> bool:
    """Code holds no other formatting; what lies in it is dropped, as the real server does."""
    return entity.type not in (*_CODE, *_BLOCKS) and any(
        entity.offset >= other.offset - lead and entity.end <= other.end - lead
        for other in entities
        if other.type in _CODE
    )


def text_of(wording: Wording) -> Wording:
    """The wording as a message's text, refused where it is empty or too long."""
    if not wording.text:
        raise bad_request("message text is empty")
    if wording.length > TEXT_LIMIT:
        raise bad_request("message is too long")
    return wording


def caption_of(wording: Wording) -> Wording:
    """The wording as a caption, refused where it is too long."""
    if wording.length > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return wording
