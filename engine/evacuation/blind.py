"""A panic while the database is away: what can only lessen goes out none the less."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog

from engine.digest import rejection
from engine.evacuation.acts import NO_PRICE, pair_of
from engine.model.approval import ApprovedOrder
from engine.model.errors import (
    ExchangeRefused,
    ExchangeUnreachable,
    GenesisError,
)
from engine.model.event import Event, OrderSubmitted
from engine.model.ids import CidSource, CommandId, OrderId, OrderKey
from engine.model.money import of_market, plain
from engine.model.order import Order, OrderStatus, Origin
from engine.model.panic import LegKind, Panic
from engine.model.position import Position
from engine.model.report import AccountPicture, OrderReport
from engine.model.result import Refused
from engine.model.symbol import base_of
from engine.operations.making import new_orders
from engine.operations.panic_scene import UNRECORDED, PanicScene
from engine.operations.world import World
from engine.panic.legs import MOST_REFUSALS
from engine.panic.plan import FRESH_SECONDS, PAUSES, closing_terms
from engine.panic.situation import NOTHING_SENT, Stake
from engine.ports import Exchange
from engine.risk.emptying import approve_emptying
from engine.risk.policy import RiskPolicyEngine

IDLE_SECONDS = 60.0
UNANSWERED_SECONDS = 15.0
"""So long an order that may have arrived is waited for, before another is sent for its position."""

log = structlog.get_logger()


@dataclass(slots=True)
class BlindEvacuation:
    """Asks the exchange, call by call, for what is left, and has it cancelled and closed.

    What is sent cannot be journalled first. So only what does no harm if it is done twice is sent:
    cancels, and orders that the exchange lets do nothing but reduce. Each is owed to the journal
    once it has left, written there before anything else when the database is back, and never sent
    anew; the evacuation goes on from there. Holdings are not sold meanwhile: a sale done twice
    would sell what nobody meant. Who is known to be deposed sends nothing. A crash over it forgets
    the debts; what the exchange did is then found there, as made elsewhere.
    """

    scene: PanicScene
    risk: RiskPolicyEngine
    cids: CidSource
    exchange: Exchange
    _sent: dict[OrderKey, Order] = field(default_factory=dict)
    _step: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """While the body waits for the database; a step under way is let come to its end."""
        running = asyncio.create_task(self._run())
        try:
            yield
            async with self._step:
                running.cancel()
        finally:
            running.cancel()
            await asyncio.wait([running])
            self._sent.clear()
            self.scene.notes = ()

    async def _run(self) -> None:
        floor, looks = self.scene.floor, 0
        while True:
            if await floor.until(lambda: self._panic is not None, IDLE_SECONDS):
                async with self._step:
                    if (panic := self._panic) is not None:
                        await self._look_whatever_comes(panic)
                pause = PAUSES[min(looks, len(PAUSES) - 1)]
                looks += 1
                await floor.until(lambda: self._panic is None, pause)

    @property
    def _panic(self) -> Panic | None:
        floor = self.scene.floor
        return floor.book.panic.running if floor.gate.journal_lost else None

    async def _look_whatever_comes(self, panic: Panic) -> None:
        try:
            await self._look(panic)
        except Exception:  # one look that breaks must not be the last
            log.exception("panic_look_broke")

    async def _look(self, panic: Panic) -> None:
        picture = await self._seen()
        if picture is None:
            book = self.scene.floor.book
            orders, positions = list(book.open_orders()), tuple(book.positions.values())
        else:
            orders, positions = [_as_order(row) for row in picture.orders], picture.positions
        told = () if picture is None else (_told(orders, positions),)
        self.scene.notes = (UNRECORDED, *told)
        working = {order.key for order in orders} & self._sent.keys()
        await self._cancel([order for order in orders if order.key not in working])
        for position in positions:
            if position.amount and not self._is_at_work(position, working):
                await self._close(panic, position)

    async def _seen(self) -> AccountPicture | None:
        """The account; None while the exchange does not tell: what was heard last counts then."""
        try:
            return await self.exchange.account(urgent=True)
        except (GenesisError, TimeoutError) as error:
            log.warning("panic_blind", detail=str(error) or type(error).__name__)
            return None

    async def _cancel(self, orders: Sequence[Order]) -> None:
        if not orders:
            return
        try:
            await self.exchange.cancel(orders)
        except GenesisError as error:
            log.warning("panic_cancel_not_sent", count=len(orders), detail=error.sentence)

    def _is_at_work(self, position: Position, working: Iterable[OrderKey]) -> bool:
        now = self.scene.floor.clock.now()
        for order in self._of(position):
            patience = FRESH_SECONDS
            if order.status is OrderStatus.PENDING:
                patience = UNANSWERED_SECONDS
            fresh = now - order.created_at < timedelta(seconds=patience)
            if order.key in working or (order.status.is_open and fresh):
                return True
        return False

    def _of(self, position: Position) -> tuple[Order, ...]:
        return tuple(o for o in self._sent.values() if o.terms.symbol == position.symbol)

    async def _close(self, panic: Panic, position: Position) -> None:
        stake = self._stake(position)
        if stake.refusals >= MOST_REFUSALS:
            return
        approved = self._approved(stake, position)
        if isinstance(approved, Refused):
            words = "; ".join(reason.sentence for reason in approved.reasons)
            log.warning("panic_order_not_sent", stake=stake.name, detail=words)
            return
        wish = CommandId(f"{panic.prefix}{stake.name}:blind:{approved.key}")
        (order,) = new_orders(
            approved,
            at=self.scene.floor.clock.now(),
            actor_id=panic.actor_id,
            command_id=wish,
        )
        await self._send(order, approved, wish)

    def _stake(self, position: Position) -> Stake:
        symbol = position.symbol
        return Stake(
            kind=LegKind.POSITION,
            name=symbol,
            symbol=symbol,
            held=position.amount,
            pair=self.scene.market.known_pairs.get(symbol),
            orders=self._of(position),
        )

    def _approved(self, stake: Stake, position: Position) -> ApprovedOrder | Refused:
        terms, market = closing_terms(stake), self.scene.market
        heard = market.last_price(position.symbol)
        price = of_market(heard) if heard is not None else position.base_price or NO_PRICE
        world = World(self.scene.floor, market).at(price, terms, pair_of(stake, terms))
        return approve_emptying(
            self.risk, self.cids.next(), terms, replace(world, position=position)
        )

    async def _send(self, order: Order, approved: ApprovedOrder, wish: CommandId) -> None:
        floor, key, left = self.scene.floor, order.key, True
        events: list[Event] = [OrderSubmitted(at=order.created_at, order=order)]
        floor.untraceable.add(key)
        self._sent[key] = order
        try:
            await self.exchange.empty(approved)
        except ExchangeUnreachable as error:
            log.warning("panic_order_in_doubt", key=key, detail=error.sentence)
        except ExchangeRefused as error:
            refused = rejection(order, error.sentence, floor.clock.now())
            events.append(refused)
            self._sent[key] = refused.order
        except GenesisError as error:
            left, reason = False, f"{NOTHING_SENT}: {error.sentence}"
            self._sent[key] = rejection(order, reason, floor.clock.now()).order
        else:
            self._sent[key] = replace(order, status=OrderStatus.WORKING)
        finally:
            # not before: the database may be back meanwhile, and what is written stays written
            if left:
                floor.owed.append((events, wish))


def _as_order(row: OrderReport) -> Order:
    return Order(
        key=OrderKey(row.cid or row.order_id),
        terms=row.terms,
        status=row.status,
        remaining=row.remaining,
        created_at=row.created_at,
        updated_at=row.updated_at,
        order_id=OrderId(row.order_id),
        origin=Origin.ELSEWHERE,
    )


def _told(orders: Sequence[Order], positions: Sequence[Position]) -> str:
    held = [
        f"{plain(position.amount)} {base_of(position.symbol)} in {position.symbol}"
        for position in positions
        if position.amount
    ]
    count = f"{len(orders)} open order{'s' * (len(orders) != 1)}" if orders else "no open orders"
    return f"At the exchange a moment ago: {count}, {', '.join(held) or 'no positions'}."
