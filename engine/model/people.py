"""Who may act, and what an invitation is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.model.actor import Role


class MemberStanding(StrEnum):
    """Whether a member may act."""

    ACTIVE = "active"
    FROZEN = "frozen"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person with a role; `by_settings` where the environment admits them."""

    actor_id: str
    name: str
    role: Role
    standing: MemberStanding = MemberStanding.ACTIVE
    by_settings: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A one-time code for a role, known only by its `digest` (SHA-256, hex)."""

    digest: str
    role: Role
    invited_by: str
    expires_at: datetime
