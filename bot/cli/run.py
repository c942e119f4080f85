"""`genesis run`: the service, from the environment and `.env`."""

import gc
import os
from pathlib import Path

from bot.app import build
from bot.cli.arguments import Arguments
from bot.logs import configure_logs
from bot.settings import Settings, load_settings
from engine.ports import Clock


async def run(arguments: Arguments) -> None:
    """Serve until cancelled."""
    await serve(load_settings(os.environ, Path(".env")))


async def serve(settings: Settings, clock: Clock | None = None) -> None:
    """The service with these settings, until cancelled; by the machine's time unless told."""
    configure_logs(settings.logs, settings.secrets)
    async with build(settings, clock) as service:
        settle_memory()
        await service.run()


def settle_memory() -> None:
    """Let the collector never again walk what the start left behind: a whole walk over the
    libraries would hold up an order for a tenth of a second."""
    gc.collect()
    gc.freeze()
