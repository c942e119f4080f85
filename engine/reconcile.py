"""After every (re)connect: the exchange's truth against the book. Never guesses, never re-sends
an order before the exchange has twice denied knowing it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from engine.book import Book
from engine.floor import Floor
from engine.model.account import Balance
from engine.model.errors import ExchangeError, ExchangeUnreachable, LinkDown
from engine.model.event import ExchangeReconciled, OrderClosed, OrderResubmitted
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, Origin
from engine.model.report import BalancesReport, OrderReport, PositionsReport
from engine.model.result import Refused
from engine.ports import Exchange
from engine.risk.policy import renew

OVERLAP = timedelta(seconds=60)
SETTLE_SECONDS = 1.5
RESEND_WITHIN = timedelta(seconds=60)
RETRY_SECONDS = 2.0
NEVER_ARRIVED = "it never reached the exchange; nothing was placed"
VANISHED = "the exchange no longer knows it and its history does not show it"

log = structlog.get_logger()


class Reconciler:
    """Compares when the link came up, and again whenever somebody is in doubt."""

    def __init__(self, floor: Floor, exchange: Exchange) -> None:
        self._floor = floor
        self._exchange = exchange
        self._wanted = asyncio.Event()

    def doubt(self) -> None:
        """An answer is overdue: compare again soon."""
        self._wanted.set()
        self._floor.wake()

    async def run(self) -> None:
        """Compare after each new link and each doubt; ends only by cancellation."""
        while True:
            await self._floor.until(self._due, patience=3600.0)
            if not self._due():
                continue
            fresh_link = not self._floor.gate.reconciled
            self._wanted.clear()
            try:
                await self._compare(fresh_link)
            except ExchangeError as error:
                log.warning("reconcile_failed", detail=error.sentence)
                self._wanted.set()
                await self._floor.clock.sleep(RETRY_SECONDS)

    def _due(self) -> bool:
        gate = self._floor.gate
        return gate.link_since is not None and (self._wanted.is_set() or not gate.reconciled)

    async def _compare(self, fresh_link: bool) -> None:
        floor = self._floor
        link = floor.gate.link_since
        known = set(floor.book.orders)
        trades = len(floor.book.trade_ids)
        doubtful = {order.key for order in floor.book.pending()}
        floor.fees = await self._exchange.fees()
        missing = await self._look(self._since(floor.book.pending()))
        if missing:
            await floor.clock.sleep(SETTLE_SECONDS)
            missing = await self._look(self._since(missing))
        for order in missing:
            await self._conclude(order, fresh_link)
        if floor.gate.link_since != link:
            return
        floor.gate.reconciled = True
        if fresh_link:
            await floor.record([self._summary(doubtful, known, trades)])
        floor.wake()

    def _since(self, suspects: Sequence[Order]) -> datetime:
        """From before the first thing we could have missed."""
        moments = [order.created_at for order in suspects]
        moments.append(self._floor.known_until or self._floor.clock.now())
        return min(moments) - OVERLAP

    async def _look(self, since: datetime) -> Sequence[Order]:
        """Take in the exchange's truth; our open orders that it did not mention."""
        floor = self._floor
        suspects = [o for o in floor.book.open_orders() if o.key not in floor.in_flight]
        picture = await self._exchange.account()
        closed = await self._exchange.closed_orders(since)
        trades = await self._exchange.trades(since)
        await floor.absorb([*picture.orders, *closed, *trades])
        await floor.absorb([BalancesReport(balances=self._confirmed(picture.balances))])
        await floor.absorb([PositionsReport(positions=picture.positions)])
        told = {*_ids(picture.orders), *_ids(closed)}
        return [order for order in suspects if self._unheard(order.key, told)]

    def _confirmed(self, balances: Sequence[Balance]) -> tuple[Balance, ...]:
        """The free parts of balances on whose totals picture and stream agree."""
        held = self._floor.book.balances
        return tuple(
            balance
            for balance in balances
            if (known := held.get((balance.wallet, balance.currency))) is None
            or known.total == balance.total
        )

    def _unheard(self, key: OrderKey, told: set[int]) -> bool:
        order = self._floor.book.orders[key]
        return order.status.is_open and (order.order_id is None or order.order_id not in told)

    async def _conclude(self, order: Order, fresh_link: bool) -> None:
        age = self._floor.clock.now() - order.created_at
        if order.status is not OrderStatus.PENDING:
            await self._lose(order.key, VANISHED)
        elif fresh_link and age < RESEND_WITHIN:
            await self._resend(order)
        else:
            await self._lose(order.key, NEVER_ARRIVED)

    async def _lose(self, key: OrderKey, reason: str) -> None:
        def lost(book: Book) -> Sequence[OrderClosed]:
            order = book.orders[key]
            if not order.status.is_open:
                return []
            gone = replace(order, status=OrderStatus.LOST, reason=reason)
            return [OrderClosed(at=self._floor.clock.now(), order=gone)]

        await self._floor.decide(lost)

    async def _resend(self, order: Order) -> None:
        """The link it may have left by is gone and two looks did not find it: send it once."""
        floor = self._floor
        approved = renew(order, floor.book.paused)
        if isinstance(approved, Refused):
            await self._lose(order.key, f"{NEVER_ARRIVED}: {approved.reasons[0].sentence}")
            return
        await floor.decide(
            lambda book: [OrderResubmitted(at=floor.clock.now(), order=book.orders[order.key])]
        )
        try:
            await self._exchange.submit(approved)
        except LinkDown:
            log.warning("resend_waits_for_link", key=order.key)
        except ExchangeUnreachable as error:
            log.warning("resend_in_doubt", key=order.key, detail=error.sentence)
            self.doubt()

    def _summary(
        self, doubtful: set[OrderKey], known: set[OrderKey], trades: int
    ) -> ExchangeReconciled:
        book = self._floor.book
        found = (
            order.key
            for order in book.orders.values()
            if order.key not in known and order.origin is Origin.ELSEWHERE
        )
        return ExchangeReconciled(
            at=self._floor.clock.now(),
            settled=tuple(sorted(doubtful)),
            found=tuple(found),
            missed=len(book.trade_ids) - trades,
        )


def _ids(reports: Sequence[OrderReport]) -> set[int]:
    return {report.order_id for report in reports}
