"""Placing and finding orders; cancelling and changing them have rooms of their own."""

from collections.abc import Callable
from decimal import Decimal

from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.model.approval import ApprovedOrder
from engine.model.change import OrderChange
from engine.model.draft import OrderDraft
from engine.model.errors import DuplicateCommand, InvalidInput
from engine.model.ids import CidSource, OrderId, OrderKey
from engine.model.order import Order, OrderTerms
from engine.model.result import (
    AmendPreview,
    CancelReport,
    Life,
    OrderPreview,
    Orders,
    OrderTicket,
    Refused,
)
from engine.model.symbol import Symbol
from engine.model.use_cases import Errand
from engine.operations.amending import Amending
from engine.operations.cancelling import Cancelling
from engine.operations.making import new_orders
from engine.operations.previews import Previews
from engine.operations.pricing import without_idle
from engine.operations.refusing import DECIDED_BEFORE, refuse, unless_open
from engine.operations.sending import Sending
from engine.operations.world import World
from engine.ports import Exchange
from engine.risk.circumstances import Circumstances
from engine.risk.policy import RiskPolicyEngine


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
        sending: Sending,
        doubt: Callable[[], None],
    ) -> None:
        self._floor = floor
        self._market = market
        self._risk = risk
        self._cids = cids
        self._sending = sending
        self._cancelling = Cancelling(floor, exchange, doubt)
        self._amending = Amending(
            floor=floor, exchange=exchange, market=market, risk=risk, doubt=doubt
        )
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
        is looked up until its fate is known. Of an OCO the ticket is of its first order.
        """
        if (made := self._floor.book.made_by.get(errand.command_id)) is not None:
            return OrderTicket(order=await self._sending.settled(made), repeated=True)
        terms = without_idle(terms)
        try:
            if (closed := await unless_open(self._floor)) is not None:
                return await refuse(self._floor, errand, "place_order", closed)
            world = await self._world.around(terms)
            approved = self._review(terms, world)
            if isinstance(approved, Refused):
                return await refuse(self._floor, errand, "place_order", approved)
            orders = new_orders(
                approved,
                at=world.now,
                actor_id=errand.actor.actor_id,
                command_id=errand.command_id,
            )
            price = world.market if terms.price is None else None
            taken = await self._sending.send(
                orders, approved, claim=errand.command_id, price=price, errand=errand
            )
            if taken is not None:
                return await refuse(self._floor, errand, "place_order", taken)
        except DuplicateCommand:
            return await self._made_before(errand)
        return OrderTicket(order=await self._sending.settled(approved.key))

    async def cancel(self, errand: Errand, keys: tuple[OrderKey, ...]) -> CancelReport | Refused:
        """Cancel what of these is still open, and report each one's fate."""
        return await self._cancelling.cancel(errand, keys)

    async def cancel_all(self, errand: Errand, symbol: Symbol | None) -> CancelReport | Refused:
        """Cancel whatever is open now, but for what is ignored."""
        return await self._cancelling.cancel_all(errand, symbol)

    async def preview_amend(self, number: int, change: OrderChange) -> AmendPreview | Refused:
        """What a change would make of an order; nothing is sent."""
        return await self._amending.preview(await self.find(number), change)

    async def amend(
        self, errand: Errand, key: OrderKey, change: OrderChange
    ) -> OrderTicket | Refused:
        """Change an open order where it stands."""
        return await self._amending.amend(errand, key, change)

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
        key, journal = book.keys.get(OrderId(number), OrderKey(number)), self._floor.journal
        order = book.orders.get(key) or await journal.order(key)
        order = order or await journal.order_named(OrderId(number))
        if order is None:
            raise InvalidInput(f"There is no order {number}. /orders lists the open ones.")
        return order

    async def life(self, number: int) -> Life:
        """An order and its entries in the journal; `InvalidInput` when there is none."""
        order = await self.find(number)
        return Life(order, tuple(await self._floor.journal.life(order.key)))

    def _review(self, terms: OrderTerms, world: Circumstances) -> ApprovedOrder | Refused:
        key = self._cids.next()
        partner = self._cids.next() if terms.oco_stop is not None else None
        return self._risk.review(key, terms, world, partner)

    async def _made_before(self, errand: Errand) -> OrderTicket | Refused:
        made = await self._floor.journal.order_of(errand.command_id)
        if made is None:
            return DECIDED_BEFORE
        return OrderTicket(order=await self._sending.settled(made.key), repeated=True)
