"""Parameters of one Bot API call, whichever way they came: query, form, multipart or JSON."""

from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
from aiohttp import web
from aiohttp.web_request import FileField

from bot.telegram.sandbox.errors import ApiError, bad_request

T = TypeVar("T")
_TRUE = frozenset(("true", "yes", "1", "t", "y"))


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the call."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Params:
    """Typed access to the values; a value of the wrong type is refused or taken as absent."""

    values: dict[str, object] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The value as text, empty where absent."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, dict | list):
            return msgspec.json.encode(value).decode()
        return str(value)

    def number(self, name: str, default: int = 0) -> int:
        """The value as an integer; the default where it is absent or no integer."""
        try:
            return int(self.text(name).strip() or default)
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """The value as a boolean, false where absent."""
        return self.text(name).strip().lower() in _TRUE

    def has(self, name: str) -> bool:
        """Whether the caller gave anything under this name."""
        return name in self.uploads or self.text(name) != ""

    def parsed(self, name: str, kind: type[T], what: str) -> T | None:
        """The value as a JSON object of `kind`; `what` names it in the refusal."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            if isinstance(value, str):
                value = msgspec.json.decode(value)
            return msgspec.convert(value, kind, strict=False)
        except msgspec.ValidationError as error:
            raise bad_request(f"can't parse {what}: {error}") from None
        except msgspec.DecodeError:
            raise bad_request(f"can't parse {what} JSON object") from None


async def read_params(request: web.Request) -> Params:
    """All parameters of a request; the body wins over the query string."""
    values: dict[str, object] = dict(request.query)
    if request.method == "GET" or not request.can_read_body:
        return Params(values)
    if request.content_type == "application/json":
        return Params(values | _json_object(await request.read()))
    uploads: dict[str, Upload] = {}
    try:
        fields = await request.post()
    except ValueError:
        raise bad_request("wrong multipart body") from None
    for name, value in fields.items():
        if isinstance(value, FileField):
            uploads[name] = Upload(value.filename, value.content_type, value.file.read())
        elif isinstance(value, str):
            values[name] = value
        else:
            values[name] = bytes(value).decode(errors="replace")
    return Params(values, uploads)


def _json_object(body: bytes) -> dict[str, object]:
    try:
        return msgspec.json.decode(body or b"{}", type=dict[str, object])
    except msgspec.DecodeError:
        raise ApiError(400, "Bad Request: can't parse JSON object") from None
