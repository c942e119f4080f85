"""Many rows at once: one that cannot be read does not hide the others."""

from collections.abc import Callable
from typing import TypeVar

import structlog

from engine.bitfinex.wire import Row, Unreadable, field, row_of
from engine.model.report import UnreadOrder

T = TypeVar("T")

_LOG_CHARS = 600

_log = structlog.get_logger(__name__)


def shortened(row: object) -> str:
    """A row for the log, however long it is."""
    return repr(row)[:_LOG_CHARS]


def split(rows: Row, read: Callable[[Row], T]) -> tuple[tuple[T, ...], tuple[UnreadOrder, ...]]:
    """Order rows that can be read, and what can be made out of the others (5.1)."""
    found: list[T] = []
    unread: list[UnreadOrder] = []
    for row in rows:
        try:
            found.append(read(row_of(row)))
        except Unreadable as error:
            _log.error("exchange.order_unreadable", error=str(error), row=shortened(row))
            unread.append(_hint(row))
    return tuple(found), tuple(unread)


def _hint(row: object) -> UnreadOrder:
    fields = row if isinstance(row, list) else []
    order_id, cid = field(fields, 0), field(fields, 2)
    return UnreadOrder(
        order_id=order_id if isinstance(order_id, int) else None,
        cid=cid if isinstance(cid, int) else None,
    )


def readable(rows: Row, read: Callable[[Row], T]) -> tuple[T, ...]:
    """Every row that can be read; one that cannot is logged in full and left out."""
    found = []
    for row in rows:
        try:
            found.append(read(row_of(row)))
        except Unreadable as error:
            _log.error("exchange.row_unreadable", error=str(error), row=shortened(row))
    return tuple(found)
