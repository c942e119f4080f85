"""A scripted REST host on a loopback port, and our client before it."""

import asyncio
import hashlib
import hmac
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.market import BitfinexMarketData
from tests.unit.bitfinex.doubles import FastClock, config


class Script:
    """Answers in turn, the last for ever; keeps what it was asked."""

    def __init__(self, *answers: tuple[int, str]) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, bytes]] = []
        self.nonces: list[int] = []
        self.url = ""
        self.delay = 0.0

    async def answer(self, request: web.Request) -> web.Response:
        """Verify what is signed, over the raw body, and answer."""
        body = await request.read()
        self.asked.append((request.path_qs, body))
        if "bfx-nonce" in request.headers:
            self._verify(request, body)
        await asyncio.sleep(self.delay)
        status, text = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return web.Response(status=status, text=text, content_type="application/json")

    def _verify(self, request: web.Request, body: bytes) -> None:
        nonce = request.headers["bfx-nonce"]
        self.nonces.append(int(nonce))
        signed = f"/api{request.path}{nonce}".encode() + body
        expected = hmac.new(b"secret1", signed, hashlib.sha384).hexdigest()
        assert request.headers["bfx-signature"] == expected


@asynccontextmanager
async def host(*answers: tuple[int, str]) -> AsyncIterator[Script]:
    """A host that answers so."""
    script = Script(*answers)
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", script.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    script.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v2"
    try:
        yield script
    finally:
        await runner.cleanup()


@asynccontextmanager
async def exchange(*answers: tuple[int, str]) -> AsyncIterator[tuple[BitfinexExchange, Script]]:
    """The account's side of a host that answers so."""
    async with (
        host(*answers) as script,
        BitfinexExchange(
            config(rest=script.url), clock=FastClock(), chance=random.Random(1)
        ) as found,
    ):
        yield found, script


@asynccontextmanager
async def market(*answers: tuple[int, str]) -> AsyncIterator[tuple[BitfinexMarketData, Script]]:
    """The public side of a host that answers so."""
    async with (
        host(*answers) as script,
        BitfinexMarketData(
            config(rest=script.url), clock=FastClock(), chance=random.Random(1)
        ) as found,
    ):
        yield found, script
