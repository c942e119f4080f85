"""A route's declaration: its address, who may use it, and what answers."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from secrets import token_hex
from typing import Final, TypeVar

import msgspec
from aiohttp import web

from bot.web.codes import show_code
from bot.web.errors import problem
from bot.web.keys import HEADER
from bot.web.tokens import Scope
from engine.desk import Desk
from engine.model.actor import Actor
from engine.model.errors import InvalidInput, SecondFactorNeeded
from engine.model.ids import CommandId
from engine.model.result import Refused
from engine.model.use_cases import Command

PREFIX: Final = "/api/v2"
_LONGEST_KEY: Final = 128

T = TypeVar("T")
R = TypeVar("R", covariant=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: who asks, of which desk, and with which words.

    `name` is the wish's: the same for the same key of the same caller at the same address.
    """

    actor: Actor
    desk: Desk
    body: bytes
    path: str
    name: str
    query: Mapping[str, str] = field(default_factory=dict)
    code: str = field(default="", repr=False)

    def read(self, kind: type[T]) -> T:
        """The body as this kind; `InvalidInput` says where it is not."""
        try:
            return msgspec.json.decode(self.body or b"{}", type=kind)
        except msgspec.DecodeError as error:
            raise InvalidInput(f"The body does not fit: {error}.") from error

    async def execute(self, command: Command[R], part: str = "") -> R:
        """Have it carried out, each `part` of a request once; a code is shown where it is asked
        for, and not before."""
        wish = CommandId(f"{self.name}:{part}")
        try:
            return await self.desk.execute(self.actor, command, wish)
        except SecondFactorNeeded:
            await show_code(self.desk, self.actor, self.path, CommandId(self.name), self.code)
        return await self.desk.execute(self.actor, command, wish)


Answer = Callable[[Asked], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`path` follows the prefix; what `stops` something waits for no database and no minute."""

    method: str
    path: str
    scope: Scope
    answer: Answer
    stops: bool = False


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
    """The request's idempotency key, if it has one; `InvalidInput` for one that is none."""
    key = request.headers.get(HEADER)
    if key is None:
        return ""
    # who sends a blank one means to have one, and would do it twice
    if not 0 < len(key.strip()) <= _LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise InvalidInput(f"{HEADER} is 1 to {_LONGEST_KEY} printable characters.")
    return key


def name_of(actor: Actor, path: str, key: str) -> str:
    """What a wish is called; without a key each is a new one.

    Of the key a digest: no caller chooses a name that another wish's begins with.
    """
    last = hashlib.sha256(key.encode()).hexdigest()[:32] if key else token_hex(16)
    return f"rest:{actor.actor_id}:{path}:{last}"
