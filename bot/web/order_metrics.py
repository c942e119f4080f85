"""A journal reader that counts what becomes of orders, from the start of the service on."""

import asyncio
import math
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from bot.web.metrics import Metrics
from engine.model.entry import Entry
from engine.model.errors import JournalUnavailable
from engine.model.event import (
    Event,
    OrderAccepted,
    OrderClosed,
    OrderEvent,
    OrderFound,
    OrderRejected,
    OrderSubmitted,
)
from engine.model.ids import OrderKey
from engine.model.order import OrderStatus
from engine.ports import Journal

READER = "metrics"
MOST_OPEN = 10_000
PATIENCE = 2.0

log = structlog.get_logger()


class OrderMetrics:
    """Feeds `Metrics` from the journal; loses no entry when the database was away."""

    def __init__(
        self,
        metrics: Metrics,
        journal: Journal,
        readers: Sequence[str] = (),
        also: Sequence[Callable[[Entry], None]] = (),
    ) -> None:
        """`readers` are the stored cursors whose lag is told beside our own; `also` is told each
        entry."""
        self._metrics = metrics
        self._journal = journal
        self._readers = readers
        self._also = also
        self._seq: int | None = None
        self._submitted: dict[OrderKey, datetime] = {}
        metrics.before_reading("journal lag", self._measure_lag)

    async def run(self) -> None:
        """Follow for ever; a task for the nursery, to be started again after a failure."""
        if self._seq is None:
            self._seq = await self._journal.last_seq()
        async for entries in self._journal.follow(self._seq):
            for entry in entries:
                self._count(entry)
                for count in self._also:
                    count(entry)
                self._seq = entry.seq

    def _count(self, entry: Entry) -> None:
        event = entry.event
        status = _status(event)
        if not isinstance(event, OrderEvent) or status is None:
            return
        order = event.order
        kind = order.terms.type.value.replace(" ", "_")
        self._metrics.order(order.terms.symbol, kind, status)
        self._time(event)

    def _time(self, event: OrderEvent) -> None:
        key = event.order.key
        if isinstance(event, OrderSubmitted):
            while len(self._submitted) >= MOST_OPEN:
                self._submitted.pop(next(iter(self._submitted)))
            self._submitted[key] = event.at
            return
        began = self._submitted.get(key)
        if began is None:
            return
        if isinstance(event, OrderAccepted):
            self._metrics.order_latency("accepted", (event.at - began).total_seconds())
        elif isinstance(event, OrderClosed | OrderRejected):
            del self._submitted[key]
            if event.order.status is OrderStatus.FILLED:
                self._metrics.order_latency("filled", (event.at - began).total_seconds())

    async def _measure_lag(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                newest = await self._journal.last_seq()
                cursors = {name: await self._journal.cursor(name) for name in self._readers}
        except (TimeoutError, JournalUnavailable) as error:
            log.warning("journal_lag_unknown", reason=type(error).__name__)
            for reader in (READER, *self._readers):
                self._metrics.journal_lag(reader, math.nan)
            return
        for reader, seq in {READER: self._seq, **cursors}.items():
            self._metrics.journal_lag(reader, newest - seq if seq is not None else math.nan)


def _status(event: Event) -> str | None:
    match event:
        case OrderSubmitted():
            return "submitted"
        case OrderAccepted():
            return "accepted"
        case OrderFound():
            return "found"
        case OrderClosed() | OrderRejected():
            return event.order.status.value
        case _:
            return None
