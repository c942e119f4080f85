"""`/bot<token>/<method>` and `/file/bot<token>/<path>` over HTTP."""

import asyncio
import hmac

import msgspec
from aiohttp import web

from bot.telegram.sandbox.errors import ApiError, too_many_requests
from bot.telegram.sandbox.faults import Fault
from bot.telegram.sandbox.files import by_path
from bot.telegram.sandbox.methods import METHODS
from bot.telegram.sandbox.network import Network
from bot.telegram.sandbox.params import Params, read_params

_encode = msgspec.json.Encoder().encode


class Api:
    """The Bot API over a network; `closing` ends calls that are held."""

    def __init__(self, network: Network, closing: asyncio.Event) -> None:
        self._network = network
        self._closing = closing

    def routes(self) -> list[web.RouteDef]:
        """Where the API answers."""
        return [
            web.get("/bot{token:[^/]+}/{method:[^/]+}", self.call),
            web.post("/bot{token:[^/]+}/{method:[^/]+}", self.call),
            web.get("/file/bot{token:[^/]+}/{path:.+}", self.download),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One method call."""
        try:
            self._authorise(request)
            return await self._struck(request, request.match_info["method"])
        except ApiError as error:
            return failure(error)
        except web.HTTPRequestEntityTooLarge:
            return failure(ApiError(413, "Request Entity Too Large"))

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file."""
        try:
            self._authorise(request)
            kept = by_path(self._network.store, request.match_info["path"])
        except ApiError as error:
            return failure(error)
        return web.Response(
            body=self._network.files.data(kept), content_type="application/octet-stream"
        )

    def _authorise(self, request: web.Request) -> None:
        given = request.match_info["token"].encode()
        if not hmac.compare_digest(given, self._network.config.token.encode()):
            raise ApiError(401, "Unauthorized")

    async def _struck(self, request: web.Request, method: str) -> web.StreamResponse:
        fault = self._network.faults.strike(method)
        if fault is None:
            return await self._answer(request, method)
        if fault.kind == "429":
            raise too_many_requests(fault.retry_after)
        if fault.kind == "500":
            raise ApiError(500, "Internal Server Error")
        if fault.kind == "timeout":
            return await self._hold(fault)
        if fault.when == "after":
            await self._answer(request, method)
        if request.transport:
            request.transport.abort()
        raise ApiError(500, "the connection was cut on request")

    async def _hold(self, fault: Fault) -> web.StreamResponse:
        try:
            async with asyncio.timeout(fault.seconds):
                await self._closing.wait()
        except TimeoutError:
            pass
        raise ApiError(504, "Gateway Timeout")

    async def _answer(self, request: web.Request, method: str) -> web.StreamResponse:
        params = await read_params(request)
        return web.Response(
            body=_encode({"ok": True, "result": await self._result(method.lower(), params)}),
            content_type="application/json",
        )

    async def _result(self, method: str, params: Params) -> object:
        if method == "getupdates":
            return await self._network.updates.poll(params)
        if method not in METHODS:
            raise ApiError(404, "Not Found: method not found")
        return METHODS[method](self._network, params)


def failure(error: ApiError) -> web.Response:
    """A refusal in the Bot API's form."""
    body: dict[str, object] = {
        "ok": False,
        "error_code": error.code,
        "description": error.description,
    }
    if error.retry_after is not None:
        body["parameters"] = {"retry_after": error.retry_after}
    return web.Response(status=error.code, body=_encode(body), content_type="application/json")
