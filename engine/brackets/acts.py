"""What is done for a bracket: exits sent, changed and taken back, and its state journalled."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

import structlog

from engine.brackets.plan import Amend, Close, Place, Withdraw
from engine.brackets.situation import Situation, guarded
from engine.floor import Floor
from engine.model.bracket import Bracket, BracketStatus
from engine.model.change import OrderChange
from engine.model.errors import (
    DuplicateCommand,
    ExchangeError,
    ExchangeUnreachable,
    GenesisError,
    LinkDown,
    RateLimited,
)
from engine.model.event import (
    AmendRequested,
    BracketChanged,
    BracketClosed,
    BracketExposed,
    BracketNoted,
    CancelRequested,
)
from engine.model.ids import CidSource, CommandId, OrderKey
from engine.model.market import Pair
from engine.model.order import Order
from engine.model.result import Refused
from engine.operations.making import new_orders
from engine.operations.sending import PATIENCE_FOR_ANSWER, Sending
from engine.ports import Exchange
from engine.risk.exits import approve_exit, approve_resize, exit_terms

PAUSE_SECONDS = 1.0
PATIENCE_FOR_BULK = 3.0
ASK_AGAIN_SECONDS = 2.0
REPEATED = "its exits were written down before, by whom is not known"

log = structlog.get_logger()


class Acts:
    """Journal first, then the exchange; `doubt` is told when an answer is owed for too long."""

    def __init__(
        self,
        *,
        floor: Floor,
        exchange: Exchange,
        cids: CidSource,
        sending: Sending,
        doubt: Callable[[], None],
    ) -> None:
        self._floor = floor
        self._exchange = exchange
        self._cids = cids
        self._sending = sending
        self._doubt = doubt

    async def place(self, now: Situation, action: Place, pair: Pair) -> str | None:
        """Send exits, or a market order; why not, where we ourselves keep them back."""
        stop, take = (None, None) if action.at_market else now.prices
        terms = exit_terms(now.entry.terms, action.size, stop, take)
        approved = approve_exit(
            self._cids.next(),
            terms,
            entry=now.entry.terms,
            filled=now.traded,
            pair=pair,
            now=self._floor.clock.now(),
            partner=self._cids.next() if terms.oco_stop is not None else None,
        )
        if isinstance(approved, Refused):
            return "; ".join(reason.sentence for reason in approved.reasons)
        at = self._floor.clock.now()
        command_id = CommandId(f"bracket:{now.bracket.key}:{len(now.bracket.exits)}")
        orders = new_orders(
            approved,
            at=at,
            actor_id=now.bracket.actor_id,
            command_id=command_id,
            bracket=now.bracket.key,
        )
        begins = action.closing and now.bracket.status is not BracketStatus.CLOSING
        after = replace(
            now.bracket,
            status=BracketStatus.CLOSING if action.closing else now.bracket.status,
            exits=(*now.bracket.exits, *(order.key for order in orders)),
            held=now.held,
            updated_at=at,
        )
        try:
            await self._sending.send(
                orders,
                approved,
                claim=command_id,
                also=[(BracketChanged if begins else BracketNoted)(at=at, bracket=after)],
            )
        except DuplicateCommand:
            log.error("bracket_exits_repeated", bracket=now.bracket.key)
            return REPEATED
        return None

    async def amend(self, now: Situation, action: Amend) -> frozenset[OrderKey]:
        """Have exits changed where they stand; those that were not, as far as anybody knows.

        One that owes its answer must not be changed again: a change of size is told to the
        exchange as a difference.
        """
        floor = self._floor
        for key, _ in action.sizes:
            floor.amend_refusals.pop(key, None)
        await floor.record([self._wish(now, key, size) for key, size in action.sizes])
        try:
            for key, size in action.sizes:
                await self._resize(key, size, now.traded)
        except (LinkDown, RateLimited):
            await floor.clock.sleep(PAUSE_SECONDS)
            return frozenset()
        except GenesisError as error:
            log.warning("exit_not_amended", bracket=now.bracket.key, detail=error.sentence)
            self._doubt()
            return frozenset(key for key, _ in action.sizes)
        if not await floor.until(lambda: self._amended(action.sizes), PATIENCE_FOR_ANSWER):
            self._doubt()
        return frozenset(key for key, size in action.sizes if not self._has_size(key, size))

    async def withdraw(self, now: Situation, action: Withdraw) -> None:
        """Have orders cancelled, and remember that it was us."""
        floor, keys = self._floor, action.keys
        orders = [floor.book.orders[key] for key in keys]
        await floor.record(self._taking_back(now.bracket, keys))
        for key in keys:
            floor.cancel_refusals.pop(key, None)
        try:
            await self._cancel(orders)
        except ExchangeUnreachable:
            self._doubt()
        except ExchangeError as error:
            log.warning("exit_not_withdrawn", bracket=now.bracket.key, detail=error.sentence)
            await floor.clock.sleep(PAUSE_SECONDS)
            return
        if not await floor.until(lambda: self._answered(keys), PATIENCE_FOR_ANSWER):
            floor.cancels_overdue.update(keys)
            self._doubt()
        elif any(self._is_open(key) for key in keys):
            # what the exchange will not cancel has ended already, and we have not heard
            self._doubt()
            await floor.until(lambda: not any(map(self._is_open, keys)), ASK_AGAIN_SECONDS)

    async def _cancel(self, orders: Sequence[Order]) -> None:
        """Together, and one by one where the exchange will not have that."""
        floor, keys = self._floor, [order.key for order in orders]
        floor.bulk_refusal = None
        await self._exchange.cancel(orders)
        if len(orders) == 1:
            return
        await floor.until(
            lambda: floor.bulk_refusal is not None or self._answered(keys), PATIENCE_FOR_BULK
        )
        for order in orders:
            if not self._answered([order.key]):
                await self._exchange.cancel([order])

    async def confirms(self, now: Situation) -> bool:
        """Whether the exchange, asked for it, shows the position as we have heard of it."""
        symbol = now.entry.terms.symbol
        try:
            shown = (await self._exchange.account()).positions
        except ExchangeError as error:
            log.warning("position_not_confirmed", bracket=now.bracket.key, detail=error.sentence)
            return False
        return now.position == sum((p.amount for p in shown if p.symbol == symbol), Decimal(0))

    async def recede(self, now: Situation) -> None:
        """Note that from here on exits reach no further than the position."""
        at = self._floor.clock.now()
        after = replace(now.bracket, bounded=True, updated_at=at)
        await self._floor.record([BracketNoted(at=at, bracket=after)])

    async def expose(self, now: Situation, reason: str) -> None:
        """Tell that something is held which nothing guards."""
        await self.alarm(self._standing(now), reason)

    async def alarm(self, bracket: Bracket, reason: str) -> None:
        """Tell that a bracket cannot do its work."""
        at = self._floor.clock.now()
        after = replace(bracket, status=BracketStatus.EXPOSED, reason=reason, updated_at=at)
        await self._floor.record([BracketExposed(at=at, bracket=after)])

    async def close(self, now: Situation, action: Close) -> None:
        """Guard it no longer; loudly means that exposure is told first, which always rings."""
        at, stands, why = self._floor.clock.now(), self._standing(now), action.reason
        exposed = replace(stands, status=BracketStatus.EXPOSED, reason=why, updated_at=at)
        over = replace(exposed, status=BracketStatus.DONE)
        closed = BracketClosed(at=at, bracket=over)
        first = [BracketExposed(at=at, bracket=exposed)] if action.loudly else []
        await self._floor.record([*first, closed])

    async def note(self, bracket: Bracket) -> None:
        """Journal how it stands."""
        await self._floor.record([BracketChanged(at=bracket.updated_at, bracket=bracket)])

    def _standing(self, now: Situation) -> Bracket:
        return replace(now.bracket, held=now.held, guarded=guarded(now))

    async def _resize(self, key: OrderKey, size: Decimal, filled: Decimal) -> None:
        order = self._floor.book.orders[key]
        change = approve_resize(order, size, filled=filled)
        if change is not None and order.status.is_open:
            await self._exchange.amend(change)

    def _wish(self, now: Situation, key: OrderKey, size: Decimal) -> AmendRequested:
        return AmendRequested(
            at=self._floor.clock.now(),
            actor_id=now.bracket.actor_id,
            key=key,
            change=OrderChange(amount=size),
            guard=True,
        )

    def _taking_back(
        self, bracket: Bracket, keys: tuple[OrderKey, ...]
    ) -> Sequence[CancelRequested | BracketNoted]:
        at = self._floor.clock.now()
        asked = CancelRequested(at=at, actor_id=bracket.actor_id, keys=keys, guard=True)
        fresh = tuple(key for key in keys if key not in bracket.withdrawn)
        if not fresh:
            return [asked]
        after = replace(bracket, withdrawn=(*bracket.withdrawn, *fresh), updated_at=at)
        return [BracketNoted(at=at, bracket=after), asked]

    def _amended(self, sizes: Sequence[tuple[OrderKey, Decimal]]) -> bool:
        refused = self._floor.amend_refusals
        return all(self._has_size(key, size) or key in refused for key, size in sizes)

    def _has_size(self, key: OrderKey, size: Decimal) -> bool:
        order = self._floor.book.orders.get(key)
        return order is None or not order.status.is_open or order.terms.amount == size

    def _answered(self, keys: Sequence[OrderKey]) -> bool:
        refused = self._floor.cancel_refusals
        return all(key in refused or not self._is_open(key) for key in keys)

    def _is_open(self, key: OrderKey) -> bool:
        order: Order | None = self._floor.book.orders.get(key)
        return order is not None and order.status.is_open
