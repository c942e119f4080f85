"""An exchange with positions and orders on it, and a panic that hears of them late."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal

from engine.clock import ManualClock
from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.memory_journal import MemoryJournal
from engine.model.account import Wallet
from engine.model.event import (
    Event,
    OrderAccepted,
    OrderClosed,
    OrderFound,
    OrderSubmitted,
    PositionChanged,
    TradingPaused,
)
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Origin, Side
from engine.model.panic import PANIC, LegState
from engine.model.panic_event import PanicCalled, PanicEnded, PanicHeldUp, PanicLegSettled
from engine.model.position import Position
from engine.model.symbol import Symbol
from engine.operations.panic_scene import UNTOLD_SECONDS, PanicScene
from engine.panic.plan import Cancel, End, Pause, Release, Send, Settle, Tell, plan
from engine.panic.situation import Asked
from tests.integration.desk.scripted import QuietMarket

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
BTC, ETH = Symbol("tBTCUSD"), Symbol("tETHUSD")
S = OrderStatus


@dataclass
class World:
    """`truth` and `held` are at the exchange; what it says waits on `wire`, in order.

    `flying` are orders that have left and not arrived yet.
    """

    held: dict[Symbol, Decimal]
    truth: dict[OrderKey, Order] = field(default_factory=dict)
    wire: deque[Event] = field(default_factory=deque)
    flying: dict[OrderKey, Order] = field(default_factory=dict)
    sent: list[Order] = field(default_factory=list)
    clock: ManualClock = field(default_factory=lambda: ManualClock(NOW))
    floor: Floor = field(init=False)
    scene: PanicScene = field(init=False)
    next_key: int = 1

    def __post_init__(self) -> None:
        market = MarketDataFacade(QuietMarket(), self.clock)
        asyncio.run(market.pairs())
        self.floor = Floor(journal=MemoryJournal(), clock=self.clock)
        self.scene = PanicScene(self.floor, market)
        self.open_gate()
        for symbol in self.held:
            self._tell_position(symbol)
        self.deliver_all()

    # what happens at the exchange

    def made_elsewhere(self) -> None:
        terms = OrderTerms(
            symbol=BTC, side=Side.BUY, amount=Decimal(1), type=OrderType.LIMIT, price=Decimal(20000)
        )
        key = self._key()
        order = self._order(key, terms, S.WORKING, origin=Origin.ELSEWHERE)
        self.truth[key] = order
        self.wire.append(OrderFound(at=self.clock.now(), order=order))

    def trade_elsewhere(self, symbol: Symbol, amount: Decimal) -> None:
        self.held[symbol] += amount
        self._tell_position(symbol)

    def trade(self, key: OrderKey, amount: Decimal) -> None:
        """Reduce-only: no more than the position allows; what is left over ends the order."""
        order = self.truth[key]
        position = self.held[order.terms.symbol]
        if position * order.terms.side.sign >= 0:
            self._became(replace(order, status=S.CANCELLED, reason="RSN_POS_NOTFOUND"))
            return
        done = min(amount, order.remaining, abs(position))
        left = order.remaining - done
        self.held[order.terms.symbol] += done * order.terms.side.sign
        status = S.PARTLY_FILLED if left else S.FILLED
        self._became(replace(order, remaining=left, status=status, average=Decimal(30000)))
        self._tell_position(order.terms.symbol)

    def end(self, key: OrderKey) -> None:
        self._became(replace(self.truth[key], status=S.CANCELLED, reason="CANCELED"))

    def arrive(self, key: OrderKey, answer: Callable[["World", Order], None]) -> None:
        answer(self, self.flying.pop(key))

    def lose(self, key: OrderKey) -> None:
        """The reconciler has looked and looked: it never arrived."""
        order = self.flying.pop(key)
        lost = replace(order, status=S.LOST, reason="it never arrived")
        self.wire.append(OrderClosed(at=self.clock.now(), order=lost))

    # how an order is met

    def take(self, order: Order) -> None:
        self.truth[order.key] = order
        self.trade(order.key, order.remaining)

    def take_a_part(self, order: Order) -> None:
        self.truth[order.key] = order
        self.trade(order.key, order.remaining / 2)

    def refuse(self, order: Order) -> None:
        self._became(replace(order, status=S.REJECTED, reason="not now"))

    # what is heard

    def deliver(self) -> None:
        event = self.wire.popleft()
        self.floor.book.apply(event)

    def deliver_all(self) -> None:
        while self.wire:
            self.deliver()

    def wait(self, seconds: float) -> None:
        """The exchange is late, but not as late as that."""
        if seconds >= UNTOLD_SECONDS / 2:
            self.deliver_all()
        self.clock.advance(seconds)

    def open_gate(self) -> None:
        self.floor.gate.link_since = self.clock.now()
        self.floor.gate.reconciled = True

    # what we do

    def press(self, *, spot: bool = False) -> None:
        now, wish = self.clock.now(), CommandId(f"press:{self._key()}")
        book = self.floor.book
        called = PanicCalled(
            at=now,
            actor_id="tg:1",
            name="Olivia",
            command_id=wish,
            spot=spot,
            orders=sum(1 for _ in book.open_orders()),
            positions=tuple(book.positions),
        )
        book.apply(called)
        if book.paused is None:
            book.apply(TradingPaused(at=now, actor_id="tg:1", name="Olivia", reason=PANIC))

    def restart(self) -> None:
        """Everything that is not journalled is forgotten, and the exchange is compared with."""
        self.scene.forget()
        for key in list(self.flying):
            self.lose(key)
        self.deliver_all()

    def look(self) -> bool:
        """One look and all that is due; whether anything was."""
        panic = self.floor.book.panic.running
        if panic is None:
            return False
        steps = plan(self.scene.situation(panic))
        for step in steps:
            self._do(step)
        return bool(steps)

    def _do(self, step: Pause | Release | Cancel | Send | Settle | Tell | End) -> None:
        book, now = self.floor.book, self.clock.now()
        panic = book.panic.running
        assert panic is not None
        who, which = panic.actor_id, panic.panic_id
        match step:
            case Send(stake, terms):
                self._send(stake.name, terms, len(stake.orders), panic.prefix)
            case Cancel(keys):
                for key in keys:
                    times = self.scene.asked[key].times if key in self.scene.asked else 0
                    self.scene.asked[key] = Asked(times + 1, 0, now)
                    if key in self.truth and self.truth[key].status.is_open:
                        self.end(key)
            case Settle(leg):
                book.apply(PanicLegSettled(at=now, actor_id=who, panic_id=which, leg=leg))
            case Tell(reason, legs):
                book.apply(
                    PanicHeldUp(at=now, actor_id=who, panic_id=which, reason=reason, legs=legs)
                )
            case End(legs):
                book.apply(
                    PanicEnded(at=now, actor_id=who, panic_id=which, spot=panic.spot, legs=legs)
                )
            case Pause() | Release():
                raise AssertionError("nothing unpauses here, and there are no brackets")

    def _send(self, name: str, terms: OrderTerms, number: int, prefix: str) -> None:
        known = self.floor.book.positions[terms.symbol].amount
        assert terms.wallet is Wallet.MARGIN
        assert terms.reduce_only or terms.close, "it may open something"
        assert terms.side.sign * known < 0, "it goes the wrong way"
        assert terms.amount <= abs(known), "more than is held"
        assert not [o for o in self.working() if o.terms.symbol == terms.symbol], "two at work"
        key = self._key()
        wish = CommandId(f"{prefix}{name}:{number}")
        assert wish not in {order.command_id for order in self.sent}, "one name twice"
        order = replace(self._order(key, terms, S.PENDING), command_id=wish)
        self.scene.before[key] = known
        self.sent.append(order)
        self.flying[key] = order
        self.floor.book.apply(OrderSubmitted(at=self.clock.now(), order=order))

    # for those who look

    def working(self) -> list[Order]:
        """The panic's own orders that may still trade, wherever they are."""
        ours = {order.key for order in self.sent}
        there = [o for key, o in self.truth.items() if key in ours and o.status.is_open]
        return [*there, *self.flying.values()]

    @property
    def left_over(self) -> list[str]:
        """Legs that were given up."""
        last = self.floor.book.panic.last
        assert last is not None
        return [leg.name for leg in last.settled if leg.state is LegState.LEFT]

    def _became(self, order: Order) -> None:
        order = replace(order, updated_at=self.clock.now())
        self.truth[order.key] = order
        kind = OrderAccepted if order.status.is_open else OrderClosed
        self.wire.append(kind(at=self.clock.now(), order=order))

    def _tell_position(self, symbol: Symbol) -> None:
        held = Position(symbol=symbol, amount=self.held[symbol], base_price=Decimal(30000))
        self.wire.append(PositionChanged(at=self.clock.now(), position=held))

    def _order(
        self, key: OrderKey, terms: OrderTerms, status: OrderStatus, origin: Origin = Origin.GENESIS
    ) -> Order:
        now = self.clock.now()
        return Order(
            key=key,
            terms=terms,
            status=status,
            remaining=terms.amount,
            created_at=now,
            updated_at=now,
            origin=origin,
        )

    def _key(self) -> OrderKey:
        self.next_key += 1
        return OrderKey(self.next_key)
