"""`genesis token`: a token for the side app, on the server's console."""

import os
from datetime import timedelta
from pathlib import Path

from bot.cli.arguments import Arguments
from bot.cli.say import say
from bot.settings import load_web_settings
from bot.web.tokens import Caller, Scope, Tokens
from engine.clock import SystemClock
from engine.model.errors import ConfigurationError


async def run(arguments: Arguments) -> None:
    """Print one."""
    settings = load_web_settings(os.environ, Path(".env"))
    if settings.jwt_secret_key is None:
        raise ConfigurationError(
            "JWT_SECRET_KEY is missing: set it to what 'openssl rand -hex 32' prints, for the "
            "service too."
        )
    caller = Caller(user_id=arguments.user, scope=Scope.named(arguments.scope))
    usual = timedelta(minutes=settings.access_token_expire_minutes)
    lifetime = usual if arguments.hours is None else timedelta(hours=arguments.hours)
    say(Tokens(settings.jwt_secret_key, SystemClock()).mint(caller, lifetime))
