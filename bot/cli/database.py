"""`genesis db`: the schema."""

import os
from pathlib import Path

from bot.cli.arguments import Arguments
from bot.cli.say import say
from bot.settings import load_database_settings
from db import schema
from db.location import located
from engine.model.errors import ConfigurationError


async def run(arguments: Arguments) -> None:
    """Upgrade, downgrade to a revision, or say the current one."""
    settings = load_database_settings(os.environ, Path(".env"))
    named = settings.url.get_secret_value() if settings.url is not None else None
    async with located(named, settings.state_dir, settings.pg_bindir, join=True) as place:
        await _change(place.url, arguments)
        say(f"Schema: {await schema.current(place.url) or 'empty'}")


async def _change(url: str, arguments: Arguments) -> None:
    if arguments.action == "upgrade":
        await schema.upgrade(url)
    elif arguments.action == "downgrade":
        if not arguments.revision:
            raise ConfigurationError("Say where to: genesis db downgrade REVISION, or base.")
        await schema.downgrade(url, arguments.revision)
