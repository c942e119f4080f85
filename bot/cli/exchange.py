"""`genesis exchange`: only the simulator."""

import asyncio
from dataclasses import replace
from pathlib import Path

from bot.cli.arguments import Arguments
from bot.cli.say import say
from engine.model.errors import ConfigurationError
from engine.simulator.config import SimulatorConfig
from engine.simulator.server import Simulator


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
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"The exchange simulator cannot start: {error}. "
            f"Choose another port with {option}, or check --data."
        ) from error
    return simulator
