"""Who may act: inviting, changing and taking away rights."""

from collections.abc import Sequence
from datetime import timedelta

from engine.book import Book
from engine.floor import Floor
from engine.model.actor import Role
from engine.model.errors import DuplicateCommand
from engine.model.event import Event
from engine.model.people import Invitation
from engine.model.people_event import (
    InvitationCancelled,
    MemberFrozen,
    MemberInvited,
    MemberRevoked,
    MemberRoleChanged,
    MemberThawed,
    TokensEnded,
)
from engine.model.people_result import Acts, Invited, Members
from engine.model.result import Done, Reason, Refused
from engine.model.use_cases import Errand
from engine.operations.refusing import DECIDED_BEFORE, refusal, rule
from engine.people.codes import digest_of, new_code
from engine.people.rights import NO_SUCH_MEMBER, is_so, objection
from engine.people.roster import Ruling

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=30)
MOST_INVITATIONS = 20
MOST_ACTS = 100
SHOWN_BEFORE = refusal("shown_before", "This code was shown before, and is kept nowhere.")


class PeopleOperations:
    """The list of members; its last admin cannot be lost, and nobody raises themselves."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    async def invite(self, errand: Errand, role: Role, lifetime: timedelta) -> Invited | Refused:
        """A one-time code; only its digest is kept."""
        if not SHORTEST <= lifetime <= LONGEST:
            return refusal("bad_lifetime", "A code is good for 1 minute to 30 days, such as 2h.")
        now = self._floor.clock.now()
        if len(self._floor.book.roster.good_invitations(now)) >= MOST_INVITATIONS:
            most = f"At most {MOST_INVITATIONS} invitations wait at a time."
            return refusal("too_many_invitations", f"{most} Cancel one first: /users")
        code, who = new_code(), errand.actor.actor_id
        invitation = Invitation(
            digest=digest_of(code), role=role, invited_by=who, expires_at=now + lifetime
        )
        event = MemberInvited(at=now, actor_id=who, invitation=invitation)
        try:
            await self._floor.record([event], claim=errand.command_id)
        except DuplicateCommand:
            return SHOWN_BEFORE
        return Invited(code=code, role=role, expires_at=invitation.expires_at)

    async def cancel_invitation(self, errand: Errand, digest: str) -> Done | Refused:
        """Nobody comes in with it any more."""
        now = self._floor.clock.now()
        meant = [
            each.digest
            for each in self._floor.book.roster.good_invitations(now)
            if len(digest) >= 8 and each.digest.startswith(digest)
        ]
        if len(meant) != 1:
            return refusal("no_such_invitation", "This invitation is used, over or cancelled.")
        event = InvitationCancelled(at=now, actor_id=errand.actor.actor_id, digest=meant[0])
        return await rule(self._floor, errand, event)

    async def change_role(self, errand: Errand, member_id: str, role: Role) -> Done | Refused:
        """Another role, effective at once."""
        now, who = self._floor.clock.now(), errand.actor.actor_id
        event = MemberRoleChanged(at=now, actor_id=who, member_id=member_id, role=role)
        return await self._rule(errand, event)

    async def freeze(self, errand: Errand, member_id: str) -> Done | Refused:
        """No rights for now, effective at once."""
        now, who = self._floor.clock.now(), errand.actor.actor_id
        return await self._rule(errand, MemberFrozen(at=now, actor_id=who, member_id=member_id))

    async def thaw(self, errand: Errand, member_id: str) -> Done | Refused:
        """The rights they had, again."""
        now, who = self._floor.clock.now(), errand.actor.actor_id
        return await self._rule(errand, MemberThawed(at=now, actor_id=who, member_id=member_id))

    async def revoke(self, errand: Errand, member_id: str) -> Done | Refused:
        """Off the list, effective at once."""
        now, who = self._floor.clock.now(), errand.actor.actor_id
        return await self._rule(errand, MemberRevoked(at=now, actor_id=who, member_id=member_id))

    async def end_tokens(self, errand: Errand, member_id: str) -> Done | Refused:
        """No API token of theirs that was made until now opens anything."""
        if member_id not in self._floor.book.roster.members:
            return Refused((NO_SUCH_MEMBER,))
        now, who = self._floor.clock.now(), errand.actor.actor_id
        ended = TokensEnded(at=now, actor_id=who, member_id=member_id)
        return await rule(self._floor, errand, ended)

    async def show(self) -> Members:
        """Everybody, the highest first."""
        roster = self._floor.book.roster
        members = sorted(roster.members.values(), key=lambda m: (-m.role, m.actor_id))
        return Members(tuple(members), roster.good_invitations(self._floor.clock.now()))

    async def acts(self, before: int | None, actor_id: str | None, limit: int) -> Acts:
        """What people did and were refused, newest first."""
        most = max(1, min(limit, MOST_ACTS))
        found = await self._floor.journal.acts(before, actor_id, most + 1)
        zone = self._floor.policy.windows.zone
        return Acts(tuple(found[:most]), more=len(found) > most, zone=zone)

    async def _rule(self, errand: Errand, ruling: Ruling) -> Done | Refused:
        """Judged and journalled in one go: of two admins who freeze each other one is first."""
        against: list[Reason] = []

        def decision(book: Book) -> Sequence[Event]:
            no = objection(book.roster, ruling)
            against.extend([no] if no is not None else [])
            return [] if no is not None or is_so(book.roster, ruling) else [ruling]

        try:
            ruled = await self._floor.decide(decision, claim=errand.command_id)
        except DuplicateCommand:
            done = is_so(self._floor.book.roster, ruling)
            return Done(repeated=True) if done else DECIDED_BEFORE
        return Refused(tuple(against)) if against else Done(repeated=not ruled)
