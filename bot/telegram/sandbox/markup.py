"""HTML parse mode, as strict as the real one; offsets in errors are bytes of the UTF-8 source."""

from dataclasses import dataclass

from msgspec.structs import replace

from bot.telegram.sandbox.shapes import Entity

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_SPACE = frozenset(b" \t\r\n\v\f")
_TOKEN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")
_END = 0


class MarkupError(ValueError):
    """The text is not in the parse mode's language; the message is the real server's."""


@dataclass(slots=True)
class _Open:
    name: str
    attributes: dict[str, str]
    offset: int
    start: int


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Plain text and its entities; raises `MarkupError`."""
    reader = _Reader(source)
    reader.run()
    try:
        text = reader.out.decode()
    except UnicodeDecodeError:
        raise MarkupError(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        ) from None
    return text, sorted(reader.entities, key=lambda entity: (entity.offset, -entity.length))


class _Reader:
    def __init__(self, source: str) -> None:
        self.data = source.replace("\0", "").encode() + b"\0"
        self.at = 0
        self.out = bytearray()
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    @property
    def byte(self) -> int:
        return self.data[self.at]

    def run(self) -> None:
        while (byte := self.byte) != _END:
            if byte == ord("<"):
                self._tag()
            elif byte == ord("&") and (character := self._reference()):
                self._emit(character)
            else:
                self._emit_byte(byte)
        if self.open:
            name = self.open[-1].name
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{name}"')

    def _emit(self, character: str) -> None:
        self.out += character.encode("utf-8", "surrogatepass")
        self.offset += 2 if ord(character) > 0xFFFF else 1

    def _emit_byte(self, byte: int) -> None:
        self.out.append(byte)
        self.at += 1
        if byte & 0xC0 != 0x80:
            self.offset += 2 if byte >= 0xF0 else 1

    def _skip_space(self) -> None:
        while self.byte in _SPACE:
            self.at += 1

    def _take_until(self, stops: bytes) -> str:
        start = self.at
        while self.byte not in _SPACE and self.byte not in stops and self.byte != _END:
            self.at += 1
        return self.data[start : self.at].decode()

    def _reference(self) -> str:
        """The character of `&...;` with the position moved past it, or nothing."""
        end = self.at + 1
        if self.data[end] == ord("#"):
            base = 16 if self.data[end + 1] in b"xX" else 10
            start = end = end + (2 if base == 16 else 1)
            digits = b"0123456789abcdefABCDEF"[: 22 if base == 16 else 10]
            while self.data[end] in digits:
                end += 1
            code = int(self.data[start:end] or b"0", base)
            character = chr(code) if 0 < code < 0x10FFFF and end - self.at < 10 else ""
        else:
            while self.data[end : end + 1].isalpha():
                end += 1
            character = _NAMED.get(self.data[self.at + 1 : end], "")
        if character:
            self.at = end + (self.data[end] == ord(";"))
        return character

    def _tag(self) -> None:
        begin = self.at
        self.at += 1
        if self.byte == ord("/"):
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _start_tag(self, begin: int) -> None:
        name = self._take_until(b">").lower()
        if self.byte == _END:
            raise MarkupError(f"Unclosed start tag at byte offset {begin}")
        if name not in _KINDS:
            raise MarkupError(f'Unsupported start tag "{name}" at byte offset {begin}')
        attributes: dict[str, str] = {}
        self._skip_space()
        while self.byte != ord(">"):
            key, value = self._attribute(name, begin)
            attributes[key] = value
            self._skip_space()
        self.at += 1
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.open.append(_Open(name, attributes, self.offset, len(self.out)))

    def _attribute(self, name: str, begin: int) -> tuple[str, str]:
        key = self._take_until(b"=>").lower()
        if not key and self.byte != _END:
            raise MarkupError(f'Empty attribute name in the tag "{name}" at byte offset {begin}')
        self._skip_space()
        if self.byte != ord("="):
            if self.byte == _END:
                raise MarkupError(f'Unclosed start tag "{name}" at byte offset {begin}')
            if name == "blockquote" and key == "expandable":
                return key, "1"
            raise MarkupError(
                "Expected equal sign in declaration of an attribute of the tag "
                f'"{name}" at byte offset {begin}'
            )
        self.at += 1
        self._skip_space()
        if self.byte == _END:
            raise MarkupError(f'Unclosed start tag "{name}" at byte offset {begin}')
        value = self._quoted() if self.byte in b"'\"" else self._token()
        if self.byte == _END:
            raise MarkupError(f"Unclosed start tag at byte offset {begin}")
        return key, value

    def _token(self) -> str:
        start = self.at
        while self.byte in _TOKEN:
            self.at += 1
        if self.byte not in _SPACE and self.byte != ord(">"):
            raise MarkupError(f"Unexpected end of name token at byte offset {start}")
        return self.data[start : self.at].decode().lower()

    def _quoted(self) -> str:
        quote = self.byte
        self.at += 1
        value = bytearray()
        while self.byte not in (quote, _END):
            if self.byte == ord("&") and (character := self._reference()):
                value += character.encode("utf-8", "surrogatepass")
            else:
                value.append(self.byte)
                self.at += 1
        if self.byte == quote:
            self.at += 1
        return value.decode(errors="replace")

    def _end_tag(self, begin: int) -> None:
        if not self.open:
            raise MarkupError(f"Unexpected end tag at byte offset {begin}")
        self.at += 1
        name = self._take_until(b">").lower()
        self._skip_space()
        if self.byte != ord(">"):
            raise MarkupError(f"Unclosed end tag at byte offset {begin}")
        self.at += 1
        opened = self.open.pop()
        if name and name != opened.name:
            raise MarkupError(
                f"Unmatched end tag at byte offset {begin}, "
                f'expected "</{opened.name}>", found "</{name}>"'
            )
        if self.offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        kind, length = _KINDS[opened.name], self.offset - opened.offset
        entity = Entity(type=kind, offset=opened.offset, length=length)
        if kind in ("pre", "code"):
            self.entities.append(self._code(entity, opened))
        elif kind == "text_link":
            written = bytes(self.out[opened.start :]).decode(errors="replace")
            if url := checked_url(opened.attributes.get("href") or written):
                self.entities.append(replace(entity, url=url))
        elif kind == "custom_emoji":
            emoji_id = opened.attributes.get("emoji-id", "")
            if not emoji_id.isdecimal():
                raise MarkupError("Invalid custom emoji identifier specified")
            self.entities.append(replace(entity, custom_emoji_id=emoji_id))
        elif kind == "date_time":
            self.entities.append(_moment(entity, opened.attributes))
        elif kind == "blockquote" and "expandable" in opened.attributes:
            self.entities.append(replace(entity, type="expandable_blockquote"))
        else:
            self.entities.append(entity)

    def _code(self, entity: Entity, opened: _Open) -> Entity:
        """`<pre><code class="language-x">` is one entity with a language."""
        inner = self.entities[-1] if self.entities else None
        if inner and inner.type == "code" and entity.type == "pre":
            if (inner.offset, inner.length) == (entity.offset, entity.length):
                return replace(self.entities.pop(), type="pre")
            return entity
        language = opened.attributes.get("class", "").removeprefix("language-")
        inside_pre = any(outer.name == "pre" for outer in self.open)
        return replace(entity, language=(language or None) if inside_pre else None)


def _moment(entity: Entity, attributes: dict[str, str]) -> Entity:
    unix = attributes.get("unix", "")
    if not unix.isdecimal():
        raise MarkupError("Invalid date-time specified")
    form = attributes.get("format") or None
    return replace(entity, unix_time=int(unix), date_time_format=form)


def checked_url(url: str) -> str:
    """The link in a usable form, or nothing where it is not a link; text stays plain then."""
    scheme, colon, rest = url.strip().partition("://")
    if colon:
        return url.strip() if scheme.lower() in ("http", "https", "tg", "ton") and rest else ""
    if " " in scheme or "." not in scheme.strip("."):
        return ""
    return f"http://{scheme}/" if "/" not in scheme else f"http://{scheme}"
