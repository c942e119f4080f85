"""`genesis demo`: an exchange, a Telegram and the very service of `genesis run`, by URL alone."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final

from bot.app import build
from bot.cli import exchange, telegram
from bot.cli.arguments import Arguments
from bot.cli.run import settle_memory
from bot.cli.say import say
from bot.logs import configure_logs
from bot.settings import default_state_dir, load_settings
from bot.telegram.sandbox.config import OLIVIA, SandboxConfig
from bot.telegram.sandbox.server import LocalTelegram
from engine.model.errors import ConfigurationError
from engine.simulator.config import SimulatorConfig
from engine.simulator.server import Simulator

PURSE: Mapping[str, Decimal] = {
    "USD": Decimal(100_000),
    "BTC": Decimal(2),
    "ETH": Decimal(20),
    "margin:USD": Decimal(50_000),
}
PAST_MINUTES: Final = 7 * 24 * 60
"""Days enough to say how much a symbol moves in one: `/size` and the volatility limit ask."""


async def run(arguments: Arguments) -> None:
    """Everything, until cancelled."""
    try:
        await _play(arguments)
    except asyncio.CancelledError:
        say("Stopped. The same command goes on from here.")
        raise


def _make(state: Path) -> None:
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigurationError(
            f"The folder {state} cannot be made ({error.strerror}). Name one that this user may "
            "write in: genesis demo --state FOLDER"
        ) from error


async def _play(arguments: Arguments) -> None:
    state = arguments.state or default_state_dir(os.environ) / "demo"
    _make(state)
    simulator_config = replace(
        exchange.config_of(arguments, arguments.exchange_port, state / "exchange.json"),
        balances=PURSE,
        walk_history_minutes=PAST_MINUTES,
    )
    sandbox_config = SandboxConfig(port=arguments.chat_port, state=state / "telegram")
    async with (
        _exchange(simulator_config) as simulator,
        _telegram(sandbox_config) as chat,
    ):
        environ = wiring(simulator, simulator_config, chat, sandbox_config)
        environ = {
            **environ,
            "PORT": str(arguments.web_port),
            "GENESIS_STATE_DIR": str(state),
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        }
        settings = load_settings(environ, None)
        configure_logs(settings.logs, settings.secrets)
        async with build(settings) as service:
            settle_memory()
            _greet(chat, simulator, service.web_url, state)
            await service.run()


def wiring(
    simulator: Simulator,
    simulator_config: SimulatorConfig,
    chat: LocalTelegram,
    sandbox_config: SandboxConfig,
) -> Mapping[str, str]:
    """The environment that points the service at the local exchange and Telegram."""
    key, secret = next(iter(simulator_config.keys.items()))
    return {
        "BITFINEX_API_KEY": key,
        "BITFINEX_API_SECRET": secret,
        "BITFINEX_API_URL": simulator.rest_url,
        "BITFINEX_WS_AUTH_URI": simulator.ws_url,
        "BITFINEX_WS_PUBLIC_URI": simulator.ws_url,
        "TELEGRAM_API_URL": chat.url,
        "TELEGRAM_BOT_TOKEN": sandbox_config.token,
        "TELEGRAM_CHAT_ID": str(OLIVIA.id),
        "JWT_SECRET_KEY": secrets.token_hex(32),
    }


@asynccontextmanager
async def _exchange(config: SimulatorConfig) -> AsyncIterator[Simulator]:
    simulator = await exchange.started(config, "--exchange-port")
    try:
        yield simulator
    finally:
        await simulator.stop()


@asynccontextmanager
async def _telegram(config: SandboxConfig) -> AsyncIterator[LocalTelegram]:
    chat = await telegram.started(config, "--chat-port")
    try:
        yield chat
    finally:
        await chat.stop()


def _greet(chat: LocalTelegram, simulator: Simulator, web_url: str, state: Path) -> None:
    say("Genesis demo is running.")
    say()
    say(f"  Chat      {chat.url}")
    say(f"  Side app  {web_url}/health")
    say(f"  Exchange  {simulator.url}")
    say(f"  State     {state}")
    say()
    say("Open the chat and type /start, then /buy tBTCUSD 0.01 and press Confirm.")
    say("Ctrl-C stops everything; the same command goes on where you stopped.")
