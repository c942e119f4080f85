"""Routes on the application: each with its caller, its desk and its words."""

from collections.abc import Mapping, Sequence

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.web import codes, keys
from bot.web.callers import Callers, StandingBy
from bot.web.guard import TOKEN
from bot.web.keys import KeyStore
from bot.web.pace import Pace
from bot.web.routes.declare import PREFIX, Asked, Route, key_of, name_of
from bot.web.tokens import Scope


def scopes_of(routes: Sequence[Route]) -> Mapping[tuple[str, str], Scope]:
    """What each route needs, by method and path."""
    return {(route.method, PREFIX + route.path): route.scope for route in routes}


def add_routes(
    app: web.Application, routes: Sequence[Route], callers: Callers, store: KeyStore
) -> None:
    """Put them on the application; `store` knows what keys were used for."""
    pace = Pace(callers.clock)
    for route in routes:
        handler = _handler(route, callers, store, pace)
        app.router.add_route(route.method, PREFIX + route.path, handler)


def _handler(route: Route, callers: Callers, store: KeyStore, pace: Pace) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        key, code = key_of(request), codes.code_in(request.headers.get(codes.HEADER, ""))
        body = await request.read()
        # Once more, at the last moment: a body may take as long to come as its sender likes.
        actor = await callers.admit(request.get(TOKEN), route.scope, PREFIX + route.path)
        if not route.stops:
            pace.keep(actor, route.scope)
        desk = callers.desk()
        if desk is None:
            raise StandingBy
        name = name_of(actor, route.path, key)
        if key and route.method == "POST":
            await keys.bind(store, name, body, stops=route.stops)
        return await route.answer(
            Asked(
                actor=actor,
                desk=desk,
                body=body,
                path=PREFIX + route.path,
                name=name,
                query=dict(request.query),
                code=code,
            )
        )

    return answer
