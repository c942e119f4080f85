"""The side app, put together."""

from collections.abc import Callable, Sequence

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.settings import WebSettings
from bot.web.callers import Callers, name_known_to
from bot.web.doors import Door, open_doors
from bot.web.errors import problems
from bot.web.guard import (
    LARGEST_BODY,
    METRICS,
    access,
    add_security_headers,
    body_limit,
    host_check,
)
from bot.web.health import Health
from bot.web.keys import KeyStore, MemoryKeys
from bot.web.latency import timed
from bot.web.metrics import Metrics
from bot.web.parts import Parts
from bot.web.routes.risk import ROUTES
from bot.web.routes.table import add_routes, scopes_of
from bot.web.tokens import Tokens
from engine.desk import Desk
from engine.ports import Clock


def build_web(
    *,
    settings: WebSettings,
    parts: Parts,
    metrics: Metrics,
    clock: Clock,
    version: str,
    desk: Callable[[], Desk | None] = lambda: None,
    name_of: Callable[[str], str] = name_known_to,
    keys: KeyStore | None = None,
    doors: Sequence[Door] = (),
    dry: bool = False,
) -> web.Application:
    """Everything behind the side app's one port; its uptime begins now. `dry` for a dry run.

    `desk` is whom the routes ask; None while another service leads. `name_of` says what a member
    is called, `keys` what idempotency keys were used for.
    """
    callers = Callers(desk, clock, name_of, open_to_all=not settings.auth_required)
    paths = frozenset(door.path for door in doors)
    app = web.Application(
        client_max_size=LARGEST_BODY,
        # The outermost first.
        middlewares=[
            timed(metrics),
            problems,
            host_check(settings, [door.host for door in doors]),
            body_limit(paths),
            access(settings, _tokens(settings, clock), callers, scopes_of(ROUTES), paths),
        ],
    )
    app.on_response_prepare.append(add_security_headers)
    health = Health(
        parts=parts,
        clock=clock,
        since=clock.now(),
        version=version,
        auth_required=settings.auth_required,
        dry_run=dry,
    )
    metrics.dry_run(dry)

    async def read_metrics(_request: web.Request) -> web.Response:
        kind = {"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
        return web.Response(body=await metrics.text(), headers=kind)

    app.router.add_get("/health", health.live)
    app.router.add_get("/ready", health.ready)
    app.router.add_get(METRICS, read_metrics)
    add_routes(app, ROUTES, callers, MemoryKeys() if keys is None else keys)
    open_doors(app, doors)
    return app


def _tokens(settings: WebSettings, clock: Clock) -> Tokens | None:
    key = settings.jwt_secret_key
    return None if key is None else Tokens(key, clock)
