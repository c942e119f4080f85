"""Everybody with rights: a fold of events over those whom the settings admit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.model.actor import Role
from engine.model.event import Event
from engine.model.people import Invitation, Member, MemberStanding
from engine.model.people_event import (
    InvitationCancelled,
    MemberFrozen,
    MemberInvited,
    MemberJoined,
    MemberRevoked,
    MemberRoleChanged,
    MemberThawed,
    TokensEnded,
)

Ruling = MemberRoleChanged | MemberFrozen | MemberThawed | MemberRevoked

_STANDINGS: Mapping[type[Ruling], MemberStanding] = {
    MemberFrozen: MemberStanding.FROZEN,
    MemberThawed: MemberStanding.ACTIVE,
    MemberRevoked: MemberStanding.REVOKED,
}


@dataclass(slots=True)
class Roster:
    """Members by actor id; `founders` are those of the settings, over whom people's words go.

    A member's API token counts if it was made after `tokens_ended`.
    """

    founders: Mapping[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(init=False)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    tokens_ended: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.members = {
            actor_id: Member(actor_id=actor_id, name="", role=role, by_settings=True)
            for actor_id, role in self.founders.items()
        }

    @classmethod
    def of(cls, founders: Mapping[str, Role], rulings: Iterable[Event]) -> "Roster":
        """The roster as the journal's rulings left it, over what the settings say."""
        roster = cls(founders)
        for ruling in rulings:
            roster.apply(ruling)
        return roster

    def role_of(self, actor_id: str) -> Role | None:
        """What a member may do now; None for strangers, and for who is frozen or revoked."""
        member = self.members.get(actor_id)
        active = member is not None and member.standing is MemberStanding.ACTIVE
        return member.role if member is not None and active else None

    def good_invitations(self, now: datetime) -> tuple[Invitation, ...]:
        """Codes that nobody has shown yet, whose time is not over, and whose maker may invite."""
        return tuple(
            each
            for each in self.invitations.values()
            if each.expires_at > now
            and (each.invited_by not in self.members or self.role_of(each.invited_by) is Role.ADMIN)
        )

    def apply(self, event: Event) -> None:
        """Become what the event says."""
        match event:
            case MemberInvited():
                self.invitations[event.invitation.digest] = event.invitation
            case InvitationCancelled():
                self.invitations.pop(event.digest, None)
            case MemberJoined():
                self.invitations.pop(event.digest, None)
                self.members[event.actor_id] = Member(
                    actor_id=event.actor_id, name=event.name, role=event.role
                )
            case TokensEnded():
                self._end_tokens(event.member_id, event.at)
            case MemberRoleChanged() | MemberFrozen() | MemberThawed() | MemberRevoked():
                member = self.members.get(event.member_id)
                if member is not None:
                    self.members[event.member_id] = became(member, event)
                if isinstance(event, MemberFrozen | MemberRevoked):
                    self._end_tokens(event.member_id, event.at)
            case _:
                pass

    def _end_tokens(self, member_id: str, at: datetime) -> None:
        """A clock that stepped back lets nothing in again."""
        self.tokens_ended[member_id] = max(at, self.tokens_ended.get(member_id, at))


def became(member: Member, ruling: Ruling) -> Member:
    """The member after a ruling about them."""
    if isinstance(ruling, MemberRoleChanged):
        return replace(member, role=ruling.role)
    return replace(member, standing=_STANDINGS[type(ruling)])
