"""What became of people and their rights, past tense; no code or secret is ever in one."""

from dataclasses import dataclass
from datetime import datetime

from engine.model.actor import Role
from engine.model.event import Event
from engine.model.ids import CommandId
from engine.model.people import Invitation


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberInvited(Event):
    """An admin made a one-time code."""

    actor_id: str
    invitation: Invitation


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationCancelled(Event):
    """An admin made a code that nobody has shown worth nothing."""

    actor_id: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(Event):
    """Somebody showed a code and is a member now; `actor_id` is theirs.

    `digest` is the invitation's; empty for the pairing code that makes the first admin.
    """

    actor_id: str
    name: str
    role: Role
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRoleChanged(Event):
    """An admin gave a member another role."""

    actor_id: str
    member_id: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFrozen(Event):
    """An admin took all a member's rights away, for now."""

    actor_id: str
    member_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberThawed(Event):
    """An admin gave a frozen member their rights back."""

    actor_id: str
    member_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRevoked(Event):
    """An admin took a member off the list."""

    actor_id: str
    member_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensEnded(Event):
    """No API token of a member that was made until now opens anything any more.

    Freezing and revoking somebody does the same.
    """

    actor_id: str
    member_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorSet(Event):
    """Somebody's authenticator counts from now on; or no longer, where it is `off`."""

    actor_id: str
    member_id: str
    off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorRefused(Event):
    """A code was wrong or used before; `locked` when there were too many."""

    actor_id: str
    locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandCarriedOut(Event):
    """Somebody did something that leaves no other trace of them: what, and with what outcome."""

    actor_id: str
    command: str
    outcome: str = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandHeld(Event):
    """Somebody's wish waits for a second person until `expires_at`.

    `digest` (SHA-256, hex) is of the wish, so that nobody can be shown one and approve another.
    """

    actor_id: str
    name: str
    command: str
    command_id: CommandId
    digest: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandApproved(Event):
    """A second person agreed to somebody's wish, or did not; `name` is theirs."""

    actor_id: str
    owner_id: str
    command: str
    approved: bool = True
    name: str = ""
    owner_name: str = ""
    command_id: CommandId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangerTurnedAway(Event):
    """Somebody unknown tried to come in; told once an hour a person at most."""

    actor_id: str
