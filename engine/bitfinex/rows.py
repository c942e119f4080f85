"""Many rows at once: one that cannot be read does not hide the others."""

from collections.abc import Callable
from typing import TypeVar

import structlog

from engine.bitfinex.wire import Row, Unreadable, row_of

T = TypeVar("T")

_LOG_CHARS = 600

_log = structlog.get_logger(__name__)


def shortened(row: object) -> str:
    """A row for the log, however long it is."""
    return repr(row)[:_LOG_CHARS]


def readable(rows: Row, read: Callable[[Row], T]) -> tuple[T, ...]:
    """Every row that can be read; one that cannot is logged in full and left out."""
    found = []
    for row in rows:
        try:
            found.append(read(row_of(row)))
        except Unreadable as error:
            _log.error("exchange.row_unreadable", error=str(error), row=shortened(row))
    return tuple(found)
