"""The door: loopback names only, no other web page may act through the visitor's browser."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot.telegram.sandbox.loopback import is_loopback

_READING = frozenset(("GET", "HEAD", "OPTIONS"))
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse foreign hosts (DNS rebinding) and other sites' requests; add security headers."""
    refusal = _refusal(request)
    if refusal:
        return web.Response(status=403, text=refusal)
    return await handler(request)


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Put the security headers on a response before it leaves."""
    response.headers.update(_HEADERS)


def _refusal(request: web.Request) -> str:
    host = request.headers.get("Host", "")
    if not is_loopback(urlsplit(f"//{host}").hostname or ""):
        return "the local Telegram answers to loopback names only"
    origin = request.headers.get("Origin")
    if origin is not None and request.method not in _READING and origin != f"http://{host}":
        return "another site may not act on the local Telegram"
    visiting = request.path == "/" and request.method == "GET"
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site") and not visiting:
        return "another site may not use the local Telegram"
    return ""
