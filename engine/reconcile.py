"""After every (re)connect: the exchange's truth against the book. Never guesses."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import structlog

from engine.book import Book
from engine.discrepancies import unaccounted, unexplained
from engine.fates import Fates
from engine.floor import Floor
from engine.looks import Looks
from engine.model.account import Wallet
from engine.model.errors import GenesisError, JournalUnavailable
from engine.model.event import (
    Event,
    ExchangeReconciled,
    LotCorrected,
    OrderChanged,
    PositionFound,
)
from engine.model.ids import OrderKey
from engine.model.lot import Lot
from engine.model.order import Order, OrderStatus, Origin
from engine.model.symbol import Symbol
from engine.ports import Exchange
from engine.sizes import set_right

ANSWER_SECONDS = 5.0
SETTLE_SECONDS = (1.5, 3.5)
"""Between the looks after which an order that none of them showed is given up."""

RETRY_SECONDS = 2.0
BLIND_SECONDS = 30.0
"""Until the next look for an order that a row nobody could read may be."""

Sizes = Mapping[OrderKey, tuple[Order, Decimal]]

log = structlog.get_logger()


class Reconciler:
    """Compares when the link came up, and again whenever somebody is in doubt."""

    def __init__(self, floor: Floor, exchange: Exchange) -> None:
        self._floor = floor
        self._exchange = exchange
        self._looks = Looks(floor, exchange)
        self._fates = Fates(floor, exchange, self.doubt)
        self._wanted = False
        self._blind_until: datetime | None = None
        self._odd: Mapping[Symbol, Decimal] = {}
        self._unsure: Sizes = {}

    def doubt(self) -> None:
        """An answer is overdue: compare again soon."""
        self._wanted = True
        self._floor.wake()

    async def run(self) -> None:
        """Compare after each new link and each doubt; ends only by cancellation."""
        while True:
            if not await self._floor.until(self._due, patience=ANSWER_SECONDS):
                odd = self._still_odd() | self._still_unsure()
                self._wanted = self._wanted or self._overdue() or odd
                continue
            fresh_link = self._is_fresh()
            self._wanted = False
            try:
                await self._compare(fresh_link)
            except JournalUnavailable:
                raise
            except GenesisError as error:
                log.warning("reconcile_failed", detail=error.sentence)
                self._wanted = True
                await self._floor.clock.sleep(RETRY_SECONDS)

    def _due(self) -> bool:
        gate = self._floor.gate
        return gate.link_since is not None and (self._wanted or self._is_fresh())

    def _is_fresh(self) -> bool:
        """Whether not all is settled that the loss of the last link left open."""
        gate = self._floor.gate
        return not gate.reconciled or gate.link_since != gate.settled_link

    def _overdue(self) -> bool:
        """Whether the exchange owes an answer that nobody waits for any more."""
        floor, now = self._floor, self._floor.clock.now()
        if self._blind_until is not None and now < self._blind_until:
            return False
        limit = now - timedelta(seconds=ANSWER_SECONDS)
        return any(
            order.updated_at < limit and order.key not in floor.in_flight
            for order in floor.book.pending()
        ) or any(request.at < limit for request in floor.book.amending.values())

    def _still_odd(self) -> bool:
        """Whether positions have been unexplained, alike, since the last time we looked."""
        book, before = self._floor.book, self._odd
        self._odd = book.ledger.misjudged(book.positions) | unexplained(book)
        return any(self._odd.get(symbol) == beyond for symbol, beyond in before.items())

    def _still_unsure(self) -> bool:
        """As `_still_odd`, for orders that seem to have filled more than they traded."""
        before, self._unsure = self._unsure, unaccounted(self._floor.book)
        return any(self._unsure.get(key) == size for key, size in before.items())

    async def _compare(self, fresh_link: bool) -> None:
        floor = self._floor
        link, began = floor.gate.link_since, floor.clock.now()
        known = set(floor.book.orders)
        trades = len(floor.book.trade_ids)
        doubtful = {order.key for order in floor.book.pending()}
        odd, wrong = unexplained(floor.book), floor.book.ledger.misjudged(floor.book.positions)
        sizes = unaccounted(floor.book)
        unsure = {k: size for k, size in sizes.items() if self._unsure.get(k) == size}
        overdue = floor.cancels_overdue.copy()
        floor.fees = await self._exchange.fees()
        missing = await self._missing(fresh_link)
        await self._fates.conclude(missing)
        if fresh_link and missing:
            await floor.until(lambda: not self._answers_due(doubtful), ANSWER_SECONDS)
        if floor.gate.link_since != link:
            return
        await self._fates.answer_requests(known if fresh_link else overdue, began)
        await self._find_positions(odd)
        await self._set_right(unsure)
        await self._correct_lots(wrong)
        floor.gate.reconciled = True
        floor.known_until = began
        if fresh_link:
            settled = doubtful - self._answers_due(doubtful)
            await floor.record([self._summary(settled, known, trades)])
            floor.gate.settled_link = link
        floor.wake()

    async def _missing(self, fresh_link: bool) -> Sequence[Order]:
        """Orders of ours that look after look has not shown."""
        floor = self._floor
        suspects = {o.key for o in floor.book.open_orders()} - floor.in_flight.keys()
        self._looks.blurred = False
        missing = await self._looks.take(suspects, away=fresh_link)
        if fresh_link and all(order.status is OrderStatus.PENDING for order in missing):
            # The book is the exchange's but for orders of which nothing is known: they stay
            # pending, money set aside, and nobody has to wait for the looks they still need.
            floor.gate.reconciled = True
            floor.wake()
        for seconds in SETTLE_SECONDS:
            if not missing:
                break
            await floor.clock.sleep(max(seconds, self._fates.too_early_by(missing)))
            missing = await self._looks.take({order.key for order in missing})
        until = floor.clock.now() + timedelta(seconds=BLIND_SECONDS)
        self._blind_until = until if self._looks.blurred else None
        return missing

    def _answers_due(self, keys: set[OrderKey]) -> set[OrderKey]:
        return keys & {order.key for order in self._floor.book.pending()}

    async def _find_positions(self, odd: Mapping[Symbol, Decimal]) -> None:
        """Tell of what was unexplained before we asked for all trades, and is after."""
        now = self._floor.clock.now()

        def found(book: Book) -> Sequence[Event]:
            still = unexplained(book)
            book.forget_closed()
            return [
                PositionFound(at=now, position=book.positions[symbol])
                for symbol, beyond in odd.items()
                if still.get(symbol) == beyond
            ]

        await self._floor.decide(found)

    async def _set_right(self, unsure: Sizes) -> None:
        """What was made smaller by hand has not traded: nobody has told of such a trade."""
        now = self._floor.clock.now()

        def righted(book: Book) -> Sequence[Event]:
            still = unaccounted(book)
            return [
                OrderChanged(at=now, order=set_right(order, traded))
                for key, (order, traded) in unsure.items()
                if still.get(key) == (order, traded) and order.remaining + traded
            ]

        await self._floor.decide(righted)

    async def _correct_lots(self, wrong: Mapping[Symbol, Decimal]) -> None:
        """A position is what the exchange says, whatever our trades come to."""
        now = self._floor.clock.now()

        def corrected(book: Book) -> Sequence[Event]:
            still = book.ledger.misjudged(book.positions)
            sure = [symbol for symbol, beyond in wrong.items() if still.get(symbol) == beyond]
            return [LotCorrected(at=now, lot=_lot_of(book, symbol)) for symbol in sorted(sure)]

        await self._floor.decide(corrected)

    def _summary(
        self, settled: set[OrderKey], known: set[OrderKey], trades: int
    ) -> ExchangeReconciled:
        book = self._floor.book
        found = (
            order.key
            for order in book.orders.values()
            if order.key not in known and order.origin is Origin.ELSEWHERE
        )
        return ExchangeReconciled(
            at=self._floor.clock.now(),
            settled=tuple(sorted(settled)),
            found=tuple(found),
            missed=len(book.trade_ids) - trades,
        )


def _lot_of(book: Book, symbol: Symbol) -> Lot:
    held = book.positions.get(symbol)
    if held is None:
        return Lot(wallet=Wallet.MARGIN, symbol=symbol)
    return Lot(wallet=Wallet.MARGIN, symbol=symbol, amount=held.amount, cost=held.base_price)
