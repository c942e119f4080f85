"""A look at the exchange: orders, history and trades taken in, and who was not among them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from engine.floor import Floor
from engine.model.account import Balance
from engine.model.event import CancelRequested
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus
from engine.model.position import Position
from engine.model.report import BalancesReport, OrderReport, PositionsReport, UnreadOrder
from engine.ports import Exchange

# our clock and the exchange's may differ: histories are asked for from well before
OVERLAP: Final = timedelta(minutes=10)
FARTHEST_CLOCK: Final = timedelta(days=1)
AWAY: Final = "while the link was down"

log = structlog.get_logger()


class Looks:
    """Takes them; `blurred` since rows nobody could read may have hidden a suspect."""

    def __init__(self, floor: Floor, exchange: Exchange) -> None:
        self._floor = floor
        self._exchange = exchange
        self.blurred = False

    async def take(self, suspects: set[OrderKey], *, away: bool = False) -> Sequence[Order]:
        """Take in the exchange's truth; those of `suspects` that it certainly did not mention.

        With `away`, what was cancelled without our asking is told as cancelled while we were away.
        """
        floor, since = self._floor, self._since(suspects)
        picture = await self._exchange.account()
        history = await self._exchange.closed_orders(since - FARTHEST_CLOCK)
        closed = [
            r for r in history.orders if r.updated_at >= since or self._is_one_of(suspects, r)
        ]
        closed = [report for report in closed if not await self._is_forgotten(report)]
        trades = await self._exchange.trades(since)
        ended = [await self._dated(report) for report in closed] if away else closed
        await floor.absorb([*picture.orders, *ended, *trades])
        await floor.absorb([BalancesReport(balances=self._confirmed(picture.balances))])
        await floor.absorb([PositionsReport(positions=self._agreed(picture.positions))])
        told = {*_ids(picture.orders), *_ids(closed)}
        unheard = [order for key in sorted(suspects) if (order := self._unheard(key, told))]
        return self._certain(unheard, [*picture.unread, *history.unread])

    def _certain(self, unheard: Sequence[Order], unread: Sequence[UnreadOrder]) -> Sequence[Order]:
        """Those the exchange certainly did not tell of: no row that could not be read may be it."""
        hidden = [order for order in unheard if any(_may_be(order, row) for row in unread)]
        self.blurred = self.blurred or bool(hidden)
        if hidden:
            log.error("orders_unreadable", keys=[order.key for order in hidden], rows=len(unread))
        return [order for order in unheard if order not in hidden]

    def _since(self, suspects: set[OrderKey]) -> datetime:
        """From before the first thing we could have missed."""
        floor = self._floor
        moments = [o.created_at for o in floor.book.pending() if o.key in suspects]
        moments.append(floor.known_until or floor.clock.now())
        return min(moments) - OVERLAP

    def _is_one_of(self, suspects: set[OrderKey], report: OrderReport) -> bool:
        found = self._floor.book.find(report.order_id, report.cid)
        return found is not None and (found.key in suspects or found.status is OrderStatus.LOST)

    async def _is_forgotten(self, report: OrderReport) -> bool:
        """Whether it is an order of ours that ended so long ago that only the journal knows."""
        book, cid = self._floor.book, report.cid
        if cid is None or report.order_id in book.keys or OrderKey(cid) in book.orders:
            return False
        known = await self._floor.journal.order(OrderKey(cid))
        return known is not None and known.order_id == report.order_id and known.status.is_final

    async def _dated(self, report: OrderReport) -> OrderReport:
        """With the word that we were away, where we were, and had not asked for its end."""
        order = self._floor.book.find(report.order_id, report.cid)
        cancelled = report.status is OrderStatus.CANCELLED
        if order is None or not cancelled or not order.status.is_open:
            return report
        life = await self._floor.journal.life(order.key)
        if any(isinstance(entry.event, CancelRequested) for entry in life):
            return report
        plain = report.text in ("", "CANCELED")
        return replace(report, text=f"{'cancelled' if plain else report.text} {AWAY}")

    def _confirmed(self, balances: Sequence[Balance]) -> tuple[Balance, ...]:
        """The free parts of balances on whose totals picture and stream agree."""
        held = self._floor.book.balances
        return tuple(
            balance
            for balance in balances
            if (known := held.get((balance.wallet, balance.currency))) is None
            or known.total == balance.total
        )

    def _agreed(self, positions: Sequence[Position]) -> tuple[Position, ...]:
        """As `_confirmed`: the picture may be older than what the stream has told meanwhile."""
        held = self._floor.book.positions
        return tuple(
            position
            for position in positions
            if (known := held.get(position.symbol)) is not None and known.amount == position.amount
        )

    def _unheard(self, key: OrderKey, told: set[int]) -> Order | None:
        order = self._floor.book.orders.get(key)
        if order is None or not order.status.is_open or order.order_id in told:
            return None
        return order


def _may_be(order: Order, row: UnreadOrder) -> bool:
    if row.order_id is not None and order.order_id is not None:
        return row.order_id == order.order_id
    return row.cid is None or row.cid == order.key


def _ids(reports: Sequence[OrderReport]) -> set[int]:
    return {report.order_id for report in reports}
