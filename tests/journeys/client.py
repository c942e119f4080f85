"""Somebody with a token at the side app."""

from dataclasses import dataclass, replace
from datetime import timedelta

from pydantic import SecretStr

from bot.web.tokens import Scope, Tokens
from engine.ports import Clock
from tests.journeys.people import Person
from tests.stage import OLIVIA, Json, Stage

KEY = "5f" * 32


def token(
    clock: Clock,
    person: int = OLIVIA,
    scope: Scope = Scope.ADMIN,
    *,
    key: str = KEY,
    lifetime: timedelta = timedelta(hours=12),
) -> str:
    """A token as `genesis token` prints it."""
    tokens = Tokens(SecretStr(key), clock)
    return tokens.written(tokens.make(f"tg:{person}", scope, lifetime))


@dataclass(frozen=True)
class Client:
    """A program that speaks for somebody."""

    stage: Stage
    url: str
    token: str

    async def asks(
        self, path: str, body: object = None, token: str | None = None, **headers: str
    ) -> tuple[int, Json]:
        """A GET without a body, a POST with one."""
        shown = self.token if token is None else token
        named = {"Authorization": f"Bearer {shown}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        method = "GET" if body is None else "POST"
        address = f"{self.url}/api/v2{path}"
        async with self.stage.http.request(method, address, json=body, headers=named) as answer:
            told: Json = await answer.json(content_type=None)
            return answer.status, told

    async def done(self, path: str, body: object = None, **headers: str) -> Json:
        """The answer, which is a yes."""
        status, told = await self.asks(path, body, **headers)
        assert status == 200, told
        return told

    async def fails(
        self, status: int, code: str, path: str, body: object = None, **headers: str
    ) -> str:
        """Why not, in words; the answer is this no."""
        found, told = await self.asks(path, body, **headers)
        assert (found, told["code"]) == (status, code), told
        return str(told["detail"])

    def of(self, person: Person, scope: Scope = Scope.ADMIN) -> "Client":
        """The same for somebody else, with a token made now."""
        return replace(self, token=token(self.stage.clock, person.id, scope))
