"""Notifications: what became of our requests (facts sheet 5.5)."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from engine.bitfinex.account_rows import AcceptedRow
from engine.bitfinex.outstanding import Outstanding
from engine.bitfinex.rows import shortened
from engine.bitfinex.wire import Row, Unreadable, field, integer, row_of, text
from engine.bitfinex.wording import explained
from engine.model.ids import OrderId, OrderKey
from engine.model.report import (
    AmendRefused,
    BulkCancelRefused,
    CancelRefused,
    Report,
    SubmissionNoted,
    SubmissionRefused,
)

ACCEPTED = "SUCCESS"
REFUSED = frozenset({"ERROR", "FAILURE"})

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notification: `rows` are the rows of its DATA, whatever shape they came in."""

    kind: str
    status: str
    words: str
    rows: tuple[Row, ...]

    @property
    def accepted(self) -> bool:
        """Whether the request was taken in for processing; not yet a promise (1.3)."""
        return self.status == ACCEPTED

    @property
    def refused(self) -> bool:
        """Whether the exchange certainly did nothing of what was asked."""
        return self.status in REFUSED


def notice_of(row: Row) -> Notice:
    """A notification row, of the socket or of REST: DATA is a row, a list of rows, or nothing."""
    return Notice(
        kind=text(row, 1),
        status=text(row, 6),
        words=explained(text(row, 7)),
        rows=_rows(field(row, 4)),
    )


def accepted(row: AcceptedRow) -> SubmissionNoted:
    """What the commonest of all notifications says."""
    return SubmissionNoted(cid=OrderKey(row.order.cid), order_id=OrderId(row.order.order_id))


def notice(row: Row, outstanding: Outstanding | None = None) -> Sequence[Report]:
    """Reports of one `n` row; a row without cid is looked for among `outstanding` orders."""
    told = notice_of(row)
    match told.kind:
        case "on-req":
            return _submissions(told, outstanding or Outstanding())
        case "ou-req" if told.refused:
            return [_amend_refusal(found, told.words) for found in told.rows or ((),)]
        case "oc-req" if told.refused:
            return _cancel_refusals(told)
        case "oc_multi-req" if told.refused:
            return [BulkCancelRefused(reason=told.words)]
        case "ox_multi-req":
            return [report for inner in told.rows for report in notice(inner, outstanding)]
    _log.debug("exchange.notice", kind=told.kind, status=told.status, words=told.words)
    return ()


def _rows(data: object) -> tuple[Row, ...]:
    if not isinstance(data, list) or not data:
        return ()
    if isinstance(data[0], list):
        return tuple(row_of(row) for row in data)
    return (data,)


def _submissions(told: Notice, outstanding: Outstanding) -> list[Report]:
    found: list[Report] = []
    for row in told.rows:
        cid, order_id = _whole(row, 2), _whole(row, 0)
        key = OrderKey(cid) if cid is not None else None
        if told.refused:
            key = outstanding.meant_by(row) if key is None else key
            if key is not None:
                found.append(SubmissionRefused(cid=key, reason=told.words))
        elif told.accepted and key is not None and order_id is not None:
            found.append(SubmissionNoted(cid=key, order_id=OrderId(order_id)))
    if told.refused and not found:
        # never guessed: the order stays pending until it has been looked up
        _log.warning("exchange.refusal_of_nobody", words=told.words, rows=shortened(told.rows))
    return found


def _amend_refusal(row: Row, words: str) -> AmendRefused:
    order_id = _whole(row, 0)
    return AmendRefused(
        order_id=None if order_id is None else OrderId(order_id), cid=_whole(row, 2), reason=words
    )


def _cancel_refusals(told: Notice) -> list[Report]:
    found: list[Report] = []
    for row in told.rows:
        order_id, cid = _whole(row, 0), _whole(row, 2)
        if order_id is None and cid is None:
            continue
        known = None if order_id is None else OrderId(order_id)
        found.append(CancelRefused(order_id=known, cid=cid, reason=told.words))
    if not found:
        _log.warning("exchange.cancel_refused", words=told.words, rows=shortened(told.rows))
    return found


def _whole(row: Row, index: int) -> int | None:
    """The number of a field; what is no number names nobody."""
    try:
        return integer(row, index)
    except Unreadable:
        return None
