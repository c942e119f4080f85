"""Changing an open order where it stands."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.model.approval import ApprovedChange
from engine.model.change import OrderChange
from engine.model.errors import (
    DuplicateCommand,
    ExchangeUnreachable,
    GenesisError,
    LinkDown,
)
from engine.model.event import AmendFailed, AmendRequested
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, OrderTerms
from engine.model.result import AmendPreview, OrderTicket, Refused
from engine.model.use_cases import Errand
from engine.operations import pricing
from engine.operations.refusing import DECIDED_BEFORE, refusal, refuse, rights_taken
from engine.operations.sending import PATIENCE_FOR_ANSWER
from engine.operations.world import World
from engine.ports import Exchange
from engine.risk import binding
from engine.risk.changes import worth_of
from engine.risk.policy import RiskPolicyEngine

UNANSWERED = (
    "The exchange has not answered yet whether the order is changed. "
    "Whatever comes of it is told; look at /orders before asking again."
)


class Amending:
    """Reviewed, journalled, sent, and waited for; a lost answer is looked for."""

    def __init__(
        self,
        *,
        floor: Floor,
        exchange: Exchange,
        market: MarketDataFacade,
        risk: RiskPolicyEngine,
        doubt: Callable[[], None],
    ) -> None:
        self._floor = floor
        self._exchange = exchange
        self._risk = risk
        self._doubt = doubt
        self._world = World(floor, market)

    async def preview(self, order: Order, change: OrderChange) -> AmendPreview | Refused:
        """What a change would make of an order; nothing is sent."""
        if (closed := _unchangeable(order)) is not None:
            return closed
        change = _only_news(order, change)
        after = change.applied(order.terms)
        world = await self._world.around(after, instead_of=order)
        verdict = self._risk.judge_change(order, change, world)
        if verdict.reasons:
            return Refused(verdict.reasons)
        notes = _notes(order, change, after, world.market)
        if spared := self._risk.spared_change(order, change, world):
            change, notes = replace(change, reduce_only=True), (*notes, binding.because(spared))
            after = binding.bound(after)
        return AmendPreview(
            order=order,
            change=change,
            after=after,
            market=world.market,
            cost=worth_of(order, after, world.market),
            notes=notes,
            verdict=verdict,
        )

    async def amend(
        self, errand: Errand, key: OrderKey, change: OrderChange
    ) -> OrderTicket | Refused:
        """Ask for the change and wait for the answer.

        Raises `ExchangeUnreachable` while nobody can say what became of it.
        """
        try:
            approved = await self._approved(errand, key, change)
            if isinstance(approved, Refused):
                return await refuse(self._floor, errand, "amend_order", approved)
            # from the review to here nothing is awaited: it was of the order as it stands
            await self._record(errand, approved)
        except DuplicateCommand:
            return await self._asked_before(key, change)
        await self._send(errand, approved)
        return await self._answer(key, change)

    async def _approved(
        self, errand: Errand, key: OrderKey, change: OrderChange
    ) -> ApprovedChange | Refused:
        order = self._floor.book.orders.get(key)
        if order is None:
            return refusal("no_order", f"There is no open order {key}. /orders lists them.")
        if (closed := _unchangeable(order)) is not None:
            return closed
        after = change.applied(order.terms)
        world = await self._world.around(after, instead_of=order)
        order = self._floor.book.orders.get(key, order)
        if (closed := _unchangeable(order) or self._unable(key)) is not None:
            return closed
        if (why := rights_taken(self._floor, errand)) is not None:
            return refusal("not_allowed", why)
        return self._risk.review_change(order, change, world)

    def _unable(self, key: OrderKey) -> Refused | None:
        if (why := self._floor.closed_because()) is not None:
            return refusal("desk_closed", f"Nothing was changed: {why}. Try again later.")
        if key in self._floor.book.amending:
            return refusal("change_under_way", "A change of this order is under way; wait for it.")
        return None

    async def _record(self, errand: Errand, approved: ApprovedChange) -> None:
        key = approved.order.key
        self._floor.amend_refusals.pop(key, None)
        asked = AmendRequested(
            at=self._floor.clock.now(),
            actor_id=errand.actor.actor_id,
            key=key,
            change=approved.change,
        )
        await self._floor.record([asked], claim=errand.command_id)

    async def _send(self, errand: Errand, approved: ApprovedChange) -> None:
        key = approved.order.key
        if key not in self._floor.book.amending:
            return  # it closed while the wish was journalled
        why = self._floor.closed_because() or rights_taken(self._floor, errand)
        if why is not None:
            await self._nothing_sent(key, why)
            return
        try:
            await self._exchange.amend(approved)
        except ExchangeUnreachable:
            self._doubt()
        except LinkDown:
            await self._nothing_sent(key, "the link to the exchange was lost")
        except GenesisError as error:
            await self._nothing_sent(key, error.sentence)

    async def _nothing_sent(self, key: OrderKey, why: str) -> None:
        failed = AmendFailed(at=self._floor.clock.now(), key=key, reason=f"nothing was sent: {why}")
        await self._floor.decide(lambda book: [failed] if key in book.amending else [])

    async def _answer(
        self, key: OrderKey, change: OrderChange, *, repeated: bool = False
    ) -> OrderTicket | Refused:
        floor = self._floor
        await floor.until(lambda: key not in floor.book.amending, PATIENCE_FOR_ANSWER)
        order = floor.book.orders.get(key) or await floor.journal.order(key)
        if order is not None and change.applied(order.terms) == order.terms:
            return OrderTicket(order=order, repeated=repeated)
        if (reason := floor.amend_refusals.pop(key, None)) is not None:
            return refusal("amend_refused", f"The order stands as it stood: {reason}")
        if order is not None and (closed := _unchangeable(order)) is not None:
            return closed
        self._doubt()
        raise ExchangeUnreachable(UNANSWERED)

    async def _asked_before(self, key: OrderKey, change: OrderChange) -> OrderTicket | Refused:
        """What came of it; a wish that was declined or refused instead asked nothing."""
        asked, failed = False, ""
        for entry in await self._floor.journal.life(key):
            if isinstance(entry.event, AmendRequested) and _is_same(entry.event.change, change):
                asked, failed = True, ""
            elif isinstance(entry.event, AmendFailed):
                failed = entry.event.reason
        if not asked:
            return DECIDED_BEFORE
        if failed:
            return refusal("amend_refused", f"The order stands as it stood: {failed}")
        return await self._answer(key, change, repeated=True)


def _is_same(asked: OrderChange, wished: OrderChange) -> bool:
    """What passed only because it reduces was asked for as reduce-only."""
    return asked in (wished, replace(wished, reduce_only=True))


def _unchangeable(order: Order) -> Refused | None:
    name = order.order_id or order.key
    if order.status is OrderStatus.PENDING:
        return refusal("not_answered", f"The exchange has not confirmed order {name} yet.")
    if order.status is OrderStatus.LOST:
        return refusal("not_found", f"The exchange does not know order {name}.")
    if not order.status.is_open:
        return refusal(
            "order_closed", f"Order {name} is {order.status} already; nothing is left to change."
        )
    return None


def _only_news(order: Order, change: OrderChange) -> OrderChange:
    terms = order.terms
    return OrderChange(
        amount=None if change.amount == terms.amount else change.amount,
        price=None if change.price == terms.price else change.price,
        trigger=None if change.trigger == terms.trigger else change.trigger,
        trail=None if change.trail == terms.trail else change.trail,
    )


def _notes(
    order: Order, change: OrderChange, after: OrderTerms, market: Decimal
) -> tuple[str, ...]:
    said = []
    resting = after.type in pricing.CROSSING and not pricing.crosses(after, market)
    if change.price is not None and resting:
        said.append("At a new price it queues behind the orders already there.")
    if change.price is not None and pricing.trades_at_once(after, market):
        said.append("The new limit crosses the market: it trades at once, as taker.")
    if order.partner is not None:
        said.append("The other order of its OCO stays as it is.")
    return tuple(said)
