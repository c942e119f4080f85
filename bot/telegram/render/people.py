"""Members, invitations, and what became of either."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.telegram.render.text import bold, code, esc, lines
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
    SecondFactorSet,
    TokensEnded,
)
from engine.model.people_result import Invited
from engine.model.result import Refused
from engine.via import CONSOLE

NameOf = Callable[[str], str]

MOST_INVITATIONS = 4
CODE_STAYS = timedelta(minutes=10)

MAY = {
    Role.VIEWER: "you look, and change nothing",
    Role.TRADER: "you trade within the limits",
    Role.ADMIN: "you set limits, and say who else may come in",
}

_MAY_THEY = {
    Role.VIEWER: "looks, and changes nothing",
    Role.TRADER: "trades within the limits",
    Role.ADMIN: "sets limits, and says who else may come in",
}
_STANDINGS = {MemberStanding.FROZEN: "frozen", MemberStanding.REVOKED: "off the list"}


def role_of(role: Role) -> str:
    """`trader`."""
    return role.name.lower()


def a_role(role: Role) -> str:
    """`a trader`, `an admin`."""
    return f"{_article(role)} {role_of(role)}"


def _bold_role(role: Role) -> str:
    return f"{_article(role)} {bold(role_of(role))}"


def _article(role: Role) -> str:
    return "an" if role is Role.ADMIN else "a"


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
    role = _bold_role(answer.role)
    return lines(
        [
            f"Welcome, {esc(answer.name)}. You are {role} here: {MAY[answer.role]}.",
            "/help shows what you can say.",
        ]
    )


def members(
    named: Sequence[tuple[int, str, Member]],
    total: int,
    place: str,
    invitations: Sequence[Invitation],
    name_of: NameOf,
) -> str:
    """Everybody on a page with their numbers, and the invitations that wait."""
    rows = [f"{bold(f'People ({total})')}{place}", ""]
    rows += [f"{number}. {bold(name)} · {_standing(member)}" for number, name, member in named]
    if invitations:
        rows += ["", bold("Invitations")]
        rows += [_invitation(each, name_of) for each in invitations[:MOST_INVITATIONS]]
    if len(invitations) > MOST_INVITATIONS:
        rows.append(f"and {len(invitations) - MOST_INVITATIONS} more")
    return lines(rows)


def member(name: str, seen: Member) -> str:
    """One person: what they may do, and how they came."""
    origin = "By settings" if seen.by_settings else "By invitation"
    return lines(
        [
            f"{bold(name)} · {role_of(seen.role)}{_not_active(seen)}",
            f"{_MAY_THEY[seen.role].capitalize()}." if _active(seen) else "They can do nothing.",
            "",
            f"{origin} · Telegram id {code(seen.actor_id.removeprefix('tg:'))}",
        ]
    )


def mark(invitation: Invitation) -> str:
    """How an invitation is told from another: never by its code."""
    return f"{role_of(invitation.role)} {invitation.digest[:4]}"


def inviting() -> str:
    """Which role?"""
    roles = [f"{bold(role.name.capitalize())} {_MAY_THEY[role]}." for role in MAY]
    return lines(
        [bold("Invite somebody as"), *roles, "", "The code is good for 24 hours and once."]
    )


def invited(made: Invited) -> str:
    """The code, this once."""
    minutes = int(CODE_STAYS.total_seconds() // 60)
    return lines(
        [
            f"{bold('Invitation')} for {a_role(made.role)}. Send them this line:",
            "",
            code(f"/start {made.code}"),
            "",
            "They say it to me in a private chat. It works once, until "
            f"{_minute(made.expires_at)}, and is shown here only: this message goes away in "
            f"{minutes} minutes.",
        ]
    )


def changing(name: str, seen: Member, role: Role) -> str:
    """A card."""
    before, after = role_of(seen.role), role_of(role)
    return lines(
        [
            f"Make {_identified(name, seen)} {bold(after)}?",
            f"Now {before}: {_MAY_THEY[seen.role]}.",
            f"Then {after}: {_MAY_THEY[role]}.",
            "Effective at once, also for cards that are open.",
        ]
    )


def freezing(name: str, seen: Member) -> str:
    """A card."""
    return lines(
        [
            f"Freeze the rights of {_identified(name, seen)}?",
            "They can do nothing and hear nothing until an admin gives their rights back. "
            "Their open orders stay as they are.",
        ]
    )


def frozen(name: str) -> str:
    """Done without a card."""
    return lines(
        [
            f"{bold('Frozen')}: {esc(name)} can do nothing and hears nothing from now on.",
            "Their open orders stay as they are. /users gives rights back.",
        ]
    )


def thawing(name: str, seen: Member) -> str:
    """A card."""
    return lines([f"Give {_identified(name, seen)} their rights back?", f"{_may(seen)}, at once."])


def revoking(name: str, seen: Member) -> str:
    """A card."""
    return lines(
        [
            f"Take {_identified(name, seen)} off the list?",
            "They can do nothing and hear nothing, and no code lets them in again; only an admin "
            "here can. Their open orders stay as they are.",
        ]
    )


def ending_tokens(name: str, seen: Member) -> str:
    """A card."""
    return lines(
        [
            f"End the API tokens of {_identified(name, seen)}?",
            "Every token that was made for them until now opens nothing any more, at once. "
            "genesis token makes new ones on the server's console.",
        ]
    )


def _identified(name: str, seen: Member) -> str:
    """The name with the id: people choose their names, and two may choose one."""
    number = seen.actor_id.removeprefix("tg:")
    return bold(name) if name == number else f"{bold(name)} ({code(number)})"


def _standing(seen: Member) -> str:
    number = code(seen.actor_id.removeprefix("tg:"))
    origin = " by settings" if seen.by_settings else ""
    return f"{role_of(seen.role)}{origin}{_not_active(seen)} · {number}"


def _not_active(seen: Member) -> str:
    return "" if _active(seen) else f" · {bold(_STANDINGS[seen.standing])}"


def _minute(at: datetime) -> str:
    return f"{at:%d %b %H:%M} UTC"


def _may(seen: Member) -> str:
    return f"As {role_of(seen.role)}: {_MAY_THEY[seen.role]}"


def _active(seen: Member) -> bool:
    return seen.standing is MemberStanding.ACTIVE


def _invitation(each: Invitation, name_of: NameOf) -> str:
    who = esc(name_of(each.invited_by))
    return f"{esc(mark(each))} · by {who}\nuntil {_minute(each.expires_at)}"


def told_to_admins(event: Event, name_of: NameOf) -> str | None:
    """What somebody ruled about somebody, to the other admins."""
    match event:
        case MemberJoined(digest=""):
            return f"{bold(event.name)} is the first admin, by the pairing code."
        case MemberJoined():
            return f"{bold(event.name)} joined as {bold(role_of(event.role))}."
        case MemberInvited(invitation=made):
            who, role = _doer(event, event.actor_id, name_of), a_role(made.role)
            return f"{who} invited {role}; the code is good until {_minute(made.expires_at)}."
        case InvitationCancelled():
            return f"{_doer(event, event.actor_id, name_of)} cancelled an invitation."
        case MemberRoleChanged():
            return f"{_pair(event, name_of)} {bold(role_of(event.role))}."
        case MemberFrozen() | MemberThawed() | MemberRevoked():
            return f"{_pair(event, name_of)}."
        case TokensEnded():
            who = _doer(event, event.actor_id, name_of)
            return f"{who} ended the API tokens of {bold(name_of(event.member_id))}."
        case _:
            return None


def told_to_member(event: Event) -> str | None:
    """What was ruled about somebody, to themselves; who lost all rights hears nothing more."""
    match event:
        case MemberRoleChanged():
            return f"You are {_bold_role(event.role)} now. /help shows what you can say."
        case MemberThawed():
            return f"{bold('Your rights are back')}. /help shows what you can say."
        case TokensEnded():
            return f"{bold('Your API tokens were ended')}: none made until now opens anything."
        case SecondFactorSet(off=True) if event.actor_id != event.member_id:
            return (
                f"{bold('Your authenticator was taken off')}. If that is news to you, tell an "
                "admin at once. /2fa sets up another."
            )
        case _:
            return None


def _doer(event: Event, actor_id: str, name_of: NameOf) -> str:
    return "Somebody at the server's console" if event.via == CONSOLE else esc(name_of(actor_id))


def _pair(
    event: MemberRoleChanged | MemberFrozen | MemberThawed | MemberRevoked, name_of: NameOf
) -> str:
    who, whom = _doer(event, event.actor_id, name_of), bold(name_of(event.member_id))
    match event:
        case MemberRoleChanged():
            return f"{who} made {whom}"
        case MemberFrozen():
            return f"{who} froze the rights of {whom}"
        case MemberThawed():
            return f"{who} gave {whom} their rights back"
        case MemberRevoked():
            return f"{who} took {whom} off the list"
