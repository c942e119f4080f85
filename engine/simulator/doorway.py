"""What every REST call passes on its way in and out: limits, faults, refusals."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from engine.simulator.faults import Fault, Faults
from engine.simulator.rest.answers import answer, edge_page, refused, too_many, unavailable
from engine.simulator.wire.json import Row
from engine.simulator.wire.refusal import Refusal, generic
from engine.simulator.world import World

HANDSHAKE = "/ws/2"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Doorway:
    """A middleware around `/v2/...` and the websocket's handshake."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults

    @web.middleware
    async def pass_through(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(("/v2/", HANDSHAKE)):
            return await handler(request)
        instead = self._instead(request) or self._limited(request)
        if instead is not None:
            return instead
        delay = self._fault("delay", request)
        if delay is not None:
            await asyncio.sleep(delay.seconds)
        if request.path == HANDSHAKE:
            return await handler(request)
        found = await self._answered(request, handler)
        late = self._fault("late_answer", request)
        if late is not None:
            await asyncio.sleep(late.seconds)
        if self._fault("lost_answer", request) is not None:
            hang_up(request)
        return found

    def _instead(self, request: web.Request) -> web.StreamResponse | None:
        """An answer that never reaches the exchange."""
        if self._fault("drop_before_processing", request) is not None:
            hang_up(request)
            return unavailable()
        for kind, made in INSTEAD.items():
            fault = self._fault(kind, request)
            if fault is not None:
                return made(fault)
        return None

    async def _answered(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refusal as refusal:
            return refused(refusal)
        except web.HTTPException as http:
            if http.status in (404, 405):
                return refused(generic("path: invalid"))
            raise

    def _limited(self, request: web.Request) -> web.StreamResponse | None:
        caller = request.headers.get("bfx-apikey", request.remote or "")
        admitted = self._world.limits.admits(request.path, caller, self._world.clock.now())
        return None if admitted else too_many()

    def _fault(self, kind: str, request: web.Request) -> Fault | None:
        """The scripted one; to a handshake, but for 429, only what names it happens."""
        key = request.headers.get("bfx-apikey", "")
        named = request.path == HANDSHAKE and kind != "429"
        return self._faults.take(kind, request.path, key, named=named)


def _too_many(fault: Fault) -> web.Response:
    """429 with the object body, or with the array of `code` where one is given."""
    if fault.code is None:
        return too_many(fault.retry_after)
    refusal = Refusal(fault.code, fault.text or "ratelimit: error")
    return refused(refusal, fault.status or 429)


def _error(fault: Fault) -> web.Response:
    body: Row = ["error", fault.code, fault.text or "ERR_UNK"]
    return answer(body, fault.status or 500)


def _edge(fault: Fault) -> web.Response:
    return edge_page(fault.status or 502)


INSTEAD: Mapping[str, Callable[[Fault], web.Response]] = {
    "429": _too_many,
    "500": lambda fault: unavailable(fault.status or 503),
    "html": _edge,
    "error": _error,
}


def hang_up(request: web.Request) -> None:
    """End the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
