"""Whom callers speak for: JSON web tokens (RFC 7519), by HMAC-SHA-256 with JWT_SECRET_KEY."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from secrets import token_hex
from typing import Final

import jwt
from pydantic import SecretStr

from engine.model.actor import Role
from engine.model.errors import InvalidInput
from engine.ports import Clock

ISSUER: Final = "genesis"
LONGEST: Final = timedelta(days=30)
_ALGORITHM: Final = "HS256"
_NEEDED: Final = ["exp", "iat", "jti", "sub", "scope"]
_LONGEST_TEXT: Final = 2_000
_LATEST: Final = 1e11


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
class Token:
    """A key of a member's, `tg:1001`, for no more than `scope`; `token_id` names it (jti)."""

    member_id: str
    scope: Scope
    token_id: str
    made_at: datetime
    ends_at: datetime


class Tokens:
    """Makes tokens and reads them; `key` never leaves."""

    def __init__(self, key: SecretStr, clock: Clock) -> None:
        self._key = key
        self._clock = clock

    def make(self, member_id: str, scope: Scope, lifetime: timedelta) -> Token:
        """What a token will say that is good for so long.

        Raises `InvalidInput` for no time or too long a one.
        """
        if not timedelta() < lifetime <= LONGEST:
            raise InvalidInput("A token is good for 1 to 720 hours.")
        now = self._clock.now()
        return Token(
            member_id=member_id,
            scope=scope,
            token_id=token_hex(8),
            made_at=now,
            ends_at=now + lifetime,
        )

    def written(self, token: Token) -> str:
        """The token as a caller shows it."""
        claims = {
            "iss": ISSUER,
            "sub": token.member_id,
            "scope": token.scope.name.lower(),
            # To the microsecond: one made a moment before all were ended is ended too.
            "iat": token.made_at.timestamp(),
            "exp": token.ends_at.timestamp(),
            "jti": token.token_id,
        }
        return jwt.encode(claims, self._key.get_secret_value(), algorithm=_ALGORITHM)

    def read(self, text: str) -> Token | None:
        """What a token says; None for one that is not ours, or not for now."""
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
            made, ends = _moment(claims["iat"]), _moment(claims["exp"])
        except (jwt.InvalidTokenError, InvalidInput, ValueError, TypeError):
            return None
        if not made <= self._clock.now() < ends:
            return None
        return Token(
            member_id=str(claims["sub"])[:64],
            scope=scope,
            token_id=str(claims["jti"])[:64],
            made_at=made,
            ends_at=ends,
        )


def _moment(claim: object) -> datetime:
    seconds = float(str(claim))
    if not 0 <= seconds < _LATEST:
        raise ValueError(claim)
    return datetime.fromtimestamp(seconds, UTC)
