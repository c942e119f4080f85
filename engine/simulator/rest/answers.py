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


def refused(refusal: Refusal, status: int = 500) -> web.Response:
    """`["error", code, text]` with HTTP 500 (sheet, 1.3)."""
    return answer(["error", refusal.code, refusal.text], status)


def too_many(retry_after: int | None = None) -> web.Response:
    """The rate limit's object body; `retry_after` (seconds) makes a header of that name."""
    found = answer({"error": "ERR_RATE_LIMIT"}, 429)
    if retry_after is not None:
        found.headers["retry-after"] = str(retry_after)
    return found


def unavailable(status: int = 503) -> web.Response:
    text = "Sorry, the service is temporarily unavailable."
    body: Json = {"code": status, "error": "temporarily_unavailable", "error_description": text}
    return answer(body, status)


def edge_page(status: int = 502) -> web.Response:
    return web.Response(text=EDGE_PAGE, status=status, content_type="text/html")
