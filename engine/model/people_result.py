"""What comes back about people."""

from dataclasses import dataclass, field
from datetime import datetime

from engine.model.actor import Role
from engine.model.entry import Entry
from engine.model.people import Invitation, Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """A one-time code, to be shown once and kept nowhere."""

    code: str = field(repr=False)
    role: Role
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Members:
    """Everybody known, by name, and the invitations that are still good."""

    members: tuple[Member, ...]
    invitations: tuple[Invitation, ...] = ()


@dataclass(frozen=True, slots=True)
class Acts:
    """Entries that tell what somebody did or was refused, newest first; `more` are older.

    `zone` is the IANA name of the operators' time.
    """

    entries: tuple[Entry, ...]
    more: bool = False
    zone: str = "UTC"
