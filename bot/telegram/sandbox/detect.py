"""Entities that Telegram finds by itself in plain text: commands, mentions, links, tags."""

import re
from collections.abc import Iterator, Sequence

from bot.telegram.sandbox.shapes import Entity

_DOMAINS = "com|org|net|io|dev|app|me|info|se|eu|de|uk|xyz|ai|co"
_PATTERNS = (
    ("url", re.compile(r"\b(?:https?|ftp|tg)://[^\s<>\"]*[^\s<>\".,;:!?()\[\]{}']", re.I)),
    ("email", re.compile(r"\b[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}\b", re.I | re.A)),
    (
        "url",
        re.compile(
            rf"(?<![\w@.$#/])(?:[a-z0-9-]+\.)+(?:{_DOMAINS})\b(?:/[^\s<>\"]*[^\s<>\".,;:!?()])?",
            re.I | re.A,
        ),
    ),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>])", re.A),
    ),
    ("mention", re.compile(r"(?<!\w)@[a-zA-Z0-9_]{3,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}(?![\w#])")),
    ("cashtag", re.compile(r"(?<![\w$])\$[A-Z]{1,8}(?![\w$])")),
)


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit of entity offsets and of text limits."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def detected(text: str, taken: Sequence[Entity] = ()) -> list[Entity]:
    """Entities found in `text` where none of `taken` forbids it, by offset."""
    found: list[Entity] = []
    closed = [entity for entity in taken if entity.type in ("code", "pre", "text_link")]
    for kind, start, length in sorted(_matches(text), key=lambda hit: hit[1]):
        entity = Entity(type=kind, offset=start, length=length)
        if not any(_overlap(entity, other) for other in (*found, *closed)):
            found.append(entity)
    return found


def _matches(text: str) -> Iterator[tuple[str, int, int]]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield kind, utf16_length(text[: match.start()]), utf16_length(match.group())


def _overlap(one: Entity, other: Entity) -> bool:
    return one.offset < other.end and other.offset < one.end
