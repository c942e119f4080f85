"""What is concluded of orders and wishes that the exchange, asked again and again, does not show.

An order the exchange never showed is lost, and its person told, but for one case: it is sent once
more, under the same cid, when all of this holds.

- Nobody can be about to send it: the process that journalled it is dead (`Desk.open`), or is this
  one and has given up. A living one sends nothing older than `SEND_WITHIN`, and this looks for the
  last time only when the order is older than `RESEND_AFTER`.
- No wire can still bring it: the link it may have left by ended with the process, or the exchange
  itself hung up (`LinkLost.hung_up`). After a link that was merely cut, silent or given up by us,
  the frame may sit in a buffer somewhere, so the order is lost and never sent again.
- The exchange does not know it: three looks, seconds apart, each at active orders, history and
  trades, over a link that works.
- It is fresh, was never sent anew before, and trading is not paused.

Assumed, because the exchange offers no way to prove it (a cid may be used twice, facts sheet 4.2):
a dead process's last bytes arrive, if ever, within `RESEND_AFTER` of the order's making, and REST
shows within the looks what the exchange has taken in by then.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from engine.asked import holds, under_way
from engine.digest import rejection
from engine.floor import Floor
from engine.model.actor import Actor, Role
from engine.model.errors import ExchangeUnreachable, GenesisError, JournalUnavailable
from engine.model.event import (
    AmendFailed,
    AmendRequested,
    CancelFailed,
    CancelRequested,
    Event,
    OrderClosed,
    OrderResubmitted,
)
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus
from engine.model.result import Refused
from engine.people.authority import why_not
from engine.ports import Exchange
from engine.risk.renewal import renew

RESEND_AFTER: Final = timedelta(seconds=8)
RESEND_WITHIN: Final = timedelta(seconds=60)
NEVER_ARRIVED = (
    "it never arrived at the exchange and is not sent again; "
    "look at /orders, then repeat it if you still want it"
)
NOT_SENT = "nothing was sent: the database was lost before it could be"
STILL_OPEN = "the exchange was asked, but still has it open; cancel it again"
STILL_THE_SAME = "the exchange was asked, but has it as it was; look at it before you ask again"
VANISHED = "the exchange no longer knows it and its history does not show it"

log = structlog.get_logger()


class Fates:
    """Concludes, under the floor's lock, unless a word came in meanwhile."""

    def __init__(self, floor: Floor, exchange: Exchange, doubt: Callable[[], None]) -> None:
        self._floor = floor
        self._exchange = exchange
        self._doubt = doubt

    def too_early_by(self, missing: Sequence[Order]) -> float:
        """Seconds until every order that may be sent anew is old enough for a last look."""
        now = self._floor.clock.now()
        waits = [
            (o.created_at + RESEND_AFTER - now).total_seconds()
            for o in missing
            if self._is_astray(o)
        ]
        return max(0.0, *waits, 0.0)

    async def conclude(self, missing: Sequence[Order]) -> None:
        """Settle orders that no look has shown."""
        by_key = {order.key: order for order in missing}
        for order in missing:
            if order.status is not OrderStatus.PENDING:
                await self._lose(order, VANISHED)
            elif order.key in self._floor.unsent:
                await self._decide(order, rejection(order, NOT_SENT, self._floor.clock.now()))
            elif (both := self._to_resend(order, by_key)) is None:
                await self._lose(order, NEVER_ARRIVED)
            elif both[0] is order:
                await self._resend(both)

    def _to_resend(self, order: Order, missing: dict[OrderKey, Order]) -> tuple[Order, ...] | None:
        """The orders of the frame it left in, if that may leave once more; None if not."""
        partner = missing.get(order.partner) if order.partner is not None else None
        if order.partner is not None and partner is None:
            return None
        both = (order,) if partner is None else tuple(sorted((order, partner), key=_key))
        return both if all(self._may_resend(one) for one in both) else None

    def _may_resend(self, order: Order) -> bool:
        age = self._floor.clock.now() - order.created_at
        return self._is_astray(order) and RESEND_AFTER <= age < RESEND_WITHIN

    def _is_astray(self, order: Order) -> bool:
        """Left by a link that is gone for certain, never sent anew, and not forbidden."""
        fresh = order.updated_at == order.created_at
        unanswered = order.status is OrderStatus.PENDING and order.key not in self._floor.unsent
        return unanswered and fresh and order.key in self._floor.astray

    async def _lose(self, order: Order, reason: str) -> None:
        gone = replace(order, status=OrderStatus.LOST, reason=reason)
        await self._decide(order, OrderClosed(at=self._floor.clock.now(), order=gone))

    async def _decide(self, order: Order, event: Event) -> bool:
        """Conclude it unless a word about the order has come in since it was looked at."""
        return await self._floor.decide(
            lambda book: [event] if book.orders.get(order.key) == order else []
        )

    def _taken_from(self, actor_id: str) -> str | None:
        """Why an order of theirs is not sent anew; whom the roster does not know has their word."""
        owner = Actor(actor_id=actor_id, name="", role=Role.TRADER)
        return why_not(self._floor.book.roster, owner, Role.TRADER)

    async def _resend(self, orders: tuple[Order, ...]) -> None:
        floor, first = self._floor, orders[0]
        book = floor.book
        approved = renew(
            first,
            paused=book.paused,
            risk=book.risk,
            position=book.positions.get(first.terms.symbol),
            now=floor.clock.now(),
            taken=self._taken_from(first.actor_id),
        )
        if isinstance(approved, Refused):
            for order in orders:
                await self._lose(
                    order, f"{NEVER_ARRIVED} ({approved.reasons[0].sentence.rstrip('.')})"
                )
            return
        now = floor.clock.now()
        again = [OrderResubmitted(at=now, order=replace(o, updated_at=now)) for o in orders]
        unheard = await floor.decide(
            lambda book: again if all(book.orders.get(o.key) == o for o in orders) else []
        )
        if not unheard:
            return
        try:
            await self._exchange.submit(approved)
        except ExchangeUnreachable as error:
            log.warning("resend_in_doubt", key=first.key, detail=error.sentence)
            self._doubt()
        except JournalUnavailable:
            raise
        except GenesisError as error:
            log.warning("resend_failed", key=first.key, detail=error.sentence)

    async def answer_requests(self, keys: set[OrderKey], began: datetime) -> None:
        """Tell of orders that were to be cancelled or changed, and which the exchange shows as
        they were; `began` is when it was asked."""
        floor = self._floor
        keys = keys | floor.book.amending.keys()
        working = [o for o in floor.book.open_orders() if o.status is not OrderStatus.PENDING]
        for order in [order for order in working if order.key in keys]:
            for event in await self._unanswered(order, began):
                await self._decide(order, event)
        floor.cancels_overdue -= keys

    async def _unanswered(self, order: Order, began: datetime) -> Sequence[Event]:
        now, key = self._floor.clock.now(), order.key
        cancel: CancelRequested | None = None
        amend: AmendRequested | None = None
        for entry in await self._floor.journal.life(key):
            amend = under_way(amend, entry.event)
            match entry.event:
                case CancelRequested():
                    cancel = entry.event
                case CancelFailed():
                    cancel = None
        told: list[Event] = []
        if cancel is not None and cancel.at < began:
            told.append(CancelFailed(at=now, key=key, reason=STILL_OPEN))
        if amend is not None and amend.at < began and not holds(order, amend):
            told.append(AmendFailed(at=now, key=key, reason=STILL_THE_SAME))
        return told


def _key(order: Order) -> OrderKey:
    return order.key
