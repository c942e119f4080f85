"""A route's declaration: its address, who may use it, and what answers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from secrets import token_hex
from typing import Final, TypeVar

import msgspec
from aiohttp import web

from bot.web.errors import problem
from bot.web.tokens import Scope
from engine.desk import Desk
from engine.model.actor import Actor
from engine.model.errors import GenesisError, InvalidInput
from engine.model.ids import CommandId
from engine.model.result import Refused

PREFIX: Final = "/api/v2"
IDEMPOTENCY_KEY: Final = "Idempotency-Key"
_LONGEST_KEY: Final = 128

T = TypeVar("T")


class StandingBy(GenesisError):
    """Another service leads; ask that one."""

    code = "deposed"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: who asks, of which desk, and with which words."""

    actor: Actor
    desk: Desk
    body: bytes
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    key: str = ""

    def read(self, kind: type[T]) -> T:
        """The body as this kind; `InvalidInput` says where it is not."""
        try:
            return msgspec.json.decode(self.body or b"{}", type=kind)
        except msgspec.DecodeError as error:
            raise InvalidInput(f"The body does not fit: {error}.") from error

    def command_id(self, part: str = "") -> CommandId:
        """The same key of the same caller at the same address is the same wish; without one each
        request is new."""
        name = self.key or token_hex(12)
        return CommandId(f"rest:{self.actor.actor_id}:{self.path}:{part}:{name}")


Answer = Callable[[Asked], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`path` follows the prefix."""

    method: str
    path: str
    scope: Scope
    answer: Answer


def told(what: object, status: int = HTTPStatus.OK) -> web.Response:
    """An answer; decimals are strings, times RFC 3339."""
    body = msgspec.json.encode(what)
    return web.Response(body=body, status=status, content_type="application/json")


def refused(said: Refused) -> web.Response:
    """No, and every reason why."""
    reasons = [{"code": each.code, "detail": each.sentence} for each in said.reasons]
    detail = " ".join(each.sentence for each in said.reasons)
    return problem(HTTPStatus.CONFLICT, "refused", detail, more={"reasons": reasons})


def key_of(request: web.Request) -> str:
    """The request's idempotency key; `InvalidInput` for one that is none."""
    key = request.headers.get(IDEMPOTENCY_KEY, "")
    if len(key) > _LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise InvalidInput(f"{IDEMPOTENCY_KEY} is at most {_LONGEST_KEY} printable characters.")
    return key
