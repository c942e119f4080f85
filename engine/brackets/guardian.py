"""Sees to it that what brackets hold is guarded: looks, does one thing, looks again."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import structlog

from engine.brackets.acts import Acts
from engine.brackets.plan import (
    SLOW_SECONDS,
    Action,
    Amend,
    Close,
    Expose,
    Place,
    Recede,
    Wait,
    Withdraw,
    plan,
)
from engine.brackets.situation import Situation, is_exposed, standing
from engine.discrepancies import unproven
from engine.floor import DEFAULT_FEES, Floor
from engine.market.facade import MarketDataFacade
from engine.model.bracket import Bracket, BracketStatus, Settled
from engine.model.errors import ExchangeError, InvalidInput
from engine.model.ids import OrderKey
from engine.model.market import Fees, Pair
from engine.model.money import of_market
from engine.model.order import Order, Side
from engine.operations.turns import Turns

EXPOSED_SECONDS = 15.0
IDLE_SECONDS = 60.0
ASK_AGAIN_SECONDS = 2.0
NOT_YET = "its exits are not at work yet"
LET_GO = "somebody is taking it over"
NO_PAIR = "the exchange does not say what sizes of this symbol it takes"
ORDER_MISSING = "one of its orders is not known here; look at the exchange's own page"

_NOTHING = Decimal(0)
_NOTHING_SETTLED = Settled()

log = structlog.get_logger()


@dataclass(slots=True)
class _Watch:
    """What is remembered of a bracket between two looks, and need not survive.

    `ripe` is the kind of step whose patience is over.
    """

    key: OrderKey
    pair: Pair | None = None
    stubborn: frozenset[OrderKey] = frozenset()
    breached: bool = False
    exposed_since: datetime | None = None
    ripe: type[Action] | None = None


class _Seen(NamedTuple):
    """What a look sees; tuples are equal at once where they hold the same things."""

    closed: str | None = None
    bracket: Bracket | None = None
    orders: tuple[Order | None, ...] = ()
    settled: Settled = _NOTHING_SETTLED
    fees: Fees = DEFAULT_FEES
    position: Decimal = _NOTHING
    owing: frozenset[OrderKey] = frozenset()
    unproven: Decimal = _NOTHING


@dataclass(frozen=True, slots=True)
class _Rest:
    """Nothing to do until `moved`, or for so many seconds; then `ripens` is due."""

    moved: Callable[[], bool]
    seconds: float
    ripens: type[Action] | None = None


@dataclass(slots=True)
class BracketGuardian:
    """One watch for each open bracket. `pace` below 1 hurries what patience there is."""

    floor: Floor
    market: MarketDataFacade
    acts: Acts
    turns: Turns
    pace: float = 1.0
    dead_man: bool = False
    _watched: set[OrderKey] = field(default_factory=set)

    async def run(self) -> None:
        """Watch over every bracket the book holds; ends only by cancellation."""
        self._watched.clear()
        async with asyncio.TaskGroup() as group:
            while True:
                for key in self._unwatched():
                    self._watched.add(key)
                    group.create_task(self._watch(_Watch(key)))
                await self.floor.until(lambda: bool(self._unwatched()), IDLE_SECONDS)

    def _unwatched(self) -> list[OrderKey]:
        return [key for key in self.floor.book.brackets if key not in self._watched]

    async def _watch(self, watch: _Watch) -> None:
        while watch.key in self.floor.book.brackets:
            if watch.pair is None:
                await self._learn_pair(watch)
            async with self.turns.of(watch.key):
                rest = await self._step(watch)
            if rest is not None:
                moved = await self.floor.until(rest.moved, rest.seconds)
                watch.ripe = None if moved else rest.ripens
        self.turns.forget(watch.key)
        self._watched.discard(watch.key)

    async def _learn_pair(self, watch: _Watch) -> None:
        symbol = self.floor.book.brackets[watch.key].terms.entry.symbol
        try:
            watch.pair = await self.market.pair(symbol)
        except (ExchangeError, InvalidInput) as error:
            log.warning("bracket_pair_unknown", bracket=watch.key, detail=error.sentence)

    async def _step(self, watch: _Watch) -> _Rest | None:
        """Do what is to be done now, or say what to wait for."""
        if watch.key in self.floor.let_go:
            return _Rest(lambda: watch.key not in self.floor.let_go, IDLE_SECONDS)
        now = self._situation(watch)
        if now is None:
            return await self._alarm(watch)
        action = self._wanted(watch)
        if self._is_overdue(now, watch):
            await self.acts.expose(now, action.reason if isinstance(action, Wait) else NOT_YET)
            return None
        if action is None or isinstance(action, Wait):
            return await self._rest(now, action, watch)
        kind = type(action)
        if action.after and watch.ripe is not kind:
            seconds = action.after * self.pace
            return _Rest(lambda: not self._stays(action, watch), seconds, ripens=kind)
        watch.ripe = None
        return await self._act(watch)

    def _stays(self, action: Action, watch: _Watch) -> bool:
        """Whether the need is the same; of a position that grows or shrinks nothing is sure."""
        wanted = self._wanted(watch)
        return wanted == action if isinstance(action, Recede) else type(wanted) is type(action)

    def _seen(self, watch: _Watch) -> _Seen:
        """All that may change what is wanted; told apart at a glance where nothing has."""
        floor, book = self.floor, self.floor.book
        bracket = book.brackets.get(watch.key)
        if bracket is None:
            return _Seen()
        position = book.positions.get(bracket.terms.entry.symbol)
        return _Seen(
            closed=floor.closed_because(),
            bracket=bracket,
            orders=tuple(map(book.orders.get, (bracket.key, *bracket.exits))),
            settled=book.settled.get(watch.key, _NOTHING_SETTLED),
            fees=floor.fees,
            position=position.amount if position is not None else _NOTHING,
            owing=frozenset(k for k, asked in book.amending.items() if asked.change.amount),
            unproven=unproven(book, bracket.key),
        )

    def _situation(self, watch: _Watch) -> Situation | None:
        """How things stand; None when an order is missing, so that nobody can say."""
        seen = self._seen(watch)
        orders = [order for order in seen.orders if order is not None]
        if seen.bracket is None or len(orders) < len(seen.orders):
            return None
        return Situation(
            bracket=seen.bracket,
            entry=orders[0],
            exits=tuple(orders[1:]),
            settled=seen.settled,
            fee_rate=max(seen.fees.maker, seen.fees.taker),
            min_size=watch.pair.min_size if watch.pair is not None else _NOTHING,
            position=seen.position,
            breached=watch.breached,
            stubborn=watch.stubborn,
            owing=seen.owing,
            dead_man=self.dead_man,
            unproven=seen.unproven,
        )

    def _wanted(self, watch: _Watch) -> Action | None:
        """The next step; none is taken while the desk is closed, for the book may be behind."""
        if watch.key in self.floor.let_go:
            return Wait(reason=LET_GO)
        if (closed := self.floor.closed_because()) is not None:
            return Wait(reason=closed)
        if watch.pair is None:
            return Wait(reason=NO_PAIR)
        now = self._situation(watch)
        return None if now is None else plan(now)

    def _is_overdue(self, now: Situation, watch: _Watch) -> bool:
        """Whether something has been held unguarded for so long that it must be told."""
        told = now.bracket.status in (BracketStatus.EXPOSED, BracketStatus.CLOSING)
        if told or not is_exposed(now):
            watch.exposed_since = None
            return False
        if watch.exposed_since is None:
            watch.exposed_since = self.floor.clock.now()
        return self._patience(watch) <= 0

    def _patience(self, watch: _Watch) -> float:
        """How long to rest: no longer than until something has gone untold for too long."""
        if watch.pair is None:
            return ASK_AGAIN_SECONDS
        if watch.exposed_since is None:
            return IDLE_SECONDS
        lasted = self.floor.clock.now() - watch.exposed_since
        return (timedelta(seconds=EXPOSED_SECONDS * self.pace) - lasted).total_seconds()

    async def _rest(self, now: Situation, action: Wait | None, watch: _Watch) -> _Rest | None:
        """Note how it stands if all is as it should be, then until something is not."""
        stands = standing(now, self.floor.clock.now())
        if action is None and stands is not now.bracket:
            await self.acts.note(stands)
            return None
        before = self._seen(watch)
        return _Rest(lambda: self._seen(watch) != before, self._patience(watch))

    async def _act(self, watch: _Watch) -> _Rest | None:
        if isinstance(self._wanted(watch), Place):
            watch.breached = await self._is_breached(watch)
        now, action = self._situation(watch), self._wanted(watch)
        if now is None:
            return None
        match action:
            case Place():
                return await self._place(now, action, watch)
            case Amend():
                watch.stubborn |= await self.acts.amend(now, action)
            case Withdraw():
                await self.acts.withdraw(now, action)
            case Recede():
                return await self._recede(now, action, watch)
            case Expose():
                await self.acts.expose(now, action.reason)
            case Close():
                await self.acts.close(now, action)
            case Wait() | None:
                pass
        return None

    async def _recede(self, now: Situation, action: Recede, watch: _Watch) -> _Rest | None:
        if await self.acts.confirms(now) and self._stays(action, watch):
            await self.acts.recede(now)
            return None
        return _Rest(lambda: not self._stays(action, watch), SLOW_SECONDS * self.pace)

    async def _place(self, now: Situation, action: Place, watch: _Watch) -> _Rest | None:
        watch.breached = False
        refused = NO_PAIR if watch.pair is None else await self.acts.place(now, action, watch.pair)
        if refused is None:
            return None
        if now.bracket.reason != refused:
            await self.acts.expose(now, refused)
        seconds = SLOW_SECONDS * self.pace
        return _Rest(lambda: not isinstance(self._wanted(watch), Place), seconds)

    async def _is_breached(self, watch: _Watch) -> bool:
        """Whether the market is past the stop already, so that it would have been hit."""
        now = self._situation(watch)
        stop = now.prices[0] if now is not None else None
        if now is None or stop is None:
            return False
        try:
            ticker, _ = await self.market.ticker(now.entry.terms.symbol)
        except ExchangeError as error:
            log.warning("bracket_price_unknown", bracket=watch.key, detail=error.sentence)
            return False
        last, long = of_market(ticker.last), now.entry.terms.side is Side.BUY
        return last <= stop if long else last >= stop

    async def _alarm(self, watch: _Watch) -> _Rest | None:
        bracket = self.floor.book.brackets.get(watch.key)
        if bracket is None:
            return None
        if bracket.reason != ORDER_MISSING:
            await self.acts.alarm(bracket, ORDER_MISSING)
        return _Rest(lambda: self._situation(watch) is not None, IDLE_SECONDS)
