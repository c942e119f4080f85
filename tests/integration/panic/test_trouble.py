"""A panic before an exchange and a database in trouble."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from engine.memory_journal import MemoryJournal
from engine.model.account import Wallet
from engine.model.approval import ApprovedOrder
from engine.model.errors import ExchangeUnreachable, LinkDown
from engine.model.event import OrderSubmitted
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Order, OrderStatus
from engine.model.panic import LegKind, LegState
from engine.model.panic_command import CallPanic
from engine.model.panic_event import PanicHeldUp
from engine.model.panic_result import PanicReport
from engine.model.position import Position
from engine.model.report import CancelRefused, LinkLost, LinkUp, PositionsReport
from tests.eventually import eventually
from tests.integration.brackets.house import Guarded, guarded_desk
from tests.integration.brackets.venue import Venue
from tests.integration.desk.scripted import BTC, TERMS
from tests.trading_house import OLIVIA

MARGIN = replace(TERMS, wallet=Wallet.MARGIN)
FLAT = PositionsReport(
    positions=(Position(symbol=BTC, amount=Decimal(0), base_price=Decimal(30000)),)
)


async def call(house: Guarded, wish: str = "card:panic") -> PanicReport:
    told = await house.desk.execute(OLIVIA, CallPanic(), CommandId(wish))
    assert isinstance(told, PanicReport), told
    return told


async def over(house: Guarded, patience: float = 10.0) -> PanicReport:
    await eventually(lambda: house.desk.floor.book.panic.running is None, patience)
    last = house.desk.floor.book.panic.last
    assert last is not None
    return PanicReport(panic=last, legs=last.settled)


async def long_position(house: Guarded, amount: str = "1") -> None:
    """An entry on margin that has filled, with exits at work."""
    await house.open_bracket(MARGIN)
    house.fill(amount)
    await house.guarded(amount)


def is_filled(house: Guarded, key: OrderKey) -> bool:
    order = house.desk.known(key)
    return order is not None and order.status is OrderStatus.FILLED


def closing(house: Guarded) -> list[ApprovedOrder]:
    """What the panic has sent."""
    sent = house.desk.floor.book.panic.orders
    return [order for order in house.venue.sent if order.key in sent]


async def test_a_bracket_is_let_go_and_places_nothing_anew() -> None:
    async with guarded_desk() as house:
        await long_position(house)
        await call(house)
        await over(house)
        assert house.venue.position == 0
        assert house.venue.alive() == []
        assert len(house.venue.sent) == 1 + 1 + 1, "the entry, its exits, and what closes it"
        assert await house.over() == "panic, called by Olivia"
        (order,) = closing(house)
        assert order.urgent
        assert order.terms.reduce_only


async def test_what_is_refused_is_tried_again_with_growing_pauses() -> None:
    async with guarded_desk() as house:
        await long_position(house)
        house.venue.refuses_closing = True
        await call(house)
        await eventually(lambda: len(closing(house)) == 3)
        legs = (await call(house, "card:again")).legs
        (leg,) = [leg for leg in legs if leg.kind is LegKind.POSITION]
        assert leg.state is LegState.HELD_UP
        assert "not now" in leg.words
        house.venue.refuses_closing = False
        report = await over(house)
        assert house.venue.position == 0
        assert {leg.state for leg in report.legs} == {LegState.DONE}


async def test_while_the_answer_is_owed_no_other_order_is_sent() -> None:
    async with guarded_desk() as house:
        await long_position(house)
        house.venue.dumb = True
        await call(house)
        await eventually(lambda: len(closing(house)) == 1)
        key = closing(house)[0].key
        await eventually(lambda: is_filled(house, key), 20.0)
        house.venue.dumb = False
        house.venue.say(FLAT)
        await over(house, 20.0)
        assert len(closing(house)) == 1
        assert house.venue.position == 0


async def test_an_order_that_got_lost_is_given_up_before_another_is_sent() -> None:
    async with guarded_desk() as house:
        await long_position(house)
        house.venue.swallows = True
        await call(house)
        await eventually(lambda: len(closing(house)) >= 1 or house.venue.sent[2:])
        house.venue.swallows = False
        await over(house, 20.0)
        assert house.venue.position == 0
        fates = [house.desk.known(order.key) for order in closing(house)]
        assert fates[-1] is not None
        assert fates[-1].status is OrderStatus.FILLED


class Unwilling(Venue):
    """Cancels nothing."""

    async def cancel(self, orders: Sequence[Order]) -> None:
        self.cancels.append(orders)
        for order in orders:
            self.say(CancelRefused(cid=order.key, reason="not today"))


async def test_orders_it_will_not_cancel_do_not_keep_positions_open() -> None:
    async with guarded_desk(Unwilling()) as house:
        await long_position(house)
        await call(house)
        await eventually(lambda: house.venue.position == 0)


class CutOff(Venue):
    """No way is left to it while `cut`."""

    cut: bool = False

    async def cancel(self, orders: Sequence[Order]) -> None:
        if self.cut:
            raise LinkDown
        await super().cancel(orders)


async def test_a_dead_exchange_is_waited_for_and_told_of() -> None:
    venue = CutOff()
    async with guarded_desk(venue) as house:
        await long_position(house)
        venue.cut = True
        venue.say(LinkLost(reason="cut"))
        await eventually(lambda: not house.is_open())
        report = await call(house)
        assert report.closed_because == "cut"
        assert house.desk.floor.book.paused is not None
        house.clock.ahead += timedelta(seconds=11)
        await eventually(lambda: house.desk.floor.book.panic.tells == 1)
        assert closing(house) == []
        venue.cut = False
        venue.say(LinkUp())
        await over(house, 20.0)
        assert venue.position == 0
        assert [e.reason for e in await house.events() if isinstance(e, PanicHeldUp)] == ["cut"]


async def test_an_order_on_its_way_when_it_is_called_is_caught() -> None:
    async with guarded_desk() as house:
        gate = asyncio.Event()

        async def held() -> None:
            await gate.wait()

        house.venue.before_submit = held
        entry = asyncio.create_task(house.open_bracket(TERMS))
        await eventually(lambda: house.desk.floor.in_flight)
        panic = asyncio.create_task(call(house))
        await eventually(lambda: house.desk.floor.book.panic.running is not None)
        gate.set()
        await asyncio.gather(entry, panic)
        await over(house)
        assert house.venue.alive() == []
        assert BTC not in house.desk.floor.book.positions


async def test_killed_over_a_commit_it_sends_only_once_what_it_had_journalled() -> None:
    venue, journal = Venue(), MemoryJournal()
    async with guarded_desk(venue, journal) as house:
        await long_position(house)

        async def killed() -> None:
            raise ExchangeUnreachable

        venue.before_submit = killed
        await call(house)
        await eventually(lambda: house.desk.floor.book.panic.orders)

    async def fine() -> None:
        return

    venue.before_submit = fine
    async with guarded_desk(venue, journal) as house:
        await over(house, 25.0)
        assert venue.position == 0
        events = await house.events()
        names = [
            e.order.command_id
            for e in events
            if isinstance(e, OrderSubmitted) and "panic:" in (e.order.command_id or "")
        ]
        assert len(names) == len(set(names))
        assert sum(order.terms.amount for order in closing(house)) == Decimal(1)
