"""Who may come in: deny by default, and the whole list of what is open."""

import hmac
from collections.abc import Collection, Mapping
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.settings import WebSettings
from bot.web.callers import Callers, TokenRefused
from bot.web.errors import problem
from bot.web.tokens import Scope, Token, Tokens

# Everything that needs no token. A route that is not here is closed while AUTH_REQUIRED is true.
PUBLIC = frozenset({"/health", "/ready"})
METRICS = "/metrics"
LARGEST_BODY = 64 * 1024

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
TOKEN = web.RequestKey("token", Token)
"""What a caller has shown; nothing where AUTH_REQUIRED is false."""

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


async def add_security_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """What every answer carries, unless its handler said otherwise."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "genesis"


def host_check(settings: WebSettings, hosts: Collection[str] = ()) -> Middleware:
    """On a loopback address, refuse names that are not this machine's (DNS rebinding).

    A reverse proxy on the same machine may pass the name of one of ALLOWED_ORIGINS, or of `hosts`.
    """
    ours = {"localhost", "127.0.0.1", "::1", settings.host.lower(), *hosts}
    ours |= {urlsplit(origin).hostname or "" for origin in settings.allowed_origins}

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if settings.loopback and _host_of(request) not in ours:
            return problem(
                HTTPStatus.MISDIRECTED_REQUEST,
                "wrong_host",
                "This name does not belong here. Use 127.0.0.1, or list it in ALLOWED_ORIGINS.",
            )
        return await handler(request)

    return check


def body_limit(doors: Collection[str] = ()) -> Middleware:
    """Refuse a body that says it is too large; one that lies is cut off while it is read.

    The `doors` have limits of their own.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        length = request.content_length or 0
        if length > LARGEST_BODY and route_of(request) not in doors:
            raise web.HTTPRequestEntityTooLarge(max_size=LARGEST_BODY, actual_size=length)
        return await handler(request)

    return check


def access(
    settings: WebSettings,
    tokens: Tokens | None,
    callers: Callers,
    scopes: Mapping[tuple[str, str], Scope],
    doors: Collection[str] = (),
) -> Middleware:
    """Let only public routes pass without a right; the `doors` ask for a secret themselves.

    `scopes` say what a route needs, by method and path; without `tokens` nobody has any, and
    `callers` know what each opens now.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        route = route_of(request)
        if route == METRICS:
            refusal = _metrics_refusal(request, settings)
        elif route is None or route in PUBLIC or route in doors:
            refusal = None
        elif not settings.auth_required:
            acts = (request.method, route) in scopes
            refusal = _page_refusal(request, settings) if acts else None
        else:
            token = _shown(request, tokens)
            await callers.admit(token, scopes.get((request.method, route)), route)
            request[TOKEN], refusal = token, None
        return refusal or await handler(request)

    return check


def _page_refusal(request: web.Request, settings: WebSettings) -> web.Response | None:
    """Where no token is asked for, another site's page in the operator's browser must not act:
    it cannot send JSON without asking first, and it says where it comes from."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    origin = request.headers.get("Origin")
    ours = {f"{request.scheme}://{request.headers.get('Host', '')}", *settings.allowed_origins}
    if origin is not None and origin not in ours:
        return problem(
            HTTPStatus.FORBIDDEN, "wrong_origin", "List this page's origin in ALLOWED_ORIGINS."
        )
    if request.content_type != "application/json":
        return problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "wrong_type",
            "Send JSON, with Content-Type: application/json.",
        )
    return None


def _shown(request: web.Request, tokens: Tokens | None) -> Token:
    """The token of a request, if it is ours and for now; raises `TokenRefused`."""
    if tokens is None:
        raise TokenRefused("This address needs a token. Set JWT_SECRET_KEY to make any.")
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    token = tokens.read(shown.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        raise TokenRefused
    return token


def route_of(request: web.Request) -> str | None:
    """The declared path a request matched; None when it matched nothing."""
    info = request.match_info
    resource = info.route.resource
    return None if info.http_exception is not None or resource is None else resource.canonical


def _metrics_refusal(request: web.Request, settings: WebSettings) -> web.Response | None:
    token = settings.metrics_access_token
    allowed = settings.metrics_ip_allowlist
    if token is not None and not _shows(request, token.get_secret_value()):
        return _unauthorized("Metrics need METRICS_ACCESS_TOKEN as a bearer token.")
    caller = _caller(request)
    if allowed:
        known = caller is not None and any(caller in network for network in allowed)
    else:
        known = token is not None or (caller is not None and caller.is_loopback)
    if known:
        return None
    return problem(
        HTTPStatus.FORBIDDEN,
        "not_allowed",
        "Metrics are for this machine only. Set METRICS_ACCESS_TOKEN or METRICS_IP_ALLOWLIST.",
    )


def _shows(request: web.Request, token: str) -> bool:
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    right = hmac.compare_digest(shown.strip().encode(errors="surrogateescape"), token.encode())
    return scheme.lower() == "bearer" and right


def _caller(request: web.Request) -> IPv4Address | IPv6Address | None:
    # Behind a proxy everybody has the proxy's address, so it says nothing about the caller.
    if request.remote is None or any(name in request.headers for name in _FORWARDED):
        return None
    try:
        address = ip_address(request.remote.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _host_of(request: web.Request) -> str:
    try:
        return urlsplit(f"//{request.headers.get('Host', '')}").hostname or ""
    except ValueError:
        return ""


def _unauthorized(detail: str) -> web.Response:
    return problem(HTTPStatus.UNAUTHORIZED, "unauthorized", detail, {"WWW-Authenticate": "Bearer"})
