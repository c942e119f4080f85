"""Why a session ended, in words for people."""

import ssl
from http import HTTPStatus

from websockets.exceptions import ConnectionClosed, InvalidStatus

from engine.bitfinex.pace import Retry


class Broken(Exception):
    """A session has ended: why, in words for people, and how soon to try again.

    `hung_up` when the exchange said goodbye itself.
    """

    def __init__(self, reason: str, retry: Retry = Retry.SOON, *, hung_up: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry
        self.hung_up = hung_up


def refused_by(error: Exception) -> Broken:
    """Why a socket could not be opened."""
    if isinstance(error, InvalidStatus):
        status = error.response.status_code
        retry = Retry.BLOCKED if status == HTTPStatus.TOO_MANY_REQUESTS else Retry.SOON
        return Broken(f"The exchange refused the connection (HTTP {status}).", retry)
    if isinstance(error, TimeoutError):
        return Broken("The exchange did not answer the call.")
    if isinstance(error, ssl.SSLError):
        return Broken("The exchange's certificate could not be verified.", Retry.SLOWLY)
    return Broken("The exchange cannot be reached: no connection.")


def closed_by(closed: ConnectionClosed) -> Broken:
    """Why an open socket ended."""
    code = closed.rcvd.code if closed.rcvd is not None else 1006
    hung_up = closed.rcvd is not None and closed.rcvd_then_sent is not False
    return Broken(f"The exchange closed the connection ({code}).", hung_up=hung_up)
