"""Errors as `application/problem+json` (RFC 9457); nothing internal is told."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from engine.model.errors import GenesisError

# The one place where an error's code becomes an HTTP status; a code not here is our own fault.
STATUS: Mapping[str, HTTPStatus] = {
    "invalid_input": HTTPStatus.BAD_REQUEST,
    "unknown_symbol": HTTPStatus.NOT_FOUND,
    "unauthorized": HTTPStatus.UNAUTHORIZED,
    "not_allowed": HTTPStatus.FORBIDDEN,
    "second_factor_needed": HTTPStatus.FORBIDDEN,
    "second_factor_missing": HTTPStatus.FORBIDDEN,
    "second_person_needed": HTTPStatus.FORBIDDEN,
    "wrong_code": HTTPStatus.FORBIDDEN,
    "locked_out": HTTPStatus.FORBIDDEN,
    "key_used": HTTPStatus.UNPROCESSABLE_ENTITY,
    "duplicate_command": HTTPStatus.CONFLICT,
    "rate_limited": HTTPStatus.TOO_MANY_REQUESTS,
    "too_often": HTTPStatus.TOO_MANY_REQUESTS,
    "exchange_refused": HTTPStatus.CONFLICT,
    "exchange": HTTPStatus.BAD_GATEWAY,
    "credentials_refused": HTTPStatus.BAD_GATEWAY,
    "exchange_unreachable": HTTPStatus.GATEWAY_TIMEOUT,
    "link_down": HTTPStatus.SERVICE_UNAVAILABLE,
    "journal_unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
    "deposed": HTTPStatus.SERVICE_UNAVAILABLE,
    "busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "stopping": HTTPStatus.SERVICE_UNAVAILABLE,
}
_DETAILS: Mapping[int, str] = {
    404: "There is nothing at this address.",
    405: "This address takes another method; see the Allow header.",
    413: "The body is too large.",
}
_HEADERS: Mapping[HTTPStatus, Mapping[str, str]] = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": "Bearer"},
    HTTPStatus.TOO_MANY_REQUESTS: {"Retry-After": "60"},
}
_KEPT_HEADERS = ("Allow", "WWW-Authenticate", "Retry-After")

log = structlog.get_logger()


def problem(
    status: int,
    code: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, object] | None = None,
) -> web.Response:
    """An error's answer; `code` is stable, `detail` for a person, and what `more` there is."""
    told: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
        **(more or {}),
    }
    return web.Response(
        status=status,
        body=msgspec.json.encode(told),
        content_type="application/problem+json",
        headers=headers,
    )


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Make an answer of whatever a handler raises."""
    try:
        return await handler(request)
    except web.HTTPError as error:
        return _of_http(error)
    except GenesisError as error:
        status = STATUS.get(error.code)
        if status is None:
            return _of_ours(request, error)
        return problem(status, error.code, error.sentence, _HEADERS.get(status))
    except Exception as error:
        return _of_ours(request, error)


def _of_http(error: web.HTTPError) -> web.Response:
    kept = {name: error.headers[name] for name in _KEPT_HEADERS if name in error.headers}
    phrase = HTTPStatus(error.status).phrase
    code = phrase.lower().replace(" ", "_")
    return problem(error.status, code, _DETAILS.get(error.status, f"{phrase}."), kept)


def _of_ours(request: web.Request, error: Exception) -> web.Response:
    log.error("request_failed", method=request.method, path=request.path, exc_info=error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, GenesisError.code, GenesisError.__doc__ or "")
