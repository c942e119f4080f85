"""Whom a token speaks for at this moment, and what is written down of those who are turned away."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.web.tokens import Scope, Token
from engine.desk import Desk
from engine.model.actor import Actor, Role
from engine.model.errors import GenesisError, NotAllowed
from engine.people.allowance import Allowance
from engine.ports import Clock
from engine.via import API, coming_by

MOST_NOTED: Final = 20
ANYBODY: Final = Actor(actor_id="api:anybody", name="anybody (API)", role=Role.ADMIN, via=API)
"""Who calls where AUTH_REQUIRED is false."""


class StandingBy(GenesisError):
    """Another service leads; ask that one."""

    code = "deposed"


class TokenRefused(GenesisError):
    """This address needs a token: genesis token --for NAME --scope read --hours 8."""

    code = "unauthorized"


def name_known_to(_actor_id: str) -> str:
    """Nobody's name is known."""
    return ""


@dataclass(frozen=True, slots=True)
class Callers:
    """Looks at the roster for each request anew; `desk` is None while another service leads.

    `name_of` says what a member is called; `open_to_all` where nobody needs a token. The first
    few of a member's refusals an hour are journalled: a token that has leaked fills no disk.
    """

    desk: Callable[[], Desk | None]
    clock: Clock
    name_of: Callable[[str], str] = name_known_to
    open_to_all: bool = False
    _noted: Allowance = field(default_factory=lambda: Allowance(MOST_NOTED, timedelta(hours=1)))

    async def admit(self, token: Token | None, needed: Scope | None, path: str) -> Actor:
        """The member at the desk, with what the token opens now.

        Raises `TokenRefused`, `NotAllowed` or `StandingBy`.
        """
        if self.open_to_all:
            return ANYBODY
        if token is None:
            raise TokenRefused
        desk = self.desk()
        if desk is None:
            raise StandingBy
        least, opened = (
            needed or Scope.ADMIN,
            desk.by_token(token.member_id, Role(token.scope), token.made_at),
        )
        if not isinstance(opened, Role):
            refusal: GenesisError = (
                TokenRefused(opened.sentence)
                if opened.code == TokenRefused.code
                else NotAllowed(opened.sentence)
            )
        elif opened < least:
            refusal = NotAllowed(_too_little(token, opened, Role(least)))
        else:
            return self._actor(token, opened)
        await self._note(desk, token, path, refusal.sentence)
        raise refusal

    def _actor(self, token: Token, role: Role) -> Actor:
        name = self.name_of(token.member_id) or token.member_id.removeprefix("tg:")
        return Actor(actor_id=token.member_id, name=f"{name} (API)", role=role, via=API)

    async def _note(self, desk: Desk, token: Token, path: str, sentence: str) -> None:
        who = token.member_id
        if desk.member(who) is None or not self._noted.use(who, self.clock.now()):
            return
        with coming_by(API):
            await desk.admission.refused(who, path, (f"{sentence} (token {token.token_id})",))


def _too_little(token: Token, opened: Role, least: Role) -> str:
    if token.scope < Scope(least):
        return f"This needs a token of the scope {Scope(least).name.lower()}."
    return f"This needs the role {least.name.lower()}; you are {opened.name.lower()}."
