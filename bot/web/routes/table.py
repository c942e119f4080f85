"""Routes on the application: each with its caller, its desk and its words."""

from collections.abc import Callable, Mapping, Sequence

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.web.guard import CALLER
from bot.web.routes.declare import PREFIX, Asked, Route, StandingBy, key_of
from bot.web.tokens import Scope
from engine.desk import Desk


def scopes_of(routes: Sequence[Route]) -> Mapping[tuple[str, str], Scope]:
    """What each route needs, by method and path."""
    return {(route.method, PREFIX + route.path): route.scope for route in routes}


def add_routes(
    app: web.Application, routes: Sequence[Route], desk: Callable[[], Desk | None]
) -> None:
    """Put them on the application."""
    for route in routes:
        app.router.add_route(route.method, PREFIX + route.path, _handler(route, desk))


def _handler(route: Route, desk: Callable[[], Desk | None]) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        leading = desk()
        if leading is None:
            raise StandingBy
        asked = Asked(
            actor=request[CALLER].actor,
            desk=leading,
            body=await request.read(),
            path=route.path,
            query=dict(request.query),
            key=key_of(request),
        )
        return await route.answer(asked)

    return answer
