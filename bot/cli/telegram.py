"""`genesis telegram`: only the local Bot API and its chat page."""

import asyncio
import errno
from dataclasses import replace

from bot.cli.arguments import Arguments
from bot.cli.say import say
from bot.telegram.sandbox.config import SandboxConfig
from bot.telegram.sandbox.server import LocalTelegram
from engine.model.errors import ConfigurationError


async def run(arguments: Arguments) -> None:
    """Serve until cancelled."""
    config = SandboxConfig(port=arguments.port, state=arguments.state)
    if arguments.token:
        config = replace(config, token=arguments.token)
    telegram = await started(config, "--port")
    say(f"Local Telegram: Bot API and chat page at {telegram.url}")
    try:
        await asyncio.Event().wait()
    finally:
        await telegram.stop()


async def started(config: SandboxConfig, option: str) -> LocalTelegram:
    """A running local Telegram; `ConfigurationError` where the port is taken."""
    telegram = LocalTelegram(config)
    try:
        await telegram.start()
    except OSError as error:
        taken = error.errno == errno.EWOULDBLOCK
        advice = "another folder with --state" if taken else f"another port with {option}"
        raise ConfigurationError(
            f"The local Telegram cannot start: {error}. Choose {advice}."
        ) from error
    return telegram
