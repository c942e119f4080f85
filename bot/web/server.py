"""The side app on its port."""

import errno
import socket

import structlog
from aiohttp import web

from bot.settings import WebSettings
from bot.web.health import OPEN_DOOR
from engine.model.errors import ConfigurationError

LAST_REQUESTS = 5.0

log = structlog.get_logger()


class WebServer:
    """Listens from `start` to `stop`."""

    def __init__(self, app: web.Application, settings: WebSettings) -> None:
        self._settings = settings
        self._runner = web.AppRunner(
            app, access_log=None, handle_signals=False, shutdown_timeout=LAST_REQUESTS
        )

    @property
    def url(self) -> str:
        """Where it listens, with the real port where PORT is 0."""
        host, port = self._runner.addresses[0][:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def start(self) -> None:
        """Listen; raises `ConfigurationError` when HOST and PORT cannot be had."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._settings.host, self._settings.port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise ConfigurationError(_explained(error, self._settings)) from error

    def announce(self) -> None:
        """Log where it listens, once it is sure that the service stays."""
        if not self._settings.auth_required:
            log.warning(OPEN_DOOR, url=self.url)
        log.info("side_app_listens", url=self.url)

    async def stop(self) -> None:
        """Answer what is being asked, for some seconds, then close."""
        await self._runner.cleanup()


def _explained(error: OSError, settings: WebSettings) -> str:
    host, port = settings.host, settings.port
    if isinstance(error, socket.gaierror):
        return f"HOST {host} is not known: set HOST to an address of this machine."
    match error.errno:
        case errno.EADDRINUSE:
            return f"PORT {port} is taken by another program: stop that one, or set another PORT."
        case errno.EADDRNOTAVAIL:
            return f"HOST {host} is not an address of this machine: set HOST to 127.0.0.1."
        case errno.EACCES | errno.EPERM:
            return f"PORT {port} needs more rights: set PORT to 1024 or above."
        case _:
            why = error.strerror or type(error).__name__
            return f"HOST {host} and PORT {port} cannot be used ({why}): set others."
