"""`genesis exchange`: only the simulator."""

import asyncio
import errno
import zlib
from dataclasses import replace
from pathlib import Path

from bot.cli.arguments import Arguments
from bot.cli.say import say
from engine.model.errors import ConfigurationError
from engine.simulator.config import SimulatorConfig
from engine.simulator.server import Simulator
from engine.simulator.wire.refusal import Refusal


async def run(arguments: Arguments) -> None:
    """Serve until cancelled."""
    simulator = await started(config_of(arguments, arguments.port, arguments.state), "--port")
    say(f"Exchange simulator: REST {simulator.rest_url}, websocket {simulator.ws_url}")
    try:
        await asyncio.Event().wait()
    finally:
        await simulator.stop()


def config_of(arguments: Arguments, port: int, state: Path | None) -> SimulatorConfig:
    """The simulator's settings from the command line."""
    config = SimulatorConfig(
        port=port,
        data=tuple(arguments.data),
        speed=arguments.speed,
        seed=arguments.seed,
        state=state,
        maker_fee=arguments.maker_fee,
        taker_fee=arguments.taker_fee,
    )
    if arguments.symbol:
        config = replace(config, symbols=tuple(arguments.symbol))
    if arguments.key:
        config = replace(config, keys=dict(arguments.key))
    if arguments.balance:
        config = replace(config, balances=dict(arguments.balance))
    return config


async def started(config: SimulatorConfig, option: str) -> Simulator:
    """A running simulator; `ConfigurationError` for a taken port or unreadable data."""
    simulator = Simulator(config)
    try:
        await simulator.start()
    except Refusal as error:
        raise ConfigurationError(
            f"The exchange simulator cannot start: {error}. Symbols look like tBTCUSD, and the "
            "name of a --data file begins with one: tBTCUSD-1m-2018.csv.gz."
        ) from error
    except (OSError, ValueError, EOFError, zlib.error) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        files = ", ".join(path.name for path in config.data)
        advice = f"Choose another port with {option}" if taken else f"Check --data {files}"
        raise ConfigurationError(
            f"The exchange simulator cannot start: {error}. {advice}."
        ) from error
    return simulator
