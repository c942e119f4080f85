"""Whether a ruling about people may stand; pure."""

from collections.abc import Set

from engine.model.actor import Role
from engine.model.people import Member, MemberStanding
from engine.model.people_event import MemberFrozen, MemberRevoked, MemberRoleChanged
from engine.model.result import Reason
from engine.people.roster import Roster, Ruling, became

NO_SUCH_MEMBER = Reason("no_such_member", "There is no such member. /users lists them.")
NO_RIGHT = Reason("not_allowed", "You are no admin any more, so nothing is changed.")
LAST_ADMIN = Reason("last_admin", "This is the last admin; name another one first.")
NOBODY_RAISES_THEMSELVES = Reason("own_role", "Nobody raises themselves. Ask another admin.")
REVOKED_ALREADY = Reason(
    "revoked_already", "They are off the list, and have no rights that could be frozen."
)


def admins(roster: Roster) -> Set[str]:
    """Those who can rule about people now."""
    return {
        member.actor_id
        for member in roster.members.values()
        if member.role is Role.ADMIN and member.standing is MemberStanding.ACTIVE
    }


def objection(roster: Roster, ruling: Ruling) -> Reason | None:
    """What speaks against it as things stand; None where nothing does."""
    member = roster.members.get(ruling.member_id)
    if member is None:
        return NO_SUCH_MEMBER
    if ruling.actor_id in roster.members and roster.role_of(ruling.actor_id) is not Role.ADMIN:
        return NO_RIGHT
    if _raises(member, ruling):
        return NOBODY_RAISES_THEMSELVES
    if isinstance(ruling, MemberFrozen) and member.standing is MemberStanding.REVOKED:
        return REVOKED_ALREADY
    if _takes_admin(ruling) and admins(roster) <= {member.actor_id}:
        return LAST_ADMIN
    return None


def is_so(roster: Roster, ruling: Ruling) -> bool:
    """Whether it would change nothing."""
    member = roster.members.get(ruling.member_id)
    return member is not None and became(member, ruling) == member


def _raises(member: Member, ruling: Ruling) -> bool:
    if not isinstance(ruling, MemberRoleChanged) or ruling.actor_id != member.actor_id:
        return False
    return ruling.role > member.role


def _takes_admin(ruling: Ruling) -> bool:
    if isinstance(ruling, MemberRoleChanged):
        return ruling.role is not Role.ADMIN
    return isinstance(ruling, MemberFrozen | MemberRevoked)
