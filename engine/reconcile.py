"""After every (re)connect: the exchange's truth against the book. Never guesses, never re-sends
an order before the exchange has twice denied knowing it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from engine.digest import rejection
from engine.floor import Floor
from engine.model.account import Balance
from engine.model.errors import ExchangeError, ExchangeUnreachable, LinkDown
from engine.model.event import (
    CancelFailed,
    CancelRequested,
    Event,
    ExchangeReconciled,
    OrderClosed,
    OrderResubmitted,
)
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, Origin
from engine.model.position import Position
from engine.model.report import BalancesReport, OrderReport, PositionsReport, UnreadOrder
from engine.model.result import Refused
from engine.ports import Exchange
from engine.risk.policy import renew

# our clock and the exchange's may differ: histories are asked for from well before
OVERLAP = timedelta(minutes=10)
FARTHEST_CLOCK = timedelta(days=1)
SETTLE_SECONDS = 1.5
ANSWER_SECONDS = 5.0
RESEND_WITHIN = timedelta(seconds=60)
RETRY_SECONDS = 2.0
NEVER_ARRIVED = "the exchange does not know it and it is not sent again; see /orders"
NOT_SENT = "nothing was sent: the database was lost before it could be"
STILL_OPEN = "the exchange was asked, but still has it open; cancel it again"
VANISHED = "the exchange no longer knows it and its history does not show it"

log = structlog.get_logger()


class Reconciler:
    """Compares when the link came up, and again whenever somebody is in doubt."""

    def __init__(self, floor: Floor, exchange: Exchange) -> None:
        self._floor = floor
        self._exchange = exchange
        self._wanted = False

    def doubt(self) -> None:
        """An answer is overdue: compare again soon."""
        self._wanted = True
        self._floor.wake()

    async def run(self) -> None:
        """Compare after each new link and each doubt; ends only by cancellation."""
        while True:
            if not await self._floor.until(self._due, patience=ANSWER_SECONDS):
                self._wanted = self._wanted or self._overdue()
                continue
            fresh_link = not self._floor.gate.reconciled
            self._wanted = False
            try:
                await self._compare(fresh_link)
            except ExchangeError as error:
                log.warning("reconcile_failed", detail=error.sentence)
                self._wanted = True
                await self._floor.clock.sleep(RETRY_SECONDS)

    def _due(self) -> bool:
        gate = self._floor.gate
        return gate.link_since is not None and (self._wanted or not gate.reconciled)

    def _overdue(self) -> bool:
        """Whether the exchange owes an answer that nobody waits for any more."""
        floor = self._floor
        limit = floor.clock.now() - timedelta(seconds=ANSWER_SECONDS)
        return any(
            order.updated_at < limit and order.key not in floor.in_flight
            for order in floor.book.pending()
        )

    async def _compare(self, fresh_link: bool) -> None:
        floor = self._floor
        link, began = floor.gate.link_since, floor.clock.now()
        known = set(floor.book.orders)
        trades = len(floor.book.trade_ids)
        doubtful = {order.key for order in floor.book.pending()}
        floor.fees = await self._exchange.fees()
        suspects = {o.key for o in floor.book.open_orders()} - floor.in_flight
        missing = await self._look(suspects)
        if missing:
            await floor.clock.sleep(SETTLE_SECONDS)
            missing = await self._look({order.key for order in missing})
        for order in missing:
            await self._conclude(order, fresh_link)
        if fresh_link and missing:
            await floor.until(lambda: not self._answers_due(doubtful), ANSWER_SECONDS)
        if floor.gate.link_since != link:
            return
        await self._answer_cancels(known if fresh_link else floor.cancels_overdue & known, began)
        floor.gate.reconciled = True
        floor.known_until = began
        if fresh_link:
            settled = doubtful - self._answers_due(doubtful)
            await floor.record([self._summary(settled, known, trades)])
        floor.wake()

    def _answers_due(self, keys: set[OrderKey]) -> set[OrderKey]:
        return keys & {order.key for order in self._floor.book.pending()}

    def _since(self, suspects: set[OrderKey]) -> datetime:
        """From before the first thing we could have missed."""
        floor = self._floor
        moments = [o.created_at for o in floor.book.pending() if o.key in suspects]
        moments.append(floor.known_until or floor.clock.now())
        return min(moments) - OVERLAP

    async def _look(self, suspects: set[OrderKey]) -> Sequence[Order]:
        """Take in the exchange's truth; those of `suspects` that it did not mention."""
        floor, since = self._floor, self._since(suspects)
        picture = await self._exchange.account()
        history = await self._exchange.closed_orders(since - FARTHEST_CLOCK)
        told_of = history.orders
        closed = [r for r in told_of if r.updated_at >= since or self._is_one_of(suspects, r)]
        trades = await self._exchange.trades(since)
        await floor.absorb([*picture.orders, *closed, *trades])
        await floor.absorb([BalancesReport(balances=self._confirmed(picture.balances))])
        await floor.absorb([PositionsReport(positions=self._agreed(picture.positions))])
        told = {*_ids(picture.orders), *_ids(closed)}
        unheard = [order for key in sorted(suspects) if (order := self._unheard(key, told))]
        return _certain(unheard, [*picture.unread, *history.unread])

    def _is_one_of(self, suspects: set[OrderKey], report: OrderReport) -> bool:
        found = self._floor.book.find(report.order_id, report.cid)
        return found is not None and (found.key in suspects or found.status is OrderStatus.LOST)

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

    async def _conclude(self, order: Order, fresh_link: bool) -> None:
        if order.status is not OrderStatus.PENDING:
            await self._lose(order, VANISHED)
        elif order.key in self._floor.unsent:
            await self._decide(order, rejection(order, NOT_SENT, self._floor.clock.now()))
        elif fresh_link and self._may_resend(order):
            await self._resend(order)
        else:
            await self._lose(order, NEVER_ARRIVED)

    def _may_resend(self, order: Order) -> bool:
        """Fresh, never sent anew before, and left by a link that is gone."""
        age = self._floor.clock.now() - order.created_at
        fresh = timedelta(0) <= age < RESEND_WITHIN
        return fresh and order.updated_at == order.created_at and order.key in self._floor.astray

    async def _lose(self, order: Order, reason: str) -> None:
        gone = replace(order, status=OrderStatus.LOST, reason=reason)
        await self._decide(order, OrderClosed(at=self._floor.clock.now(), order=gone))

    async def _decide(self, order: Order, event: Event) -> bool:
        """Conclude it unless a word about the order has come in since it was looked at."""
        return await self._floor.decide(
            lambda book: [event] if book.orders.get(order.key) == order else []
        )

    async def _resend(self, order: Order) -> None:
        """The link it may have left by is gone and two looks did not find it: send it once."""
        floor = self._floor
        approved = renew(order, floor.book.paused)
        if isinstance(approved, Refused):
            await self._lose(order, f"{NEVER_ARRIVED}: {approved.reasons[0].sentence}")
            return
        now = floor.clock.now()
        again = replace(order, updated_at=now)
        if not await self._decide(order, OrderResubmitted(at=now, order=again)):
            return
        try:
            await self._exchange.submit(approved)
        except LinkDown:
            log.warning("resend_waits_for_link", key=order.key)
        except ExchangeUnreachable as error:
            log.warning("resend_in_doubt", key=order.key, detail=error.sentence)
            self.doubt()

    async def _answer_cancels(self, keys: set[OrderKey], began: datetime) -> None:
        """Tell of orders that were to be cancelled, and which the exchange shows as open."""
        floor = self._floor
        working = [o for o in floor.book.open_orders() if o.status is not OrderStatus.PENDING]
        for order in [order for order in working if order.key in keys]:
            asked = await self._asked_to_cancel(order.key)
            if asked is not None and asked < began:
                now = floor.clock.now()
                await self._decide(order, CancelFailed(at=now, key=order.key, reason=STILL_OPEN))
        floor.cancels_overdue -= keys

    async def _asked_to_cancel(self, key: OrderKey) -> datetime | None:
        """When, if nothing came of it."""
        asked = None
        for entry in await self._floor.journal.life(key):
            if isinstance(entry.event, CancelRequested):
                asked = entry.event.at
            elif isinstance(entry.event, CancelFailed):
                asked = None
        return asked

    def _summary(
        self, settled: set[OrderKey], known: set[OrderKey], trades: int
    ) -> ExchangeReconciled:
        book = self._floor.book
        found = (
            order.key
            for order in book.orders.values()
            if order.key not in known and order.origin is Origin.ELSEWHERE
        )
        return ExchangeReconciled(
            at=self._floor.clock.now(),
            settled=tuple(sorted(settled)),
            found=tuple(found),
            missed=len(book.trade_ids) - trades,
        )


def _certain(unheard: Sequence[Order], unread: Sequence[UnreadOrder]) -> Sequence[Order]:
    """Those the exchange certainly did not tell of: no row that could not be read may be it."""
    hidden = [order for order in unheard if any(_may_be(order, row) for row in unread)]
    if hidden:
        log.error("orders_unreadable", keys=[order.key for order in hidden], rows=len(unread))
    return [order for order in unheard if order not in hidden]


def _may_be(order: Order, row: UnreadOrder) -> bool:
    if row.order_id is not None and order.order_id is not None:
        return row.order_id == order.order_id
    return row.cid is None or row.cid == order.key


def _ids(reports: Sequence[OrderReport]) -> set[int]:
    return {report.order_id for report in reports}
