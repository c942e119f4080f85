"""Page by page through what happened, without holes and without repeats (facts sheet 3)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from engine.bitfinex import decode
from engine.bitfinex.rows import readable, split
from engine.bitfinex.wire import Row, row_of
from engine.model.ids import OrderId, TradeId
from engine.model.report import FillReport, OrderHistory, OrderReport, UnreadOrder

Read = Callable[[str, Mapping[str, object]], Awaitable[object]]

PAGE = 2500
# the exchange's default page: an answer below it is the last one, whatever cap it applies
_SURELY_LAST = 25
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


async def closed_orders(read: Read, since: datetime) -> OrderHistory:
    """Orders closed or changed at `since` or later, oldest change first.

    Which time stamp the exchange filters and sorts by is not documented, so nothing is left to
    it: pages go back over all it keeps (about two weeks), by whichever stamp brings news.
    """
    found: dict[OrderId, OrderReport] = {}
    unread: dict[UnreadOrder, None] = {}
    end: int | None = None
    while True:
        page = await _page(read, "auth/r/orders/hist", {} if end is None else {"end": end})
        orders, strange = split(page, decode.order)
        unread |= dict.fromkeys(strange)
        fresh = {order.order_id: order for order in orders if order.order_id not in found}
        found |= fresh
        if len(page) < _SURELY_LAST or not found:
            break
        oldest = _ceil(min(order.created_at for order in found.values()))
        if fresh:
            end = _ceil(min(order.updated_at for order in orders))
        elif end is not None and end > oldest:
            end = oldest
        else:
            break
    late = (order for order in found.values() if order.updated_at >= since)
    ordered = sorted(late, key=lambda order: (order.updated_at, order.order_id))
    return OrderHistory(orders=tuple(ordered), unread=tuple(unread))


async def trades(read: Read, since: datetime) -> Sequence[FillReport]:
    """Our trades at `since` or later, oldest first."""
    found: dict[TradeId, FillReport] = {}
    start = _floor(since)
    while True:
        page = await _page(read, "auth/r/trades/hist", {"start": start, "sort": 1})
        fills = readable(page, lambda row: decode.fill(row, settled=True))
        fresh = {fill.fill.trade_id: fill for fill in fills if fill.fill.trade_id not in found}
        found |= fresh
        if len(page) < _SURELY_LAST or not fills:
            break
        # the last millisecond again: its other trades may be on the next page
        newest = _floor(max(fill.fill.at for fill in fills))
        if newest > start:
            start = newest
        elif fresh:
            continue
        else:
            start += 1
    late = (fill for fill in found.values() if fill.fill.at >= since)
    return sorted(late, key=lambda fill: (fill.fill.at, fill.fill.trade_id))


async def _page(read: Read, path: str, bounds: Mapping[str, int]) -> Row:
    return row_of(await read(path, {"limit": PAGE, **bounds}))


def _floor(at: datetime) -> int:
    return (at - _EPOCH) // _MILLISECOND


def _ceil(at: datetime) -> int:
    return -((_EPOCH - at) // _MILLISECOND)
