"""Secrets that came into a log line, made unreadable."""

import re
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from urllib.parse import quote

MASK = "***"
DEEPEST = 12
SHORTEST = 4

_TOKEN = re.compile(r"\d+:[\w-]{30,}")
_CREDENTIALS = re.compile(r"(?i)\b(bearer(?=\s+[\w.~+/=:-]{4,})|basic(?=\s+[a-z0-9+/=]{8,}))\s+\S+")
_HEADER = re.compile(
    r"""
    ((?:authorization|x-telegram-bot-api-secret-token|bfx-signature|apikey|authsig)
     \\*["']?\s*[:=,]\s*)
    (?:b?\\*"[^"]*"|b?\\*'[^']*'|[^\s,;}\])]+(?:\s+\*{3})?)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_HIDDEN_NAMES = re.compile(
    r"(?i)authorization|signature|apikey|api_key|api-key|secret|password|token|cookie"
)
_USERINFO = re.compile(r"(\w+://[^\s/:@]*:)[^\s/@]+@")


class Redactor:
    """Masks known secrets, and whatever has a secret's shape or name, anywhere in a structure."""

    def __init__(self, secrets: Collection[str]) -> None:
        planted = {text for secret in secrets for text in _spellings(secret)}
        # The longest first: one secret may be a part of another.
        words = sorted(planted, key=lambda word: (-len(word), word))
        self._planted = re.compile("|".join(map(re.escape, words))) if words else None

    def text(self, text: str) -> str:
        """The text with nothing secret left in it."""
        if self._planted is not None:
            text = self._planted.sub(MASK, text)
        text = _TOKEN.sub(MASK, text)
        text = _USERINFO.sub(rf"\1{MASK}@", text)
        text = _CREDENTIALS.sub(rf"\1 {MASK}", text)
        return _HEADER.sub(rf"\1{MASK}", text)

    def value(self, value: object, depth: int = 0) -> object:
        """The same structure, its texts and keys redacted; what is unknown becomes its repr."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return value if self.text(str(value)) == str(value) else MASK
        if isinstance(value, str):
            return self.text(value)
        if depth >= DEEPEST:
            return "..."
        if isinstance(value, Mapping):
            return {
                self.text(str(key)): self._named(str(key), item, depth)
                for key, item in value.items()
            }
        if isinstance(value, list | tuple | set | frozenset):
            return [self.value(item, depth + 1) for item in value]
        if is_dataclass(value) and not isinstance(value, type):
            shown = {each.name: getattr(value, each.name) for each in fields(value) if each.repr}
            return self.value(shown, depth + 1)
        return self.text(_spoken(value))

    def _named(self, name: str, item: object, depth: int) -> object:
        if _HIDDEN_NAMES.search(name) and item is not None and not isinstance(item, bool):
            return MASK
        return self.value(item, depth + 1)


def _spoken(value: object) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode(errors="replace")
    try:
        return repr(value)
    except Exception as error:
        return f"<{type(value).__name__} without a repr: {type(error).__name__}>"


def _spellings(secret: str) -> set[str]:
    """How a secret may appear: as it is, in a URL, in a repr."""
    if len(secret) < SHORTEST:
        return set()
    written = repr(secret)[1:-1]
    return {secret, quote(secret, safe=""), quote(secret), written, repr(written)[1:-1]}
