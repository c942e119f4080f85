"""`genesis token`: a token for the side app, on the server's console."""

import os
from datetime import timedelta
from pathlib import Path

from bot.cli.arguments import Arguments
from bot.cli.console import Console, console
from bot.cli.say import say
from bot.settings import load_web_settings
from bot.web.tokens import Scope, Token, Tokens
from engine.model.actor import Role
from engine.model.errors import ConfigurationError
from engine.model.people import Member
from engine.model.people_event import CommandCarriedOut
from engine.via import CONSOLE


async def run(arguments: Arguments) -> None:
    """Print one, for a member; the journal tells that it was made."""
    settings = load_web_settings(os.environ, Path(".env"))
    if settings.jwt_secret_key is None:
        raise ConfigurationError(
            "JWT_SECRET_KEY is missing: set it to what 'openssl rand -hex 32' prints, for the "
            "service too."
        )
    scope = Scope.named(arguments.scope)
    usual = timedelta(minutes=settings.access_token_expire_minutes)
    lifetime = usual if arguments.hours is None else timedelta(hours=arguments.hours)
    async with console() as room:
        member_id = _owner(room, arguments.member, scope)
        tokens = Tokens(settings.jwt_secret_key, room.clock)
        token = tokens.make(member_id, scope, lifetime)
        await room.write(_made(token))
    say(tokens.written(token))


def _owner(room: Console, word: str, scope: Scope) -> str:
    """The member, who may do that much."""
    member = room.member(word) if word else _only_admin(room)
    role, name = room.roster.role_of(member.actor_id), room.called(member)
    if role is None:
        raise ConfigurationError(f"{name} is {member.standing}, so a token would open nothing.")
    if role < Role(scope):
        most = Scope(role).name.lower()
        raise ConfigurationError(
            f"{name} is {role.name.lower()}, so their token can be of the scope {most} at most."
        )
    return member.actor_id


def _only_admin(room: Console) -> Member:
    roster = room.roster
    admins = [m for m in roster.members.values() if roster.role_of(m.actor_id) is Role.ADMIN]
    if len(admins) != 1:
        raise ConfigurationError("Say whom it is for: genesis token --for NAME_OR_ID")
    return admins[0]


def _made(token: Token) -> CommandCarriedOut:
    return CommandCarriedOut(
        at=token.made_at,
        actor_id=CONSOLE,
        command="make_token",
        outcome=f"scope {token.scope.name.lower()} for {token.member_id}, until "
        f"{token.ends_at:%Y-%m-%d %H:%M} UTC (token {token.token_id})",
    )
