"""The port itself: open, or closed for a time so that connections are refused."""

import asyncio

from aiohttp import web

AGAIN = 0.05


class Gatehouse:
    """Listens on one port; the port stays the same over every closing."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self.port = port
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._closed: asyncio.Task[None] | None = None

    async def open(self, runner: web.AppRunner) -> None:
        """Begin to listen; raises `OSError` where the port is taken."""
        self._runner = runner
        await self._listen()

    def refuse(self, seconds: float) -> None:
        """Refuse every new connection for a time; the calls under way are answered yet."""
        if self._closed is None or self._closed.done():
            self._closed = asyncio.create_task(self._refuse(seconds), name="simulator closed port")

    async def leave(self) -> None:
        """Forget a reopening that is still to come."""
        if self._closed is not None:
            self._closed.cancel()
            await asyncio.gather(self._closed, return_exceptions=True)

    async def _refuse(self, seconds: float) -> None:
        if self._site is not None:
            await self._site.stop()
            self._site = None
        if self._runner is not None and self._runner.server is not None:
            for connection in self._runner.server.connections:
                connection.close()
        await asyncio.sleep(seconds)
        while self._site is None:
            try:
                await self._listen()
            except OSError:  # somebody else's for the moment
                await asyncio.sleep(AGAIN)

    async def _listen(self) -> None:
        if self._runner is not None:
            site = web.TCPSite(self._runner, self._host, self.port)
            await site.start()
            self._site = site
            self.port = int(self._runner.addresses[0][1])
