"""Who calls: JSON web tokens (RFC 7519), signed with JWT_SECRET_KEY by HMAC-SHA-256."""

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from secrets import token_hex
from typing import Final

import jwt
from pydantic import SecretStr

from engine.model.actor import Actor, Role
from engine.model.errors import InvalidInput
from engine.ports import Clock

ISSUER: Final = "genesis"
LONGEST: Final = timedelta(days=30)
_ALGORITHM: Final = "HS256"
_NEEDED: Final = ["exp", "iat", "sub", "scope"]
_LONGEST_TEXT: Final = 2_000


class Scope(IntEnum):
    """What a token opens; a wider one opens all that a narrower one does."""

    READ = Role.VIEWER
    TRADE = Role.TRADER
    ADMIN = Role.ADMIN

    @classmethod
    def named(cls, name: str) -> "Scope":
        """The scope of this name. Raises `InvalidInput`."""
        try:
            return cls[name.upper()]
        except KeyError:
            raise InvalidInput("A scope is read, trade or admin.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody with a token: `user_id` is whom it was made for."""

    user_id: str
    scope: Scope

    @property
    def actor(self) -> Actor:
        """The same at the desk."""
        return Actor(
            actor_id=f"api:{self.user_id}", name=f"API {self.user_id}", role=Role(self.scope)
        )


class Tokens:
    """Makes tokens and reads them; `key` never leaves."""

    def __init__(self, key: SecretStr, clock: Clock) -> None:
        self._key = key
        self._clock = clock

    def mint(self, caller: Caller, lifetime: timedelta) -> str:
        """A token that is good for so long. Raises `InvalidInput` for no time or too long a one."""
        if not timedelta() < lifetime <= LONGEST:
            raise InvalidInput("A token is good for 1 to 720 hours.")
        now = self._clock.now()
        claims = {
            "iss": ISSUER,
            "sub": caller.user_id,
            "scope": caller.scope.name.lower(),
            "iat": now,
            "exp": now + lifetime,
            "jti": token_hex(8),
        }
        return jwt.encode(claims, self._key.get_secret_value(), algorithm=_ALGORITHM)

    def read(self, text: str) -> Caller | None:
        """Whom a token was made for; None for one that is not ours, or whose time is over."""
        if len(text) > _LONGEST_TEXT:
            return None
        try:
            # The time is asked of our own clock, below.
            claims = jwt.decode(
                text,
                self._key.get_secret_value(),
                algorithms=[_ALGORITHM],
                issuer=ISSUER,
                options={"require": _NEEDED, "verify_exp": False, "verify_iat": False},
            )
            scope = Scope.named(str(claims["scope"]))
            ends = float(claims["exp"])
        except (jwt.InvalidTokenError, InvalidInput, ValueError, TypeError):
            return None
        if self._clock.now().timestamp() >= ends:
            return None
        return Caller(user_id=str(claims["sub"])[:64], scope=scope)
