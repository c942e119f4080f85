"""Who may act: looking at people, inviting them, and ruling about their rights."""

from collections.abc import Sequence

from bot.telegram import parse
from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.names import called, meant
from bot.telegram.pages import page_of, turning
from bot.telegram.parse import UsersVerb, UsersWish
from bot.telegram.presses import panel, said
from bot.telegram.render import people as render
from bot.telegram.render.orders import refusal
from bot.telegram.screen import Button, Look, Screen
from engine.model.actor import Role
from engine.model.errors import NotAllowed
from engine.model.people import Invitation, Member, MemberStanding
from engine.model.people_command import (
    CancelInvitation,
    ChangeRole,
    EndTokens,
    FreezeMember,
    InviteMember,
    RevokeMember,
    ThawMember,
)
from engine.model.people_query import ShowMembers
from engine.model.result import Done, Refused

ON_A_PAGE = 6
MARK = 12
ROLES = (Role.VIEWER, Role.TRADER, Role.ADMIN)


async def users(asked: Asked, room: Room) -> Screen:
    """Whatever can be done about people."""
    wish = parse.users(asked.words, room.clock.now())
    match wish.verb:
        case UsersVerb.LIST:
            return await _list(asked, room)
        case UsersVerb.INVITE:
            return await _invite(asked, room, wish)
        case UsersVerb.CANCEL:
            done = await room.desk.execute(
                asked.actor, CancelInvitation(wish.who), asked.command_id
            )
            return _told(done, "The invitation is cancelled: its code opens nothing any more.")
    seen = await room.desk.ask(asked.actor, ShowMembers())
    member = meant(wish.who, seen.members, room.names)
    if wish.verb is UsersVerb.FREEZE:
        done = await room.desk.execute(asked.actor, FreezeMember(member.actor_id), asked.command_id)
        return _told(done, render.frozen(called(member, room.names)))
    return await _about(asked, room, member, wish)


async def _list(asked: Asked, room: Room) -> Screen:
    seen = await room.desk.ask(asked.actor, ShowMembers())
    page = page_of(seen.members, asked.page, ON_A_PAGE)
    numbered = list(enumerate(page.items, page.number * ON_A_PAGE + 1))
    named = [(number, called(member, room.names), member) for number, member in numbered]
    buttons = [Button(f"{n}  {name[:24]}", panel("users", _show(m))) for n, name, m in named]
    invite = Button("Invite somebody", panel("users", "invite"))
    rows = (
        *_pairs(buttons),
        *_withdrawals(seen.invitations),
        (invite, Button("Refresh", panel("users"))),
    )
    text = render.members(named, page.total, page.place, seen.invitations, room.names.of)
    return Screen(text, rows=rows + turning(page, "users", refresh=False))


async def _invite(asked: Asked, room: Room, wish: UsersWish) -> Screen:
    if wish.role is None:
        roles = [Button(r.name.capitalize(), said("users", f"invite {r.name}")) for r in ROLES]
        return Screen(render.inviting(), rows=(tuple(roles), (_back(),)))
    if not asked.private:
        raise NotAllowed("A code is shown in the private chat with me only. Write to me there.")
    made = await room.desk.execute(
        asked.actor, InviteMember(wish.role, wish.lifetime), asked.command_id
    )
    if isinstance(made, Refused):
        return Screen(refusal(made, "Nobody is invited"))
    gone_at = min(made.expires_at, room.clock.now() + render.CODE_STAYS)
    return Screen(render.invited(made), gone_at=gone_at)


async def _about(asked: Asked, room: Room, member: Member, wish: UsersWish) -> Screen:
    name = called(member, room.names)
    match wish:
        case UsersWish(verb=UsersVerb.ROLE, role=Role() as role):
            change = ChangeRole(member.actor_id, role)
            look = Button(f"Make {role.name.lower()}", "", Look.GOOD)
            return await room.cards.lay(
                asked.actor, asked.chat_id, change, render.changing(name, member, role), look
            )
        case UsersWish(verb=UsersVerb.FREEZING):
            freeze = Button("Freeze", "", Look.DANGER)
            wished = FreezeMember(member.actor_id)
            return await room.cards.lay(
                asked.actor, asked.chat_id, wished, render.freezing(name, member), freeze
            )
        case UsersWish(verb=UsersVerb.THAW):
            thaw = Button("Give rights back", "", Look.GOOD)
            return await room.cards.lay(
                asked.actor,
                asked.chat_id,
                ThawMember(member.actor_id),
                render.thawing(name, member),
                thaw,
            )
        case UsersWish(verb=UsersVerb.REVOKE):
            revoke = Button("Revoke", "", Look.DANGER)
            gone = RevokeMember(member.actor_id)
            return await room.cards.lay(
                asked.actor, asked.chat_id, gone, render.revoking(name, member), revoke
            )
        case UsersWish(verb=UsersVerb.TOKENS):
            end = Button("End API tokens", "", Look.DANGER)
            ended = EndTokens(member.actor_id)
            return await room.cards.lay(
                asked.actor, asked.chat_id, ended, render.ending_tokens(name, member), end
            )
        case _:
            return Screen(render.member(name, member), rows=_ways(member))


def _ways(member: Member) -> tuple[tuple[Button, ...], ...]:
    """Buttons that only ask: each shows a card."""
    who = _who(member)
    audit = Button("What they did", said("audit", who))
    if member.standing is not MemberStanding.ACTIVE:
        back = Button("Give rights back", said("users", f"thaw {who}"))
        revoke = Button("Revoke", said("users", f"revoke {who}"))
        revoked = member.standing is MemberStanding.REVOKED
        return ((back,) if revoked else (back, revoke), (audit, _back()))
    roles = [
        Button(f"Make {role.name.lower()}", said("users", f"role {who} {role.name.lower()}"))
        for role in ROLES
        if role is not member.role
    ]
    freeze = Button("Freeze", said("users", f"freezing {who}"))
    revoke = Button("Revoke", said("users", f"revoke {who}"))
    tokens = Button("End API tokens", said("users", f"tokens {who}"))
    return (tuple(roles), (freeze, revoke), (tokens, audit), (_back(),))


def _withdrawals(invitations: Sequence[Invitation]) -> tuple[tuple[Button, ...], ...]:
    buttons = [
        Button(f"Cancel {render.mark(each)}", said("users", f"cancel {each.digest[:MARK]}"))
        for each in invitations[: render.MOST_INVITATIONS]
    ]
    return _pairs(buttons)


def _pairs(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


def _back() -> Button:
    return Button("All people", panel("users"))


def _show(member: Member) -> str:
    return f"show {_who(member)}"


def _who(member: Member) -> str:
    return member.actor_id.removeprefix("tg:")


def _told(done: Done | Refused, words: str) -> Screen:
    return Screen(refusal(done, "Nothing changed") if isinstance(done, Refused) else words)


COMMANDS = (
    ChatCommand(
        name="users",
        family="People",
        summary="Who may act: invite, change, freeze, revoke",
        usage="[invite ROLE [T] | role ID ROLE | freeze ID | thaw ID | revoke ID | tokens ID]",
        example="/users invite trader 2h",
        role=Role.ADMIN,
        handler=users,
        money=True,
    ),
)
