"""How long requests take, by route."""

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.web.guard import route_of
from bot.web.metrics import OTHER, Metrics

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def timed(metrics: Metrics) -> Middleware:
    """Measure every request, whatever becomes of it; labels only of routes we have."""

    @web.middleware
    async def measure(request: web.Request, handler: Handler) -> web.StreamResponse:
        loop = asyncio.get_running_loop()
        began = loop.time()
        response = await handler(request)
        method = request.method if request.method in METHODS else OTHER
        route = route_of(request) or OTHER
        metrics.request(method, route, response.status, loop.time() - began)
        return response

    return measure
