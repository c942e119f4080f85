"""What somebody may do at this moment: never more than the roster says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from engine.model.actor import Actor, Role
from engine.model.errors import NotAllowed
from engine.model.people import MemberStanding
from engine.model.result import Reason
from engine.people.roster import Roster

STOPPED: Final[Mapping[MemberStanding, str]] = {
    MemberStanding.FROZEN: "Your rights are frozen, so nothing is done. Ask an admin to thaw them.",
    MemberStanding.REVOKED: "You were taken off the list, so nothing is done. Ask an admin.",
}


def authorise(roster: Roster, actor: Actor, least: Role) -> None:
    """Let pass who may; `NotAllowed` says why not. Whom the roster does not know has their word."""
    if (why := why_not(roster, actor, least)) is not None:
        raise NotAllowed(why)


def why_not(roster: Roster, actor: Actor, least: Role) -> str | None:
    """What keeps somebody from it at this moment; None while they may."""
    member = roster.members.get(actor.actor_id)
    if member is not None and member.standing in STOPPED:
        return STOPPED[member.standing]
    role = actor.role if member is None else min(actor.role, member.role)
    if role >= least:
        return None
    return (
        f"This needs the role {least.name.lower()}; you are {role.name.lower()}. "
        "Ask an admin for a higher role."
    )


def by_token(roster: Roster, member_id: str, lent: Role, made_at: datetime) -> Role | Reason:
    """What a token opens now: the lower of what it was made for and what its member may do."""
    member = roster.members.get(member_id)
    if member is None:
        return Reason("unauthorized", "This token is nobody's here. Make one for a member.")
    if member.standing in STOPPED:
        return Reason("not_allowed", STOPPED[member.standing])
    ended = roster.tokens_ended.get(member_id)
    if ended is not None and made_at <= ended:
        return Reason("unauthorized", "This token was ended. Ask an admin for another.")
    return min(lent, member.role)
