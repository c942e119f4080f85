"""Placing, cancelling and finding orders."""

from collections.abc import Callable
from decimal import Decimal

from engine.digest import rejection
from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.model.approval import ApprovedOrder
from engine.model.draft import OrderDraft
from engine.model.errors import (
    DuplicateCommand,
    ExchangeUnreachable,
    GenesisError,
    InvalidInput,
    JournalUnavailable,
    LinkDown,
)
from engine.model.event import CancelRequested, CommandRefused, OrderSubmitted
from engine.model.ids import CidSource, CommandId, OrderId, OrderKey
from engine.model.order import Order, OrderStatus, OrderTerms
from engine.model.result import (
    CancelFate,
    CancelReport,
    Life,
    OrderPreview,
    Orders,
    OrderTicket,
    Reason,
    Refused,
)
from engine.model.symbol import Symbol
from engine.model.use_cases import Errand
from engine.operations.previews import Previews
from engine.operations.world import World
from engine.ports import Exchange
from engine.risk.policy import RiskPolicyEngine

PATIENCE_FOR_LINK = 10.0
PATIENCE_FOR_ANSWER = 5.0
DECIDED_BEFORE = Refused((Reason("decided_before", "This was decided before; nothing is sent."),))


class OrderOperations:
    """The order desk. `doubt` is told when the exchange owes an answer for too long."""

    def __init__(
        self,
        *,
        floor: Floor,
        exchange: Exchange,
        market: MarketDataFacade,
        risk: RiskPolicyEngine,
        cids: CidSource,
        doubt: Callable[[], None],
    ) -> None:
        self._floor = floor
        self._exchange = exchange
        self._market = market
        self._risk = risk
        self._cids = cids
        self._doubt = doubt
        self._previews = Previews(floor, market, risk)
        self._world = World(floor, market)

    async def preview(self, draft: OrderDraft) -> OrderPreview | Refused:
        """What a draft would be; nothing is sent."""
        return await self._previews.of_draft(draft)

    async def preview_close(self, symbol: str, percent: Decimal) -> OrderPreview | Refused:
        """What closing a part of a position would be; nothing is sent."""
        return await self._previews.of_close(symbol, percent)

    async def place(self, errand: Errand, terms: OrderTerms) -> OrderTicket | Refused:
        """Journal the order, send it, wait a little for its first word.

        A repeated command answers with the order it made; an order still pending in the ticket
        is looked up until its fate is known.
        """
        if (made := self._floor.book.made_by.get(errand.command_id)) is not None:
            return OrderTicket(order=await self._settled(made), repeated=True)
        approved = await self._review(terms)
        if isinstance(approved, Refused):
            return await self._refuse(errand, approved)
        try:
            await self._submit(errand, approved)
        except DuplicateCommand:
            return await self._made_before(errand)
        return OrderTicket(order=await self._settled(approved.key))

    async def cancel(self, errand: Errand, keys: tuple[OrderKey, ...]) -> CancelReport | Refused:
        """Cancel what of these is still open, and report each one's fate."""
        book = self._floor.book
        known = [book.orders[key] for key in keys if key in book.orders]
        return await self._cancel(errand, known)

    async def cancel_all(self, errand: Errand, symbol: Symbol | None) -> CancelReport | Refused:
        """Cancel whatever is open now."""
        wanted = [
            order
            for order in self._floor.book.open_orders()
            if symbol is None or order.terms.symbol == symbol
        ]
        return await self._cancel(errand, wanted)

    async def show(self, symbol: str | None) -> Orders:
        """Open orders, newest first."""
        only = (await self._market.pair(symbol)).symbol if symbol is not None else None
        orders = [
            order
            for order in self._floor.book.open_orders()
            if only is None or order.terms.symbol == only
        ]
        return Orders(tuple(sorted(orders, key=lambda o: o.created_at, reverse=True)))

    async def find(self, number: int) -> Order:
        """An order by the exchange's id or by ours; `InvalidInput` when there is none."""
        book = self._floor.book
        key = book.keys.get(OrderId(number), OrderKey(number))
        order = book.orders.get(key) or await self._floor.journal.order(key)
        if order is None:
            raise InvalidInput(f"There is no order {number}. /orders lists the open ones.")
        return order

    async def life(self, number: int) -> Life:
        """An order and its entries in the journal; `InvalidInput` when there is none."""
        order = await self.find(number)
        return Life(order, tuple(await self._floor.journal.life(order.key)))

    async def _wait_open(self) -> Refused | None:
        floor = self._floor
        if await floor.until(lambda: floor.closed_because() is None, PATIENCE_FOR_LINK):
            return None
        why = floor.closed_because()
        return Refused((Reason("desk_closed", f"Nothing was sent: {why}. Try again later."),))

    async def _review(self, terms: OrderTerms) -> ApprovedOrder | Refused:
        if (closed := await self._wait_open()) is not None:
            return closed
        world = await self._world.around(terms)
        return self._risk.review(self._cids.next(), terms, world)

    async def _made_before(self, errand: Errand) -> OrderTicket | Refused:
        made = await self._floor.journal.order_of(errand.command_id)
        if made is None:
            return DECIDED_BEFORE
        return OrderTicket(order=await self._settled(made.key), repeated=True)

    async def _refuse(self, errand: Errand, refused: Refused) -> OrderTicket | Refused:
        """A refusal is final for its command, so that no second press slips past it."""
        event = CommandRefused(
            at=self._floor.clock.now(),
            actor_id=errand.actor.actor_id,
            command="place_order",
            command_id=errand.command_id,
            reasons=tuple(reason.sentence for reason in refused.reasons),
        )
        try:
            await self._floor.record([event], claim=errand.command_id)
        except DuplicateCommand:
            return await self._made_before(errand)
        return refused

    async def _submit(self, errand: Errand, approved: ApprovedOrder) -> None:
        floor, key = self._floor, approved.key
        order = self._new_order(errand, approved)
        floor.in_flight.add(key)
        try:
            await self._record(order, errand.command_id)
            if (closed := floor.closed_because()) is not None:
                await self._nothing_sent(key, closed)
            else:
                await self._send(approved)
        finally:
            floor.in_flight.discard(key)

    async def _record(self, order: Order, claim: CommandId) -> None:
        """A database that is lost over it may hold the order none the less."""
        submitted = OrderSubmitted(at=order.created_at, order=order)
        try:
            await self._floor.record([submitted], claim=claim)
        except JournalUnavailable:
            self._floor.unsent.add(order.key)
            raise

    async def _send(self, approved: ApprovedOrder) -> None:
        """Of all that can go wrong, only `ExchangeUnreachable` leaves the order in doubt."""
        try:
            await self._exchange.submit(approved)
        except ExchangeUnreachable:
            self._doubt()
        except LinkDown:
            await self._nothing_sent(approved.key, "the link to the exchange was lost")
        except GenesisError as error:
            await self._nothing_sent(approved.key, error.sentence)

    def _new_order(self, errand: Errand, approved: ApprovedOrder) -> Order:
        now = self._floor.clock.now()
        return Order(
            key=approved.key,
            terms=approved.terms,
            status=OrderStatus.PENDING,
            remaining=approved.terms.amount,
            created_at=now,
            updated_at=now,
            actor_id=errand.actor.actor_id,
            command_id=errand.command_id,
        )

    async def _nothing_sent(self, key: OrderKey, why: str) -> None:
        floor = self._floor
        floor.unsent.add(key)
        reason = f"nothing was sent: {why}"
        await floor.decide(lambda book: [rejection(book.orders[key], reason, floor.clock.now())])
        floor.unsent.discard(key)

    async def _settled(self, key: OrderKey) -> Order:
        """The order after the exchange's first word, or as it is when patience ends."""
        floor = self._floor

        def answered() -> bool:
            order = floor.book.orders.get(key)
            return order is not None and order.status is not OrderStatus.PENDING

        if not await floor.until(answered, PATIENCE_FOR_ANSWER):
            self._doubt()
        order = floor.book.orders.get(key) or await floor.journal.order(key)
        if order is None:
            raise InvalidInput(f"There is no order {key}.")
        return order

    async def _cancel(self, errand: Errand, orders: list[Order]) -> CancelReport | Refused:
        targets = [order for order in orders if order.status.is_open]
        if not targets:
            return CancelReport(tuple(CancelFate(order) for order in orders))
        if (closed := await self._wait_open()) is not None:
            return closed
        keys = tuple(order.key for order in targets)
        asked = CancelRequested(
            at=self._floor.clock.now(),
            actor_id=errand.actor.actor_id,
            keys=keys,
            command_id=errand.command_id,
        )
        try:
            await self._floor.record([asked], claim=errand.command_id)
        except DuplicateCommand:
            return await self._asked_before(keys, errand.command_id)
        for key in keys:  # what was refused before says nothing of this time
            self._floor.cancel_refusals.pop(key, None)
        try:
            await self._exchange.cancel(targets)
        except LinkDown as error:
            return Refused((Reason("link_down", f"Nothing was cancelled: {error.sentence}"),))
        except ExchangeUnreachable:
            self._doubt()
        return CancelReport(await self._cancelled(keys))

    async def _asked_before(
        self, keys: tuple[OrderKey, ...], wish: CommandId
    ) -> CancelReport | Refused:
        """The fates of what was asked; a wish that was declined instead asked nothing."""
        for key in keys:
            for entry in await self._floor.journal.life(key):
                event = entry.event
                if isinstance(event, CancelRequested) and event.command_id in (wish, None):
                    return CancelReport(self._fates(keys), repeated=True)
        return DECIDED_BEFORE

    async def _cancelled(self, keys: tuple[OrderKey, ...]) -> tuple[CancelFate, ...]:
        floor = self._floor

        def is_open(key: OrderKey) -> bool:
            order = floor.book.orders.get(key)
            return order is not None and order.status.is_open

        def answered() -> bool:
            return all(key in floor.cancel_refusals or not is_open(key) for key in keys)

        if not await floor.until(answered, PATIENCE_FOR_ANSWER):
            floor.cancels_overdue.update(keys)
            self._doubt()
        return self._fates(keys)

    def _fates(self, keys: tuple[OrderKey, ...]) -> tuple[CancelFate, ...]:
        floor = self._floor
        known = [order for key in keys if (order := floor.book.orders.get(key)) is not None]
        return tuple(CancelFate(o, floor.cancel_refusals.pop(o.key, "")) for o in known)
