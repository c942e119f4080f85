"""Orders and positions made elsewhere: what people decide about them."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.book import Book
from engine.floor import Floor
from engine.model.errors import DuplicateCommand
from engine.model.event import (
    Event,
    OrderAdopted,
    OrderIgnored,
    PositionAdopted,
    PositionIgnored,
)
from engine.model.ids import OrderKey
from engine.model.order import Order, Origin
from engine.model.result import Done, Refused, Strays
from engine.model.symbol import Symbol
from engine.model.use_cases import Errand
from engine.operations.refusing import DECIDED_BEFORE, refusal


class StrayOperations:
    """Ours to keep, or nobody's to touch; either may be said again the other way."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    async def show(self) -> Strays:
        """What nobody has decided about, oldest first."""
        book = self._floor.book
        orders = [o for o in book.open_orders() if o.origin is Origin.ELSEWHERE]
        positions = [
            position
            for symbol, position in sorted(book.positions.items())
            if book.standings.get(symbol) is Origin.ELSEWHERE
        ]
        return Strays(tuple(sorted(orders, key=lambda o: o.created_at)), tuple(positions))

    async def adopt_order(self, errand: Errand, key: OrderKey) -> Done | Refused:
        """Treat it as ours from now on: its news is the adopter's."""

        def adopted(order: Order) -> Event:
            who = errand.actor.actor_id
            ours = replace(order, origin=Origin.ADOPTED, actor_id=who)
            return OrderAdopted(at=self._floor.clock.now(), order=ours, actor_id=who)

        return await self._decide_order(errand, key, Origin.ADOPTED, adopted)

    async def ignore_order(self, errand: Errand, key: OrderKey) -> Done | Refused:
        """Leave it alone: what cancels all does not cancel it."""

        def ignored(order: Order) -> Event:
            who = errand.actor.actor_id
            left = replace(order, origin=Origin.IGNORED)
            return OrderIgnored(at=self._floor.clock.now(), order=left, actor_id=who)

        return await self._decide_order(errand, key, Origin.IGNORED, ignored)

    async def adopt_position(self, errand: Errand, symbol: Symbol) -> Done | Refused:
        """Treat it as ours from now on."""
        event = PositionAdopted(
            at=self._floor.clock.now(), actor_id=errand.actor.actor_id, symbol=symbol
        )
        return await self._decide_position(errand, symbol, Origin.ADOPTED, event)

    async def ignore_position(self, errand: Errand, symbol: Symbol) -> Done | Refused:
        """Leave it alone and ask no more until it is closed."""
        event = PositionIgnored(
            at=self._floor.clock.now(), actor_id=errand.actor.actor_id, symbol=symbol
        )
        return await self._decide_position(errand, symbol, Origin.IGNORED, event)

    async def _decide_order(
        self, errand: Errand, key: OrderKey, wanted: Origin, made: Callable[[Order], Event]
    ) -> Done | Refused:
        order = self._floor.book.orders.get(key)
        if order is None or not order.status.is_open:
            return refusal("order_gone", f"Order {key} is not open any more.")
        if order.origin is Origin.GENESIS:
            return refusal("not_a_stray", f"Order {key} was made here.")
        if order.origin is wanted:
            return Done(repeated=True)

        def decision(book: Book) -> Sequence[Event]:
            now = book.orders.get(key)
            return [made(now)] if now is not None and now.status.is_open else []

        def done() -> bool:
            now = self._floor.book.orders.get(key)
            return now is not None and now.origin is wanted

        return await self._decide(errand, decision, done, f"Order {key} is not open any more.")

    async def _decide_position(
        self, errand: Errand, symbol: Symbol, wanted: Origin, event: Event
    ) -> Done | Refused:
        gone = f"There is no {symbol} position made elsewhere."
        standing = self._floor.book.standings.get(symbol)
        if standing is wanted:
            return Done(repeated=True)
        if standing is None:
            return refusal("position_gone", gone)
        return await self._decide(
            errand,
            lambda book: [event] if symbol in book.standings else [],
            lambda: self._floor.book.standings.get(symbol) is wanted,
            gone,
        )

    async def _decide(
        self,
        errand: Errand,
        decision: Callable[[Book], Sequence[Event]],
        done: Callable[[], bool],
        gone: str,
    ) -> Done | Refused:
        try:
            decided = await self._floor.decide(decision, claim=errand.command_id)
        except DuplicateCommand:
            return Done(repeated=True) if done() else DECIDED_BEFORE
        return Done() if decided else refusal("gone", gone)
