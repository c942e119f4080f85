"""Members, invitations, and what became of either."""

from collections.abc import Callable

from bot.telegram.render.text import bold, code, esc, lines, when
from engine.model.actor import Role
from engine.model.event import Event
from engine.model.people import Member
from engine.model.people_event import (
    InvitationCancelled,
    MemberFrozen,
    MemberInvited,
    MemberJoined,
    MemberRevoked,
    MemberRoleChanged,
    MemberThawed,
)
from engine.model.result import Refused

NameOf = Callable[[str], str]

MAY = {
    Role.VIEWER: "you look, and change nothing",
    Role.TRADER: "you trade within the limits",
    Role.ADMIN: "you set limits, and say who else may come in",
}


def role_of(role: Role) -> str:
    """`trader`."""
    return role.name.lower()


def stranger(user_id: int) -> str:
    """The one polite line to somebody unknown."""
    return (
        "This is a private trading desk. If you were given a code, send it here. "
        f"Your Telegram id is {code(str(user_id))}: the owner can also let you in by adding it to "
        "TELEGRAM_ADMINS, TELEGRAM_TRADERS or TELEGRAM_VIEWERS."
    )


def answered(answer: Member | Refused) -> str:
    """What a code brought: the first words to a new member, or that it opens nothing."""
    if isinstance(answer, Refused):
        return esc(" ".join(reason.sentence for reason in answer.reasons))
    role = role_of(answer.role)
    return lines(
        [
            f"Welcome, {esc(answer.name)}. You are {bold(role)} here: {MAY[answer.role]}.",
            "/help shows what you can say.",
        ]
    )


def told_to_admins(event: Event, name_of: NameOf) -> str | None:
    """What somebody ruled about somebody, to the other admins."""
    match event:
        case MemberJoined(digest=""):
            return f"{bold(event.name)} is the first admin, by the pairing code."
        case MemberJoined():
            return f"{bold(event.name)} joined as {bold(role_of(event.role))}."
        case MemberInvited(invitation=made):
            who, role = esc(name_of(event.actor_id)), bold(role_of(made.role))
            return f"{who} invited a {role}; the code is good until {when(made.expires_at)}."
        case InvitationCancelled():
            return f"{esc(name_of(event.actor_id))} cancelled an invitation."
        case MemberRoleChanged():
            return f"{_pair(event, name_of)} {bold(role_of(event.role))}."
        case MemberFrozen() | MemberThawed() | MemberRevoked():
            return f"{_pair(event, name_of)}."
        case _:
            return None


def told_to_member(event: Event) -> str | None:
    """What was ruled about somebody, to themselves; who lost all rights hears nothing more."""
    match event:
        case MemberRoleChanged():
            return f"You are {bold(role_of(event.role))} now. /help shows what you can say."
        case MemberThawed():
            return f"{bold('Your rights are back')}. /help shows what you can say."
        case _:
            return None


def _pair(
    event: MemberRoleChanged | MemberFrozen | MemberThawed | MemberRevoked, name_of: NameOf
) -> str:
    who, whom = esc(name_of(event.actor_id)), bold(name_of(event.member_id))
    match event:
        case MemberRoleChanged():
            return f"{who} made {whom}"
        case MemberFrozen():
            return f"{who} froze the rights of {whom}"
        case MemberThawed():
            return f"{who} gave {whom} their rights back"
        case MemberRevoked():
            return f"{who} took {whom} off the list"
