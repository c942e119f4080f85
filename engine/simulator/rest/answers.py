"""HTTP answers in the exchange's form."""

from aiohttp import web

from engine.simulator.wire.json import Json, encode
from engine.simulator.wire.refusal import Refusal

EDGE_PAGE = (
    "<!DOCTYPE html><html><head><title>502: Bad gateway</title></head>"
    "<body><h1>Bad gateway</h1></body></html>"
)


def answer(value: Json, status: int = 200) -> web.Response:
    return web.Response(text=encode(value), status=status, content_type="application/json")


def refused(refusal: Refusal) -> web.Response:
    """`["error", code, text]` with HTTP 500 (sheet, 1.3)."""
    return answer(["error", refusal.code, refusal.text], 500)


def too_many() -> web.Response:
    """The rate limit's object body."""
    return answer({"error": "ERR_RATE_LIMIT"}, 429)


def unavailable() -> web.Response:
    text = "Sorry, the service is temporarily unavailable."
    body: Json = {"code": 503, "error": "temporarily_unavailable", "error_description": text}
    return answer(body, 503)


def edge_page() -> web.Response:
    return web.Response(text=EDGE_PAGE, status=502, content_type="text/html")
