"""From the stamp to the wire: an approved order is journalled, then sent, then waited for."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

from engine.book import Book
from engine.digest import rejection
from engine.floor import Floor
from engine.model.approval import ApprovedOrder
from engine.model.errors import (
    ExchangeUnreachable,
    GenesisError,
    InvalidInput,
    JournalUnavailable,
    LinkDown,
)
from engine.model.event import Event, OrderRejected, OrderSubmitted
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Order, OrderStatus
from engine.model.result import Refused
from engine.model.use_cases import Errand
from engine.operations.refusing import refusal, rights_taken
from engine.ports import Exchange

PATIENCE_FOR_ANSWER = 5.0
SEND_WITHIN = timedelta(seconds=5)
"""An order older than this is not sent any more: whoever looks for it later can rely on that."""


class Sending:
    """The only way an order leaves. `doubt` is told when the exchange owes an answer too long."""

    def __init__(self, floor: Floor, exchange: Exchange, doubt: Callable[[], None]) -> None:
        self._floor = floor
        self._exchange = exchange
        self._doubt = doubt

    async def send(
        self,
        orders: Sequence[Order],
        approved: ApprovedOrder,
        *,
        claim: CommandId | None = None,
        also: Sequence[Event] = (),
        price: Decimal | None = None,
        errand: Errand | None = None,
    ) -> Refused | None:
        """Commit the pending orders of one frame, and `also`, in one append; then let it leave.

        `orders` are one, or the two of an OCO: the second travels as `approved.partner`. What
        certainly never left is told as rejected, what may have left is looked for. Raises
        `DuplicateCommand` with nothing written, `JournalUnavailable` with nothing sent.
        `price` is what a market order will trade at, so that its money counts as spent.
        `errand` is on whose word it goes: a no, with nothing written, for who may not any more;
        whose rights are taken over the commit has it told as rejected. None asks nobody's rights.
        """
        floor, keys = self._floor, {order.key for order in orders}
        if errand is not None and (why := rights_taken(floor, errand)) is not None:
            return refusal("not_allowed", why)
        for order in orders:
            floor.in_flight[order.key] = order
            if price is not None:
                floor.expected[order.key] = price
        try:
            await self._record(orders, claim, also)
            if (closed := self._too_late(orders[0], errand)) is not None:
                await self._nothing_sent(keys, closed)
            else:
                await self._submit(approved, keys)
        finally:
            for key in keys:
                del floor.in_flight[key]
            if floor.expected:
                pending = {order.key for order in floor.book.pending()}
                floor.expected = {k: p for k, p in floor.expected.items() if k in pending}
        return None

    async def settled(self, key: OrderKey) -> Order:
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

    def _too_late(self, order: Order, errand: Errand | None) -> str | None:
        """Why it cannot leave any more: who was frozen over a commit wakes to another market."""
        if self._floor.clock.now() - order.created_at > SEND_WITHIN:
            return "the journal took too long over it"
        if order.bracket is not None and not self._is_guarded(order.bracket):
            return "its bracket was let go"
        if errand is not None and (why := rights_taken(self._floor, errand)) is not None:
            return why
        return self._floor.closed_because()

    def _is_guarded(self, bracket: OrderKey) -> bool:
        floor = self._floor
        return bracket in floor.book.brackets and bracket not in floor.let_go

    async def _record(
        self, orders: Sequence[Order], claim: CommandId | None, also: Sequence[Event]
    ) -> None:
        """A database that is lost over them may hold the orders none the less."""
        submitted = [OrderSubmitted(at=order.created_at, order=order) for order in orders]
        try:
            await self._floor.record([*submitted, *also], claim=claim)
        except JournalUnavailable:
            self._floor.unsent |= {order.key for order in orders}
            raise

    async def _submit(self, approved: ApprovedOrder, keys: set[OrderKey]) -> None:
        """Of all that can go wrong, only `ExchangeUnreachable` leaves the order in doubt."""
        try:
            await self._exchange.submit(approved)
        except ExchangeUnreachable:
            self._doubt()
        except LinkDown:
            await self._nothing_sent(keys, "the link to the exchange was lost")
        except GenesisError as error:
            await self._nothing_sent(keys, error.sentence)

    async def _nothing_sent(self, keys: set[OrderKey], why: str) -> None:
        floor, reason = self._floor, f"nothing was sent: {why}"

        def rejections(book: Book) -> list[OrderRejected]:
            now = floor.clock.now()
            return [rejection(book.orders[key], reason, now) for key in sorted(keys)]

        floor.unsent |= keys
        await floor.decide(rejections)
        floor.unsent -= keys
