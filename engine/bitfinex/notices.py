"""Notifications: what became of our requests (facts sheet 5.5)."""

from collections.abc import Sequence

import structlog

from engine.bitfinex.wire import Row, field, integer, row_of, text
from engine.model.ids import OrderId, OrderKey
from engine.model.report import CancelRefused, Report, SubmissionNoted, SubmissionRefused

_REFUSED = frozenset({"ERROR", "FAILURE"})

_log = structlog.get_logger(__name__)


def notice(row: Row) -> Sequence[Report]:
    """Reports of one `n` row; requests other than new orders and cancels tell nothing."""
    kind, status, words = text(row, 1), text(row, 6), text(row, 7)
    if kind == "on-req":
        return [found for order in _orders(row) for found in _submission(order, status, words)]
    if kind in ("oc-req", "oc_multi-req") and status in _REFUSED:
        return [found for order in _orders(row) for found in _cancel_refusal(order, words)]
    _log.debug("exchange.notice", kind=kind, status=status, words=words)
    return ()


def _orders(row: Row) -> Sequence[Row]:
    """The order rows of DATA: one, a list of them, or none at all."""
    data = field(row, 4)
    if not isinstance(data, list) or not data:
        _log.warning("exchange.notice_without_order", notice=row)
        return ()
    if isinstance(data[0], list):
        return [row_of(order) for order in data]
    return [data]


def _submission(order: Row, status: str, words: str) -> Sequence[Report]:
    cid, order_id = integer(order, 2), integer(order, 0)
    if cid is None:
        return ()
    if status in _REFUSED:
        return (SubmissionRefused(cid=OrderKey(cid), reason=words),)
    if status == "SUCCESS" and order_id is not None:
        return (SubmissionNoted(cid=OrderKey(cid), order_id=OrderId(order_id)),)
    return ()


def _cancel_refusal(order: Row, words: str) -> Sequence[Report]:
    order_id = integer(order, 0)
    if order_id is None:
        _log.warning("exchange.cancel_refused", cid=integer(order, 2), words=words)
        return ()
    return (CancelRefused(order_id=OrderId(order_id), reason=words),)
