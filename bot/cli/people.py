"""`genesis people`: who may act, for whoever owns this machine and can reach nobody in the chat."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final

from bot.cli.arguments import Arguments
from bot.cli.console import Console, console
from bot.cli.say import say
from engine.model.actor import Role
from engine.model.errors import ConfigurationError
from engine.model.people import Invitation, Member, MemberStanding
from engine.model.people_event import (
    InvitationCancelled,
    MemberInvited,
    SecondFactorSet,
    TokensEnded,
)
from engine.people.codes import digest_of, new_code
from engine.via import CONSOLE

PAIRING_LASTS: Final = timedelta(hours=1)


async def run(arguments: Arguments) -> None:
    """One of the actions; a service that runs hears of it within a second."""
    async with console() as room:
        action = arguments.action
        if action in _ABOUT_ONE:
            if not arguments.who:
                raise ConfigurationError(f"Say whom: genesis people {action} NAME_OR_ID")
            await _ABOUT_ONE[action](room, room.member(arguments.who))
        elif arguments.who:
            raise ConfigurationError(f"genesis people {action} takes no name.")
        elif action == "pair":
            await _pair(room)
        else:
            await _list(room)


async def _list(room: Console) -> None:
    members = sorted(room.roster.members.values(), key=lambda m: (-m.role, m.actor_id))
    if not members:
        say("Nobody is admitted yet. genesis people pair prints a code that makes an admin.")
    for member in members:
        say(await _line(room, member))


async def _line(room: Console, member: Member) -> str:
    kept = await room.factors.get(member.actor_id)
    ended = room.roster.tokens_ended.get(member.actor_id)
    active = member.standing is MemberStanding.ACTIVE
    words = [
        member.actor_id.removeprefix("tg:"),
        room.called(member),
        member.role.name.lower() + (" by settings" if member.by_settings else ""),
        "" if active else str(member.standing),
        "authenticator" if kept is not None and kept.confirmed else "no authenticator",
        f"tokens made until {ended:%Y-%m-%d %H:%M:%S} UTC are ended" if ended else "",
    ]
    return " \u00b7 ".join(filter(None, words))


async def _pair(room: Console) -> None:
    """One code at a time: what was printed before opens nothing any more."""
    now, code = room.clock.now(), new_code()
    before = [
        InvitationCancelled(at=now, actor_id=CONSOLE, digest=each.digest)
        for each in room.roster.good_invitations(now)
        if each.invited_by == CONSOLE
    ]
    invitation = Invitation(
        digest=digest_of(code),
        role=Role.ADMIN,
        invited_by=CONSOLE,
        expires_at=now + PAIRING_LASTS,
    )
    await room.write(*before, MemberInvited(at=now, actor_id=CONSOLE, invitation=invitation))
    say(f"Send this to the bot to become an admin: /start {code}")
    say(f"It works once, for somebody who is no member yet, until {now + PAIRING_LASTS:%H:%M} UTC.")


async def _forget(room: Console, member: Member) -> None:
    name, kept = room.called(member), await room.factors.get(member.actor_id)
    if kept is None:
        raise ConfigurationError(f"{name} has no authenticator; there is nothing to forget.")
    gone = SecondFactorSet(
        at=room.clock.now(), actor_id=CONSOLE, member_id=member.actor_id, off=True
    )
    await room.write(gone)
    await room.factors.remove(member.actor_id)
    say(f"{name} has no authenticator any more, also for a service that runs. /2fa sets one up.")


async def _end_tokens(room: Console, member: Member) -> None:
    ended = TokensEnded(at=room.clock.now(), actor_id=CONSOLE, member_id=member.actor_id)
    await room.write(ended)
    say(
        f"No API token made for {room.called(member)} until now opens anything; a service that "
        "runs knows it within a second."
    )


_ABOUT_ONE: Final[Mapping[str, Callable[[Console, Member], Awaitable[None]]]] = {
    "forget-authenticator": _forget,
    "end-tokens": _end_tokens,
}
