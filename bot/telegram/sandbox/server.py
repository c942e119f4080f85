"""The local Telegram as one server: Bot API, control, chat page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.telegram.sandbox.api import Api
from bot.telegram.sandbox.chat_page import ChatPage
from bot.telegram.sandbox.config import SandboxConfig
from bot.telegram.sandbox.control import Control
from bot.telegram.sandbox.guard import add_headers, guard
from bot.telegram.sandbox.network import Network, open_network
from bot.telegram.sandbox.webhook import deliver

_LARGEST_BODY = 52 * 1024 * 1024
_GRACE = 1.0


@dataclass(frozen=True, slots=True)
class _Parts:
    """What lives between start and stop; `closing` ends the calls that are held."""

    network: Network
    page: ChatPage
    closing: asyncio.Event
    runner: web.AppRunner
    delivery: asyncio.Task[None]


class LocalTelegram:
    """Starts and stops; between the two, `url` is the API's base and the chat page."""

    def __init__(self, config: SandboxConfig) -> None:
        self._config = config
        self._port = config.port
        self._parts: _Parts | None = None

    @property
    def url(self) -> str:
        """`http://HOST:PORT`, with the real port once started."""
        host = f"[{self._config.host}]" if ":" in self._config.host else self._config.host
        return f"http://{host}:{self._port}"

    async def start(self) -> None:
        """Listen; `OSError` where the port is taken or another process has the state folder."""
        network = open_network(self._config)
        page, closing = ChatPage(network), asyncio.Event()
        runner = web.AppRunner(
            _application(network, page, closing), access_log=None, shutdown_timeout=_GRACE
        )
        try:
            await runner.setup()
            await web.TCPSite(runner, self._config.host, self._port).start()
        except OSError:
            await runner.cleanup()
            network.store.close()
            raise
        self._port = int(runner.addresses[0][1])
        delivery = asyncio.create_task(deliver(network), name="telegram-webhook")
        self._parts = _Parts(network, page, closing, runner, delivery)

    async def stop(self) -> None:
        """Answer what is held, close everything; calling it twice does no harm."""
        parts, self._parts = self._parts, None
        if parts is None:
            return
        parts.closing.set()
        parts.network.updates.close()
        parts.page.close()
        parts.delivery.cancel()
        await asyncio.gather(parts.delivery, return_exceptions=True)
        await parts.runner.cleanup()
        parts.network.store.close()


def _application(network: Network, page: ChatPage, closing: asyncio.Event) -> web.Application:
    application = web.Application(middlewares=[guard], client_max_size=_LARGEST_BODY)
    application.on_response_prepare.append(add_headers)
    for part in (Api(network, closing), Control(network), page):
        application.add_routes(part.routes())
    return application


@asynccontextmanager
async def running(config: SandboxConfig) -> AsyncIterator[LocalTelegram]:
    """A local Telegram for the length of the block."""
    telegram = LocalTelegram(config)
    await telegram.start()
    try:
        yield telegram
    finally:
        await telegram.stop()
