"""The exchange's errors, keyed on the body and never on the status alone (facts sheet 1.3)."""

from collections.abc import Mapping
from http import HTTPStatus

from engine.bitfinex.wire import Unreadable, anything
from engine.bitfinex.wording import explained
from engine.model.errors import (
    CredentialsRefused,
    ExchangeError,
    ExchangeRefused,
    ExchangeUnreachable,
    RateLimited,
)

GENERIC = 10001
NONCE_SMALL = 10114
SUBSCRIBE_FAILED = 10300
SUBSCRIBE_TWICE = 10301
SUBSCRIBE_UNKNOWN = 10302
SUBSCRIBE_LIMIT = 10305
NOT_READY = 11000
RATE_LIMIT = 11010
STOP = 20051
MAINTENANCE_BEGINS = 20060
MAINTENANCE_ENDS = 20061

_CREDENTIALS = frozenset({10100, 10111, 10112, 10113, 10200})


class NonceSmall(ExchangeRefused):
    """The exchange saw a newer nonce: another program uses this API key. Give Genesis its own."""


def error_of(code: object, words: str) -> ExchangeError:
    """The error that an exchange's code and words mean."""
    if code == NONCE_SMALL:
        return NonceSmall()
    if code in _CREDENTIALS or (code == GENERIC and "permission" in words.lower()):
        return CredentialsRefused(f"The exchange does not accept the API key: {words}.")
    if code == RATE_LIMIT:
        return RateLimited()
    if code == MAINTENANCE_BEGINS:
        return ExchangeUnreachable("The exchange is in maintenance. Try again when it is over.")
    if code == NOT_READY:
        return ExchangeUnreachable("The exchange is not ready yet. Try again in a moment.")
    return ExchangeRefused(explained(words) or f"The exchange refused the request (code {code}).")


def answer_of(status: int, body: bytes) -> object:
    """The decoded answer, money exact; raises what the exchange means when it is an error."""
    try:
        answer = anything(body)
    except Unreadable:
        raise _unreadable(status) from None
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise RateLimited()
    if isinstance(answer, list) and answer[:1] == ["error"]:
        code, words = [*answer[1:3], None, None][:2]
        raise error_of(code, str(words or ""))
    if isinstance(answer, dict):
        raise _object_error(status, answer)
    if status >= HTTPStatus.BAD_REQUEST:
        raise ExchangeUnreachable(f"The exchange answered HTTP {status} without an explanation.")
    return answer


def _unreadable(status: int) -> ExchangeError:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited()
    return ExchangeUnreachable(f"The exchange answered HTTP {status} with a page nobody can read.")


def _object_error(status: int, answer: Mapping[str, object]) -> ExchangeError:
    words = str(answer.get("error", ""))
    if "RATE_LIMIT" in words.upper():
        return RateLimited()
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or words == "temporarily_unavailable":
        return ExchangeUnreachable("The exchange is unavailable for the moment.")
    return ExchangeRefused(words or f"The exchange answered HTTP {status} in an unknown form.")
