"""A door in front of the exchange that lets everybody through and notes who wanted what."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

KEY_HEADERS = ("bfx-apikey", "bfx-signature", "bfx-nonce", "bfx-token")


@dataclass
class Turnstile:
    """`calls` are paths, `messages` what clients said over sockets; `private` what needs a key."""

    exchange: str
    http: aiohttp.ClientSession
    url: str = ""
    calls: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)

    async def pass_call(self, request: web.Request) -> web.StreamResponse:
        """One call, or one socket."""
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._pass_socket(request)
        self.calls.append(request.path)
        if "/auth/" in request.path or any(name in request.headers for name in KEY_HEADERS):
            self.private.append(request.path)
        headers = {k: v for k, v in request.headers.items() if k.lower() != "host"}
        asked = self.http.request(
            request.method,
            self.exchange + request.path_qs,
            data=await request.read(),
            headers=headers,
        )
        async with asked as answer:
            body, kind = await answer.read(), answer.headers.get("Content-Type", "text/plain")
            return web.Response(status=answer.status, body=body, headers={"Content-Type": kind})

    async def _pass_socket(self, request: web.Request) -> web.StreamResponse:
        client = web.WebSocketResponse(compress=False)
        await client.prepare(request)
        async with self.http.ws_connect(self.exchange + request.path) as server:
            back = asyncio.create_task(_back(server, client))
            async for message in client:
                self.messages.append(str(message.data))
                if _is_private(str(message.data)):
                    self.private.append(str(message.data))
                await server.send_str(str(message.data))
            back.cancel()
            await asyncio.gather(back, return_exceptions=True)
        return client


async def _back(server: aiohttp.ClientWebSocketResponse, client: web.WebSocketResponse) -> None:
    async for message in server:
        await client.send_str(str(message.data))
    await client.close()


def _is_private(text: str) -> bool:
    said = json.loads(text)
    return isinstance(said, list) or said.get("event") in {"auth", "unauth"}


@asynccontextmanager
async def turnstile(exchange: str) -> AsyncIterator[Turnstile]:
    """In front of the exchange at this address, on a port of its own."""
    async with aiohttp.ClientSession() as http:
        door = Turnstile(exchange, http)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", door.pass_call)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        door.url = f"http://{host}:{port}"
        try:
            yield door
        finally:
            await runner.cleanup()
