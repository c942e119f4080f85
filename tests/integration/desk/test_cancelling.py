"""Cancelling is never blocked, and each order's fate is told."""

import asyncio
from collections.abc import Sequence

import pytest

from engine.memory_journal import MemoryJournal
from engine.model.command import CancelAll, CancelOrders, Decline, IgnoreOrder
from engine.model.entry import Entry
from engine.model.errors import ExchangeRefused, ExchangeUnreachable, LinkDown
from engine.model.event import CancelFailed, CancelRequested, Event
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Order, OrderStatus
from engine.model.report import BulkCancelRefused, CancelRefused, LinkLost, LinkUp
from engine.model.result import CancelReport, Done, Refused
from tests.eventually import eventually, eventually_asked
from tests.integration.desk.scripted import Scene, ScriptedExchange, report, scene
from tests.trading_house import OLIVIA

S = OrderStatus


async def three(shown: Scene) -> list[Order]:
    return [await shown.working(order_id) for order_id in (111, 222, 333)]


def cancelling_all(shown: Scene) -> "asyncio.Task[CancelReport]":
    async def wish() -> CancelReport:
        told = await shown.desk.execute(OLIVIA, CancelAll(), CommandId("tg:cancel"))
        assert isinstance(told, CancelReport), told
        return told

    return asyncio.create_task(wish())


def asked(shown: Scene) -> list[list[OrderKey]]:
    return [[order.key for order in orders] for orders in shown.exchange.cancels]


def says_gone(shown: Scene, orders: Sequence[Order]) -> None:
    for order in orders:
        assert order.order_id is not None
        shown.exchange.say(report(order, order_id=order.order_id, status=S.CANCELLED))


async def test_what_is_refused_together_is_asked_one_by_one() -> None:
    async with scene() as shown:
        orders = await three(shown)
        wish = cancelling_all(shown)
        await eventually(lambda: shown.exchange.cancels)
        says_gone(shown, orders[:1])
        shown.exchange.say(BulkCancelRefused(reason="not all"))
        await eventually(lambda: len(shown.exchange.cancels) == 3)
        says_gone(shown, orders[1:2])
        shown.exchange.say(CancelRefused(order_id=orders[2].order_id, reason="no"))
        told = await wish
        assert asked(shown) == [[o.key for o in orders], [orders[1].key], [orders[2].key]]
        assert [fate.order.status for fate in told.fates] == [S.CANCELLED, S.CANCELLED, S.WORKING]
        assert [fate.refusal for fate in told.fates] == ["", "", "no"]


@pytest.mark.parametrize("failure", [ExchangeRefused("no"), ExchangeUnreachable()])
async def test_a_bulk_call_that_fails_is_followed_by_single_ones(failure: Exception) -> None:
    async with scene(exchange=ScriptedExchange(bulk_failure=failure)) as shown:
        orders = await three(shown)
        wish = cancelling_all(shown)
        await eventually(lambda: len(shown.exchange.cancels) == 4)
        says_gone(shown, orders)
        told = await wish
        assert {fate.order.status for fate in told.fates} == {S.CANCELLED}


async def test_a_refusal_by_our_cid_alone_is_known_whose_it_is() -> None:
    async with scene() as shown:
        order = await shown.working()
        wish = cancelling_all(shown)
        await eventually(lambda: shown.exchange.cancels)
        shown.exchange.say(CancelRefused(cid=order.key, reason="Order not found."))
        assert (await wish).fates[0].refusal == "Order not found."
        assert [e.key for e in await shown.told(CancelFailed)] == [order.key]


async def test_a_cancel_goes_out_while_the_link_is_down() -> None:
    async with scene() as shown:
        order = await shown.working()
        shown.exchange.say(LinkLost(reason="cut"))
        await eventually(lambda: not shown.open())
        wish = cancelling_all(shown)
        await eventually(lambda: shown.exchange.cancels)
        shown.exchange.closed = (report(order, status=S.CANCELLED),)
        shown.exchange.say(LinkUp())
        told = await wish
        assert [fate.order.status for fate in told.fates] == [S.CANCELLED]
        assert "cut" in told.notes[0]


async def test_a_cancel_no_way_is_left_for_says_so() -> None:
    class CutOff(ScriptedExchange):
        async def cancel(self, orders: Sequence[Order]) -> None:
            raise LinkDown

    async with scene(exchange=CutOff()) as shown:
        order = await shown.working()
        told = await shown.desk.execute(OLIVIA, CancelOrders((order.key,)), CommandId("tg:1"))
        assert isinstance(told, Refused)
        assert "Nothing was cancelled" in told.reasons[0].sentence


async def test_a_cancel_goes_out_while_the_database_is_down() -> None:
    journal = MemoryJournal()
    async with scene(journal) as shown:
        order = await shown.working()
        journal.available = False
        told = await cancelling_all(shown)
        assert asked(shown) == [[order.key]]
        assert "database" in told.notes[0]
        assert told.fates[0].order.status is S.WORKING
        shown.exchange.closed = (report(order, status=S.CANCELLED),)
        journal.available = True
        await eventually(lambda: shown.status(order.key) is S.CANCELLED)

        async def wishes() -> list[object]:
            return [e for e in await shown.events() if isinstance(e, CancelRequested)]

        assert len(await eventually_asked(wishes)) == 1
        again = await cancelling_all(shown)
        assert again.fates == ()


async def test_a_cancel_that_is_still_to_be_written_down_cannot_be_declined() -> None:
    journal = MemoryJournal()
    async with scene(journal) as shown:
        order = await shown.working()
        journal.available = False
        wish = CommandId("card:cancel")
        await shown.desk.execute(OLIVIA, CancelOrders((order.key,)), wish)
        answer = await shown.desk.execute(OLIVIA, Decline("expired"), wish)
        assert isinstance(answer, Refused)
        assert answer.reasons[0].code == "already_decided"
        journal.available = True
        shown.exchange.closed = (report(order, status=S.CANCELLED),)
        await eventually(lambda: shown.status(order.key) is S.CANCELLED)


async def test_a_cancel_does_not_wait_for_a_database_that_hangs() -> None:
    class HangingJournal(MemoryJournal):
        hangs = asyncio.Event()

        async def append(
            self, events: Sequence[Event], *, claim: CommandId | None = None
        ) -> Sequence[Entry]:
            if any(isinstance(event, CancelRequested) for event in events):
                await self.hangs.wait()
            return await super().append(events, claim=claim)

    journal = HangingJournal()
    async with scene(journal) as shown:
        order = await shown.working()
        told = await cancelling_all(shown)
        assert asked(shown) == [[order.key]]
        assert "database" in told.notes[0]
        assert not [e for e in await shown.events() if isinstance(e, CancelRequested)]
        journal.hangs.set()
        assert len(await shown.told(CancelRequested)) == 1


async def test_what_is_ignored_is_left_and_said_so_but_can_be_cancelled() -> None:
    async with scene() as shown:
        ours = await shown.working()
        theirs = report(ours, order_id=900)
        shown.exchange.say(theirs)
        key = OrderKey(900)
        await eventually(lambda: shown.desk.known(key))
        assert isinstance(
            await shown.desk.execute(OLIVIA, IgnoreOrder(key), CommandId("tg:i")), Done
        )
        wish = cancelling_all(shown)
        await eventually(lambda: shown.exchange.cancels)
        says_gone(shown, [ours])
        told = await wish
        assert [fate.order.key for fate in told.fates] == [ours.key]
        assert told.notes == ("1 ignored order left as is; see /orders.",)
        one = asyncio.create_task(
            shown.desk.execute(OLIVIA, CancelOrders((key,)), CommandId("tg:c"))
        )
        await eventually(lambda: asked(shown)[-1] == [key])
        one.cancel()
        await asyncio.gather(one, return_exceptions=True)
