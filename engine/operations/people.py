"""Who may act: inviting, changing and taking away rights."""

import hashlib
import secrets
from datetime import timedelta

from engine.floor import Floor
from engine.model.actor import Role
from engine.model.errors import DuplicateCommand
from engine.model.event import Event
from engine.model.people import Invitation, MemberStanding
from engine.model.people_event import (
    MemberFrozen,
    MemberInvited,
    MemberRevoked,
    MemberRoleChanged,
    MemberThawed,
)
from engine.model.people_result import Invited, Members
from engine.model.result import Done, Refused
from engine.model.use_cases import Errand
from engine.operations.refusing import DECIDED_BEFORE, refusal, rule


class PeopleOperations:
    """The list of members; its last admin cannot be lost."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    async def invite(self, errand: Errand, role: Role, lifetime: timedelta) -> Invited | Refused:
        """A one-time code; only its digest is kept."""
        code, now = secrets.token_urlsafe(9), self._floor.clock.now()
        invitation = Invitation(
            digest=hashlib.sha256(code.encode()).hexdigest(),
            role=role,
            invited_by=errand.actor.actor_id,
            expires_at=now + lifetime,
        )
        event = MemberInvited(at=now, actor_id=errand.actor.actor_id, invitation=invitation)
        try:
            await self._floor.record([event], claim=errand.command_id)
        except DuplicateCommand:
            return DECIDED_BEFORE
        return Invited(code=code, role=role, expires_at=invitation.expires_at)

    async def change_role(self, errand: Errand, member_id: str, role: Role) -> Done | Refused:
        """Another role, effective at once."""
        event = MemberRoleChanged(
            at=self._floor.clock.now(),
            actor_id=errand.actor.actor_id,
            member_id=member_id,
            role=role,
        )
        return await self._rule(errand, member_id, event, loses_admin=role is not Role.ADMIN)

    async def freeze(self, errand: Errand, member_id: str) -> Done | Refused:
        """No rights for now, effective at once."""
        event = MemberFrozen(
            at=self._floor.clock.now(), actor_id=errand.actor.actor_id, member_id=member_id
        )
        return await self._rule(errand, member_id, event, loses_admin=True)

    async def thaw(self, errand: Errand, member_id: str) -> Done | Refused:
        """The rights they had, again."""
        event = MemberThawed(
            at=self._floor.clock.now(), actor_id=errand.actor.actor_id, member_id=member_id
        )
        return await self._rule(errand, member_id, event, loses_admin=False)

    async def revoke(self, errand: Errand, member_id: str) -> Done | Refused:
        """Off the list, effective at once."""
        event = MemberRevoked(
            at=self._floor.clock.now(), actor_id=errand.actor.actor_id, member_id=member_id
        )
        return await self._rule(errand, member_id, event, loses_admin=True)

    async def show(self) -> Members:
        """Everybody, the highest first."""
        roster = self._floor.book.roster
        members = sorted(roster.members.values(), key=lambda m: (-m.role, m.actor_id))
        return Members(tuple(members), roster.good_invitations(self._floor.clock.now()))

    async def _rule(
        self, errand: Errand, member_id: str, event: Event, *, loses_admin: bool
    ) -> Done | Refused:
        if member_id not in self._floor.book.roster.members:
            return refusal("no_such_member", "There is no such member. /users lists them.")
        if loses_admin and self._admins() <= {member_id}:
            return refusal("last_admin", "This is the last admin; name another one first.")
        return await rule(self._floor, errand, event)

    def _admins(self) -> set[str]:
        return {
            member.actor_id
            for member in self._floor.book.roster.members.values()
            if member.role is Role.ADMIN and member.standing is MemberStanding.ACTIVE
        }
