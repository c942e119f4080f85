"""When everything must stop: the call is journalled at once, the rest follows by itself."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.model.account import Wallet
from engine.model.errors import DuplicateCommand, ExchangeError
from engine.model.event import BracketClosed, Event, TradingPaused
from engine.model.ids import CommandId
from engine.model.money import of_market
from engine.model.order import Order, Origin
from engine.model.panic import PANIC, called_by
from engine.model.panic_event import PanicCalled
from engine.model.panic_result import PanicPreview, PanicReport, Saleable, Standstill
from engine.model.position import Position
from engine.model.result import CancelReport, Holding, Refused
from engine.model.symbol import Symbol, quote_of
from engine.model.use_cases import Errand
from engine.operations.cancelling import Cancelling
from engine.operations.letting_go import LettingGo
from engine.operations.panic_scene import UNRECORDED, PanicScene
from engine.operations.refusing import DECIDED_BEFORE
from engine.panic.legs import DUST, NO_PAIR

PATIENCE_FOR_PAIRS = 1.0
PATIENCE_FOR_END = 1.0
PATIENCE_FOR_BOOK = 10.0
MADE_ELSEWHERE = (Origin.ELSEWHERE, Origin.IGNORED)
LINK_DOWN = "Not cancelled yet: {}"


class PanicOperations:
    """Calling a panic and looking at one; carrying it out is the evacuation's."""

    def __init__(
        self, floor: Floor, market: MarketDataFacade, scene: PanicScene, cancelling: Cancelling
    ) -> None:
        self._floor = floor
        self._market = market
        self._scene = scene
        self._cancelling = cancelling
        self._letting_go = LettingGo(floor)

    async def call(self, errand: Errand, spot: bool) -> PanicReport | Refused:
        """Pause and call, in one entry; while a panic runs, join it. Never waits for the exchange.

        What the journal cannot take is done none the less, and journalled when it is back: orders
        are cancelled at once, positions closed by `BlindEvacuation`.
        """
        panics = self._floor.book.panic
        if (known := panics.of(errand.command_id)) is not None:
            return self._scene.report(known, repeated=True)
        now = self._floor.clock.now()
        called = self._called(errand, spot, now)
        events = [called, *self._pause(errand, now), *self._released(errand)]
        try:
            journalled = await self._cancelling.journalled(events, errand.command_id)
        except DuplicateCommand:
            self._letting_go.resume(events)
            return await self._repeated(errand)
        notes = () if journalled else await self._without_journal(errand, events)
        await self._floor.until(lambda: self._has_ended(errand.command_id), PATIENCE_FOR_END)
        panic = self._floor.book.panic.of(errand.command_id)
        if panic is None:
            return DECIDED_BEFORE
        report = self._scene.report(panic)
        return replace(report, notes=tuple(dict.fromkeys((*notes, *report.notes))))

    async def preview(self) -> PanicPreview:
        """What a panic would do now; prices are what was heard last."""
        with suppress(ExchangeError, TimeoutError):
            async with asyncio.timeout(PATIENCE_FOR_PAIRS):
                await self._market.pairs()
        book, running = self._floor.book, self._floor.book.panic.running
        orders = tuple(book.open_orders())
        worth, unpriced = self._worth(orders)
        known = bool(self._market.known_pairs)
        return PanicPreview(
            orders=len(orders),
            worth=tuple(sorted(worth.items())),
            unpriced=unpriced,
            elsewhere=sum(order.origin in MADE_ELSEWHERE for order in orders),
            brackets=tuple(book.brackets.values()),
            holdings=tuple(self._holding(book.positions[s]) for s in sorted(book.positions)),
            spot=tuple(self._saleable()) if known else None,
            closed_because=self._floor.closed_because(),
            running=None if running is None else self._scene.report(running),
        )

    async def standstill(self) -> Standstill:
        """Why nothing is opened now."""
        book, panics = self._floor.book, self._floor.book.panic
        newest = panics.running or panics.last
        since = book.paused.at if book.paused is not None else None
        if newest is not None and (since is None or newest.at < since):
            newest = panics.running
        risk = book.risk
        return Standstill(
            paused=book.paused,
            panic=None if newest is None else self._scene.report(newest),
            trips=tuple(risk.trips.values()),
            breaker=risk.breaker,
            locks=tuple(risk.locks.values()),
        )

    def _called(self, errand: Errand, spot: bool, now: datetime) -> PanicCalled:
        book, actor = self._floor.book, errand.actor
        return PanicCalled(
            at=now,
            actor_id=actor.actor_id,
            name=actor.name,
            command_id=errand.command_id,
            spot=spot,
            orders=sum(1 for _ in book.open_orders()),
            positions=tuple(sorted(book.positions)),
        )

    def _pause(self, errand: Errand, now: datetime) -> Sequence[TradingPaused]:
        if self._floor.book.paused is not None:
            return ()
        actor = errand.actor
        return [TradingPaused(at=now, actor_id=actor.actor_id, name=actor.name, reason=PANIC)]

    def _released(self, errand: Errand) -> Sequence[BracketClosed]:
        """From here on no guardian places anything; their end is journalled with the call."""
        return self._letting_go.all_of_them(called_by(errand.actor.name))

    async def _without_journal(self, errand: Errand, events: Sequence[Event]) -> tuple[str, ...]:
        """Stand still in memory, and cancel what is known here."""
        floor = self._floor
        for event in events:
            if isinstance(event, PanicCalled | TradingPaused):
                floor.book.apply(event)
        floor.wake()
        keys = tuple(order.key for order in floor.book.open_orders())
        wish = replace(errand, command_id=CommandId(f"{errand.command_id}:cancel"))
        asked = await self._cancelling.cancel(wish, keys)
        if isinstance(asked, CancelReport):
            return (UNRECORDED,)
        return (UNRECORDED, *(LINK_DOWN.format(reason.sentence) for reason in asked.reasons))

    async def _repeated(self, errand: Errand) -> PanicReport | Refused:
        """After a restart a press may come back before the book is remembered."""
        wish = errand.command_id
        await self._floor.until(
            lambda: self._floor.book.panic.of(wish) is not None, PATIENCE_FOR_BOOK
        )
        known = self._floor.book.panic.of(wish)
        return DECIDED_BEFORE if known is None else self._scene.report(known, repeated=True)

    def _has_ended(self, wish: CommandId) -> bool:
        panic = self._floor.book.panic.of(wish)
        return panic is None or panic.ended_at is not None

    def _worth(self, orders: Sequence[Order]) -> tuple[dict[str, Decimal], int]:
        worth: dict[str, Decimal] = {}
        unpriced = 0
        for order in orders:
            terms = order.terms
            price = terms.price or terms.trigger or self._price(terms.symbol)
            if price is None:
                unpriced += 1
                continue
            quote = quote_of(terms.symbol)
            worth[quote] = worth.get(quote, Decimal(0)) + order.remaining * price
        return worth, unpriced

    def _holding(self, position: Position) -> Holding:
        price = self._price(position.symbol)
        if price is None:
            return Holding(position, None, position.profit)
        return Holding(position, price, (price - position.base_price) * position.amount)

    def _saleable(self) -> Iterator[Saleable]:
        for currency in self._scene.currencies():
            balance = self._floor.book.balances[Wallet.EXCHANGE, currency]
            symbol = self._scene.saleable_in(currency)
            if symbol is None:
                yield Saleable(currency=currency, amount=balance.total, symbol=None, words=NO_PAIR)
                continue
            price = self._price(symbol)
            small = balance.total < self._market.known_pairs[symbol].min_size
            yield Saleable(
                currency=currency,
                amount=balance.total,
                symbol=None if small else symbol,
                worth=None if price is None else balance.total * price,
                words=DUST if small else "",
            )

    def _price(self, symbol: Symbol) -> Decimal | None:
        price = self._market.last_price(symbol)
        return None if price is None else of_market(price)
