"""Runs a command in an event loop, and turns its end into an exit code."""

import asyncio
import gc
import importlib
import signal
import sys
from collections.abc import Mapping
from typing import Protocol

import structlog

from bot.cli.arguments import Arguments
from engine.model.errors import ConfigurationError

MODULES: Mapping[str, str] = {
    "run": "bot.cli.run",
    "demo": "bot.cli.demo",
    "exchange": "bot.cli.exchange",
    "telegram": "bot.cli.telegram",
    "db": "bot.cli.database",
    "token": "bot.cli.token",
    "people": "bot.cli.people",
}
FINE, FAILED, MISUSED = 0, 1, 2

log = structlog.get_logger()


class CommandModule(Protocol):
    """What each module of a command offers."""

    async def run(self, arguments: Arguments) -> None:
        """Do the work until it is done or cancelled."""
        ...


def launch(arguments: Arguments) -> int:
    """The exit code: 0 fine, 2 for the operator to mend, 1 anything else."""
    module = _module(arguments.command)
    try:
        with asyncio.Runner(loop_factory=_loop) as runner:
            runner.run(_interruptible(module, arguments))
    except KeyboardInterrupt:
        return FINE
    except ConfigurationError as error:
        sys.stderr.write(f"genesis: {' '.join(error.sentence.split())}\n")
        return MISUSED
    except Exception:
        # By way of the log, which masks secrets that a traceback might show.
        log.exception("genesis_failed")
        return FAILED
    return FINE


def _module(command: str) -> CommandModule:
    """Loaded by name, so that the exchange alone does not wait for the Telegram library."""
    gc.disable()  # what is imported is no garbage, and looking for some takes half a second
    try:
        module: CommandModule = importlib.import_module(MODULES[command])
    finally:
        gc.enable()
    return module


async def _interruptible(module: CommandModule, arguments: Arguments) -> None:
    """SIGTERM ends the work as Ctrl-C does."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    stopped = False

    def stop() -> None:
        nonlocal stopped
        stopped = True
        if task is not None:
            task.cancel()

    loop.add_signal_handler(signal.SIGTERM, stop)
    try:
        await module.run(arguments)
    except asyncio.CancelledError:
        if not stopped:
            raise


def _loop() -> asyncio.AbstractEventLoop:
    try:
        uvloop = importlib.import_module("uvloop")
    except ImportError:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop
