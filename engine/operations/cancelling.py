"""Cancelling: never blocked by what blocks orders, and each order's fate told."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog

from engine.floor import Floor
from engine.model.errors import (
    DuplicateCommand,
    ExchangeUnreachable,
    GenesisError,
    JournalUnavailable,
    LinkDown,
)
from engine.model.event import BracketClosed, BracketEvent, CancelRequested, Event
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Order, Origin
from engine.model.result import CancelFate, CancelReport, Refused
from engine.model.symbol import Symbol
from engine.model.use_cases import Errand
from engine.operations.letting_go import LettingGo, let_go
from engine.operations.refusing import DECIDED_BEFORE, refusal
from engine.operations.sending import PATIENCE_FOR_ANSWER
from engine.ports import Exchange
from engine.via import stamped

PATIENCE_FOR_BULK = 3.0
PATIENCE_FOR_JOURNAL = 1.0
UNRECORDED = (
    "The database does not answer. The exchange was asked none the less; "
    "what came of it is journalled and told when the database is back."
)

log = structlog.get_logger()


class Cancelling:
    """Asks the exchange by whatever way it has, whether or not orders can be sent now."""

    def __init__(self, floor: Floor, exchange: Exchange, doubt: Callable[[], None]) -> None:
        self._floor = floor
        self._exchange = exchange
        self._doubt = doubt
        self._letting_go = LettingGo(floor)
        self._recordings: set[asyncio.Task[bool]] = set()

    async def cancel(self, errand: Errand, keys: Sequence[OrderKey]) -> CancelReport | Refused:
        """Cancel what of these is still open."""
        book = self._floor.book
        known = [book.orders[key] for key in keys if key in book.orders]
        return await self._cancel(errand, known)

    async def cancel_all(self, errand: Errand, symbol: Symbol | None) -> CancelReport | Refused:
        """Cancel whatever is open now, but for what somebody said to leave alone."""
        book = self._floor.book
        wanted = [o for o in book.open_orders() if symbol is None or o.terms.symbol == symbol]
        left = sum(order.origin is Origin.IGNORED for order in wanted)
        notes = [f"{left} ignored order{'s' * (left > 1)} left as is; see /orders."] if left else []
        if (closed := self._floor.closed_because()) is not None:
            notes.append(f"Only what is known here was cancelled: {closed}.")
        ours = [order for order in wanted if order.origin is not Origin.IGNORED]
        # from here on nothing is placed for brackets anew, whatever becomes of the rest
        ends = self._letting_go.everything_cancelled(errand, symbol)
        try:
            report = await self._cancel(errand, ours, notes)
            if isinstance(report, CancelReport) and not report.repeated:
                return replace(report, notes=(*report.notes, *await self._let_go(errand, ends)))
        except GenesisError:
            self._letting_go.resume(ends)
            raise
        # the exchange was not asked, so whatever is guarded stays guarded
        self._letting_go.resume(ends)
        return report

    async def _let_go(self, errand: Errand, ends: Sequence[BracketEvent]) -> Sequence[str]:
        """Journal that brackets are over, late where the database is away; what to say of it."""
        if not ends:
            return []
        try:
            await self._note(ends, CommandId(f"{errand.command_id}:let-go"))
        except DuplicateCommand:
            return []
        return [let_go(sum(isinstance(event, BracketClosed) for event in ends))]

    async def _cancel(
        self, errand: Errand, orders: Sequence[Order], notes: Sequence[str] = ()
    ) -> CancelReport | Refused:
        targets = [order for order in orders if order.status.is_open]
        if not targets:
            return CancelReport(tuple(CancelFate(order) for order in orders), notes=tuple(notes))
        keys = tuple(order.key for order in targets)
        try:
            unrecorded = await self._note([self._asked(errand, keys)], errand.command_id)
        except DuplicateCommand:
            return await self._asked_before(keys, errand.command_id)
        for key in keys:  # what was refused before says nothing of this time
            self._floor.cancel_refusals.pop(key, None)
        try:
            failures = await self._ask(targets, patient=not unrecorded)
        except LinkDown as error:
            return refusal("link_down", f"Nothing was cancelled: {error.sentence}")
        said = [*notes, UNRECORDED] if unrecorded else notes
        return CancelReport(self._fates(keys, failures), notes=tuple(said))

    def _asked(self, errand: Errand, keys: tuple[OrderKey, ...]) -> CancelRequested:
        return CancelRequested(
            at=self._floor.clock.now(),
            actor_id=errand.actor.actor_id,
            keys=keys,
            command_id=errand.command_id,
        )

    async def journalled(self, events: Sequence[Event], claim: CommandId) -> bool:
        """Journal a wish without waiting long; whether it is written, or else owed."""
        return not await self._note(events, claim)

    async def _note(self, events: Sequence[Event], claim: CommandId) -> bool:
        """Journal a wish, but do not let it wait for that; whether it had to go without."""
        recording = asyncio.create_task(self._record(events, claim))
        self._recordings.add(recording)
        recording.add_done_callback(self._recorded)
        done, _ = await asyncio.wait({recording}, timeout=PATIENCE_FOR_JOURNAL)
        return not done or recording.result()

    async def _record(self, events: Sequence[Event], claim: CommandId) -> bool:
        try:
            await self._letting_go.record(events, claim)
        except JournalUnavailable:
            self._floor.owed.append((stamped(events), claim))
            return True
        return False

    def _recorded(self, recording: "asyncio.Task[bool]") -> None:
        self._recordings.discard(recording)
        if not recording.cancelled() and (error := recording.exception()) is not None:
            log.info("cancel_not_recorded", detail=repr(error))

    async def _ask(self, targets: Sequence[Order], *, patient: bool) -> dict[OrderKey, str]:
        """Ask for all at once, then one by one for what that did not settle."""
        if len(targets) == 1:
            return await self._ask_each(targets, PATIENCE_FOR_ANSWER if patient else 0.0)
        floor = self._floor
        floor.bulk_refusal = None
        try:
            await self._exchange.cancel(targets)
        except LinkDown:
            raise
        except GenesisError as error:
            floor.bulk_refusal = error.sentence
        keys = {order.key for order in targets}
        if not patient:
            return {} if floor.bulk_refusal is None else await self._ask_each(targets, 0.0)
        await floor.until(
            lambda: floor.bulk_refusal is not None or not self._waiting(keys), PATIENCE_FOR_BULK
        )
        left = self._waiting(keys)
        again = [order for order in targets if order.key in left]
        return await self._ask_each(again, PATIENCE_FOR_ANSWER)

    async def _ask_each(self, orders: Sequence[Order], patience: float) -> dict[OrderKey, str]:
        """What could not even be asked, with the reason; the others are waited for."""
        failures: dict[OrderKey, str] = {}
        for order in orders:
            try:
                await self._exchange.cancel([order])
            except ExchangeUnreachable:
                self._doubt()
            except LinkDown as error:
                if len(orders) == 1:
                    raise
                failures[order.key] = error.sentence
            except GenesisError as error:
                failures[order.key] = error.sentence
        keys = {order.key for order in orders} - failures.keys()
        if patience and not await self._floor.until(lambda: not self._waiting(keys), patience):
            self._floor.cancels_overdue |= self._waiting(keys)
            self._doubt()
        return failures

    def _waiting(self, keys: set[OrderKey]) -> set[OrderKey]:
        """Those that are open still and were not refused."""
        floor = self._floor
        return {
            key
            for key in keys - floor.cancel_refusals.keys()
            if (order := floor.book.orders.get(key)) is not None and order.status.is_open
        }

    async def _asked_before(
        self, keys: tuple[OrderKey, ...], wish: CommandId
    ) -> CancelReport | Refused:
        """The fates of what was asked; a wish that was declined instead asked nothing."""
        for key in keys:
            for entry in await self._floor.journal.life(key):
                event = entry.event
                if isinstance(event, CancelRequested) and event.command_id in (wish, None):
                    return CancelReport(self._fates(keys, {}), repeated=True)
        return DECIDED_BEFORE

    def _fates(
        self, keys: tuple[OrderKey, ...], failures: dict[OrderKey, str]
    ) -> tuple[CancelFate, ...]:
        floor = self._floor
        known = [order for key in keys if (order := floor.book.orders.get(key)) is not None]
        refused = floor.cancel_refusals
        return tuple(
            CancelFate(o, refused.pop(o.key, "") or failures.get(o.key, "")) for o in known
        )
