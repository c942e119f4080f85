"""What every REST call passes on its way in and out: limits, faults, refusals."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from engine.simulator.faults import Faults
from engine.simulator.limits import RateLimits
from engine.simulator.rest.answers import edge_page, refused, too_many, unavailable
from engine.simulator.wire.refusal import Refusal, generic
from engine.simulator.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Doorway:
    """A middleware around `/v2/...`."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self._limits = RateLimits() if world.config.rate_limits else None

    @web.middleware
    async def pass_through(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith("/v2/"):
            return await handler(request)
        instead = self._instead(request)
        if instead is not None:
            return instead
        delay = self._fault("delay", request)
        if delay is not None:
            await asyncio.sleep(delay)
        found = await self._answered(request, handler)
        if self._fault("lost_answer", request) is not None:
            hang_up(request)
        return found

    def _instead(self, request: web.Request) -> web.StreamResponse | None:
        """An answer that never reaches the exchange."""
        if self._fault("drop_before_processing", request) is not None:
            hang_up(request)
            return unavailable()
        if self._fault("429", request) is not None or not self._admitted(request):
            return too_many()
        if self._fault("500", request) is not None:
            return unavailable()
        return edge_page() if self._fault("html", request) is not None else None

    async def _answered(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refusal as refusal:
            return refused(refusal)
        except web.HTTPException as http:
            if http.status in (404, 405):
                return refused(generic("path: invalid"))
            raise

    def _admitted(self, request: web.Request) -> bool:
        if self._limits is None:
            return True
        caller = request.headers.get("bfx-apikey", request.remote or "")
        return self._limits.admits(request.path, caller, self._world.clock.now())

    def _fault(self, kind: str, request: web.Request) -> float | None:
        fault = self._faults.take(kind, request.path, request.headers.get("bfx-apikey", ""))
        return None if fault is None else fault.seconds


def hang_up(request: web.Request) -> None:
    """End the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
