"""Whatever happens to an order, its end or its life is in the journal for everybody to read."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from engine.memory_journal import MemoryJournal
from engine.model.command import CancelOrders, Decline, PauseTrading, PlaceOrder
from engine.model.entry import Entry
from engine.model.errors import JournalUnavailable, RateLimited
from engine.model.event import (
    CancelFailed,
    Event,
    OrderAccepted,
    OrderClosed,
    OrderRejected,
    PositionChanged,
)
from engine.model.ids import CommandId, OrderId
from engine.model.order import OrderStatus
from engine.model.position import Position
from engine.model.report import CancelRefused, PositionsReport
from engine.model.result import CancelReport, Declined, OrderTicket, Refused
from engine.ports import Memory
from tests.eventually import eventually, eventually_asked
from tests.hurried import now
from tests.integration.desk.scripted import BTC, TERMS, Scene, nothing, report, scene
from tests.trading_house import OLIVIA


async def place(shown: Scene, name: str = "card:1") -> OrderTicket:
    ticket = await shown.desk.execute(OLIVIA, PlaceOrder(TERMS), CommandId(name))
    assert isinstance(ticket, OrderTicket)
    return ticket


async def answering(shown: Scene, name: str = "card:1") -> OrderTicket:
    """An order that the exchange takes at once."""

    async def take() -> None:
        known = len(shown.exchange.sent)
        await eventually(lambda: len(shown.exchange.sent) > known)
        shown.exchange.say(report(shown.exchange.sent[-1]))

    ticket, _ = await asyncio.gather(place(shown, name), take())
    return ticket


class LosingJournal(MemoryJournal):
    """A database that is lost over a commit, which is found to be there afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.lose_next = False

    async def append(
        self, events: Sequence[Event], *, claim: CommandId | None = None
    ) -> Sequence[Entry]:
        entries = await super().append(events, claim=claim)
        if self.lose_next:
            self.lose_next = False
            raise JournalUnavailable
        return entries


async def test_an_order_whose_commit_is_in_doubt_is_told_and_never_sent() -> None:
    journal = LosingJournal()
    async with scene(journal) as shown:
        journal.lose_next = True
        try:
            await place(shown)
        except JournalUnavailable:
            pass
        else:
            raise AssertionError("the desk kept silent about a lost database")

        async def told() -> list[Event]:
            return [e for e in await shown.events() if isinstance(e, OrderRejected)]

        await eventually_asked(told)
        await eventually(shown.open)
        assert shown.exchange.sent == []
        again = await place(shown)
        assert again.order.status is OrderStatus.REJECTED


async def test_an_order_the_limiter_holds_back_is_rejected_at_once() -> None:
    async with scene() as shown:
        shown.exchange.refusal = RateLimited()
        ticket = await place(shown)
        assert ticket.order.status is OrderStatus.REJECTED
        assert "nothing was sent" in ticket.order.reason


class SlowJournal(MemoryJournal):
    """A database whose memory is read while others write."""

    def __init__(self) -> None:
        super().__init__()
        self.reading = asyncio.Event()
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def remember(self) -> Memory:
        memory = await super().remember()
        self.reading.set()
        await self.go_on.wait()
        return memory


async def test_what_is_recorded_while_the_journal_is_read_is_not_forgotten() -> None:
    journal = SlowJournal()
    async with scene(journal) as shown:
        journal.go_on.clear()
        journal.reading.clear()
        rebuilding = asyncio.create_task(shown.desk.floor.rebuild())
        await journal.reading.wait()
        await shown.desk.execute(OLIVIA, PauseTrading("news"), CommandId("tg:1"))
        journal.go_on.set()
        await rebuilding
        assert shown.desk.floor.book.paused is not None


async def test_a_lost_order_that_comes_back_is_told_whatever_the_clocks_say() -> None:
    """The exchange's clock is behind ours: its word must not pass for an old one."""
    async with scene() as shown:
        shown.clock.ahead = timedelta(minutes=3)
        ticket = await place(shown)
        assert ticket.order.status in (OrderStatus.LOST, OrderStatus.PENDING)
        key = ticket.order.key
        await eventually(lambda: shown.status(key) is OrderStatus.LOST)
        shown.exchange.say(report(shown.exchange.sent[0], at=now()))
        await eventually(lambda: shown.status(key) is OrderStatus.WORKING)
        kinds = [type(e) for e in await shown.events() if getattr(e, "order", None)]
        assert kinds.index(OrderClosed) < kinds.index(OrderAccepted)


async def test_an_old_refusal_says_nothing_about_a_new_cancel() -> None:
    async with scene() as shown:
        ticket = await answering(shown)
        refused = CancelRefused(order_id=OrderId(111), reason="not now")
        shown.exchange.say(refused)
        await eventually(lambda: shown.desk.floor.cancel_refusals)
        cancelling = asyncio.create_task(
            shown.desk.execute(OLIVIA, CancelOrders((ticket.order.key,)), CommandId("card:2"))
        )
        await eventually(lambda: shown.exchange.cancels)
        gone = report(shown.exchange.sent[0], status=OrderStatus.CANCELLED)
        shown.exchange.say(gone)
        told = await cancelling
        assert isinstance(told, CancelReport)
        assert [fate.order.status for fate in told.fates] == [OrderStatus.CANCELLED]
        assert [fate.refusal for fate in told.fates] == [""]


async def test_a_cancel_nothing_came_of_is_told() -> None:
    """Sent over a link that broke: the order is still open after the next comparison."""
    async with scene() as shown:
        ticket = await answering(shown)
        key = ticket.order.key
        wish = shown.desk.execute(OLIVIA, CancelOrders((key,)), CommandId("card:2"))
        cancelling = asyncio.create_task(wish)
        await eventually(lambda: shown.exchange.cancels)
        order = shown.desk.known(key)
        assert order is not None
        shown.exchange.active = (report(order),)
        shown.exchange.reconnect()

        async def told() -> list[Event]:
            return [e for e in await shown.events() if isinstance(e, CancelFailed)]

        await eventually_asked(told)
        report_ = await cancelling
        assert isinstance(report_, CancelReport)
        assert "cancel it again" in report_.fates[0].refusal
        shown.exchange.reconnect()
        await eventually(shown.open)
        assert len(await told()) == 1


async def test_an_order_that_is_accepted_late_says_so_by_our_own_clock() -> None:
    """Whoever was told to wait is told the answer, however early the exchange dates it."""
    async with scene() as shown:
        shown.clock.ahead = timedelta(minutes=3)
        wish = asyncio.create_task(place(shown))
        await eventually(lambda: shown.exchange.sent)
        shown.clock.ahead += timedelta(seconds=9)
        shown.exchange.say(report(shown.exchange.sent[0], at=now()))
        await wish
        accepted = next(e for e in await shown.events() if isinstance(e, OrderAccepted))
        assert accepted.at - accepted.order.created_at > timedelta(seconds=5)


async def test_a_declined_cancel_cancels_nothing_and_says_so() -> None:
    async with scene() as shown:
        ticket = await answering(shown)
        wish = CommandId("card:2")
        assert isinstance(await shown.desk.execute(OLIVIA, Decline("no"), wish), Declined)
        told = await shown.desk.execute(OLIVIA, CancelOrders((ticket.order.key,)), wish)
        assert isinstance(told, Refused)
        assert shown.exchange.cancels == []


async def test_a_declined_cancel_is_not_taken_for_an_earlier_one() -> None:
    async with scene() as shown:
        ticket = await answering(shown)
        cancel = CancelOrders((ticket.order.key,))
        asking = asyncio.create_task(shown.desk.execute(OLIVIA, cancel, CommandId("card:2")))
        await eventually(lambda: shown.exchange.cancels)
        shown.exchange.say(CancelRefused(order_id=OrderId(111), reason="not now"))
        assert isinstance(await asking, CancelReport)
        await shown.desk.execute(OLIVIA, Decline("kept"), CommandId("card:3"))
        told = await shown.desk.execute(OLIVIA, cancel, CommandId("card:3"))
        assert isinstance(told, Refused)
        again = await shown.desk.execute(OLIVIA, cancel, CommandId("card:2"))
        assert isinstance(again, CancelReport)
        assert again.repeated
        assert len(shown.exchange.cancels) == 1


async def test_a_picture_older_than_the_stream_opens_no_position() -> None:
    """It closes over the socket while the account is being asked for by REST."""
    held = Position(symbol=BTC, amount=Decimal(-1), base_price=Decimal(30000))
    closed = replace(held, amount=Decimal(0))
    async with scene() as shown:
        shown.exchange.say(PositionsReport(positions=(held,), whole=True))
        await eventually(lambda: shown.desk.floor.book.positions)
        shown.exchange.positions = (held,)

        async def closes() -> None:
            shown.exchange.after_look = nothing
            shown.exchange.say(PositionsReport(positions=(closed,)))
            await eventually(lambda: not shown.desk.floor.book.positions)

        shown.exchange.after_look = closes
        shown.exchange.reconnect()
        await eventually(lambda: shown.exchange.after_look is nothing)
        await eventually(shown.open)
        assert shown.desk.floor.book.positions == {}
        changes = [e for e in await shown.events() if isinstance(e, PositionChanged)]
        assert len(changes) == 2


async def test_maintenance_is_not_forgotten_with_the_book() -> None:
    async with scene() as shown:
        shown.desk.floor.book.maintenance = True
        await shown.desk.floor.rebuild()
        assert shown.desk.floor.book.maintenance
