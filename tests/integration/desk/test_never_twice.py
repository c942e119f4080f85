"""What is sent anew is what no earlier link can have delivered, once, and nothing else."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from engine.memory_journal import MemoryJournal
from engine.model.command import PlaceOrder
from engine.model.entry import Entry
from engine.model.errors import ExchangeUnreachable
from engine.model.event import (
    Event,
    OrderAccepted,
    OrderClosed,
    OrderFound,
    OrderResubmitted,
    OrderSubmitted,
)
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Order, OrderStatus
from engine.model.query import FindOrder
from engine.model.report import LinkLost, LinkUp, OrdersSnapshot, UnreadOrder
from engine.model.result import OrderTicket
from engine.ports import Absorb
from engine.telling import REMEMBERED_CLOSED
from tests.eventually import eventually
from tests.hurried import now
from tests.integration.desk.scripted import TERMS, Scene, ScriptedExchange, pending, report, scene
from tests.trading_house import OLIVIA

A, B = 1_790_000_000_001, 1_790_000_000_002


def before(seconds: float) -> datetime:
    """So long ago."""
    return now() - timedelta(seconds=seconds)


async def left_behind(*orders: Order) -> MemoryJournal:
    """The journal of a service that died before it heard of these."""
    journal = MemoryJournal()
    await journal.append([OrderSubmitted(at=order.created_at, order=order) for order in orders])
    return journal


def placing(shown: Scene, name: str = "card:1") -> "asyncio.Task[object]":
    wish = shown.desk.execute(OLIVIA, PlaceOrder(TERMS), CommandId(name))
    return asyncio.create_task(wish)


async def test_an_order_the_exchange_denies_thrice_is_sent_once() -> None:
    async with scene(await left_behind(pending(A, before(20)))) as shown:
        assert [order.key for order in shown.exchange.sent] == [A]
        assert shown.exchange.looks == 3


async def test_an_order_too_young_or_too_old_is_not_sent_anew() -> None:
    """The wire of the dead may still bring the one; nobody wants the other any more."""
    async with scene(await left_behind(pending(A, before(0)), pending(B, before(61)))) as shown:
        assert shown.exchange.sent == []
        assert shown.status(OrderKey(A)) is OrderStatus.LOST
        assert shown.status(OrderKey(B)) is OrderStatus.LOST
        reasons = [e.order.reason for e in await shown.events() if isinstance(e, OrderClosed)]
        assert all("never arrived" in reason for reason in reasons)


async def test_nothing_of_one_that_is_only_silent_is_sent_anew() -> None:
    """A frozen leader may yet wake and send what it journalled."""
    journal = await left_behind(pending(A, before(20)))
    async with scene(journal, sure_dead=False) as shown:
        assert shown.exchange.sent == []
        assert shown.status(OrderKey(A)) is OrderStatus.LOST


async def test_a_connect_that_failed_took_nothing_with_it() -> None:
    """The order left by a link of the dead; ours was never up before it was looked for."""

    class UnreachableAtFirst(ScriptedExchange):
        async def run(self, absorb: Absorb) -> None:
            await absorb([LinkLost(reason="no connection")])
            await super().run(absorb)

    exchange = UnreachableAtFirst()
    async with scene(await left_behind(pending(A, before(20))), exchange) as shown:
        assert [order.key for order in shown.exchange.sent] == [A]


@pytest.mark.parametrize("hung_up", [True, False])
async def test_only_a_link_the_exchange_hung_up_is_proof(hung_up: bool) -> None:
    async with scene() as shown:
        wish = placing(shown)
        await eventually(lambda: shown.exchange.sent)
        key = shown.exchange.sent[0].key
        shown.exchange.say(LinkLost(reason="gone", hung_up=hung_up))
        await eventually(lambda: not shown.open())
        shown.clock.ahead += timedelta(seconds=20)
        shown.exchange.say(LinkUp())
        if hung_up:
            await eventually(lambda: len(shown.exchange.sent) == 2)
            shown.exchange.say(report(shown.exchange.sent[1]))
        await eventually(shown.open)
        assert {order.key for order in shown.exchange.sent} == {key}
        assert len(shown.exchange.sent) == (2 if hung_up else 1)
        await wish
        wanted = OrderStatus.WORKING if hung_up else OrderStatus.LOST
        assert shown.status(key) is wanted


async def test_what_an_earlier_link_took_is_not_another_links_to_lose() -> None:
    """As in maintenance: the exchange lets us in and sends us away again, before it was asked."""

    class OutOnce(ScriptedExchange):
        async def run(self, absorb: Absorb) -> None:
            await absorb([LinkUp()])
            await absorb([LinkLost(reason="The exchange asked us to reconnect.")])
            await super().run(absorb)

    exchange = OutOnce()
    async with scene(await left_behind(pending(A, before(20))), exchange) as shown:
        assert [order.key for order in shown.exchange.sent] == [A]


async def test_who_is_frozen_over_a_commit_sends_nothing_when_it_wakes() -> None:
    class FreezingJournal(MemoryJournal):
        async def append(
            self, events: Sequence[Event], *, claim: CommandId | None = None
        ) -> Sequence[Entry]:
            entries = await super().append(events, claim=claim)
            if any(isinstance(event, OrderSubmitted) for event in events):
                shown.clock.ahead += timedelta(seconds=30)
            return entries

    async with scene(FreezingJournal()) as shown:
        ticket = await placing(shown)
        assert isinstance(ticket, OrderTicket)
        assert ticket.order.status is OrderStatus.REJECTED
        assert "nothing was sent" in ticket.order.reason
        assert shown.exchange.sent == []


async def test_rows_that_cannot_be_read_prove_nothing() -> None:
    """A row without a cid may be any order whose id is not known; one with another's may not."""
    exchange = ScriptedExchange(unread=(UnreadOrder(order_id=5), UnreadOrder(cid=7)))
    async with scene(await left_behind(pending(A, before(20))), exchange) as shown:
        assert shown.status(OrderKey(A)) is OrderStatus.PENDING
        assert exchange.sent == []
        exchange.unread = ()
        exchange.active = (report(pending(A)),)
        exchange.reconnect()
        await eventually(lambda: shown.status(OrderKey(A)) is OrderStatus.WORKING)


async def test_an_order_only_the_journal_remembers_is_not_found_anew() -> None:
    """The book keeps the newest; the exchange's history may show one that it let go."""
    journal = MemoryJournal()
    old = pending(A, before(100))
    closed = report(old, status=OrderStatus.CANCELLED, remaining="0.5", at=before(90))
    known = replace(
        old, status=OrderStatus.CANCELLED, order_id=closed.order_id, remaining=closed.remaining
    )
    await journal.append([OrderClosed(at=before(90), order=known)])
    newer = (pending(B + n, before(80)) for n in range(REMEMBERED_CLOSED))
    gone = [replace(o, status=OrderStatus.REJECTED) for o in newer]
    await journal.append([OrderClosed(at=o.updated_at, order=o) for o in gone])
    async with scene(journal, ScriptedExchange(closed=(closed,))) as shown:
        assert shown.desk.known(OrderKey(A)) is None
        assert await shown.desk.ask(OLIVIA, FindOrder(closed.order_id)) == known
        assert not [e for e in await shown.events() if isinstance(e, OrderFound)]


async def test_an_order_that_is_heard_of_while_another_is_sent_anew_is_not_sent() -> None:
    exchange = ScriptedExchange()

    async def b_is_working() -> None:
        exchange.say(report(pending(B), order_id=222))
        await asyncio.sleep(0.02)

    exchange.before_submit = b_is_working
    async with scene(
        await left_behind(pending(A, before(20)), pending(B, before(20))), exchange
    ) as shown:
        await eventually(lambda: shown.status(OrderKey(B)) is OrderStatus.WORKING)
        assert [order.key for order in exchange.sent] == [A]


async def test_an_order_closed_by_a_clock_behind_ours_is_found_and_not_sent() -> None:
    """Our clock two minutes ahead: the exchange's history lies before what we ask for."""
    ahead = timedelta(minutes=2)
    order = pending(A, now() + ahead)
    filled = report(order, status=OrderStatus.FILLED, remaining="0", at=now())
    exchange = ScriptedExchange(closed=(filled,))
    async with scene(await left_behind(order), exchange, ahead) as shown:
        assert shown.status(OrderKey(A)) is OrderStatus.FILLED
        assert exchange.sent == []


async def test_an_old_order_is_not_sent_by_a_clock_that_was_set_back() -> None:
    order = pending(A, now() + timedelta(hours=3))
    async with scene(await left_behind(order)) as shown:
        assert shown.status(OrderKey(A)) is OrderStatus.LOST
        assert shown.exchange.sent == []


async def test_an_order_is_sent_anew_once_however_often_the_link_is_lost() -> None:
    async with scene(await left_behind(pending(A, before(20)))) as shown:
        shown.exchange.reconnect()
        await eventually(lambda: shown.status(OrderKey(A)) is OrderStatus.LOST)
        assert len(shown.exchange.sent) == 1
        resent = [e for e in await shown.events() if isinstance(e, OrderResubmitted)]
        assert len(resent) == 1


async def test_an_order_sent_between_two_looks_is_not_given_up_after_one() -> None:
    async with scene() as shown:
        exchange = shown.exchange
        placed: list[asyncio.Task[object]] = []

        async def another_is_sent() -> None:
            if not placed:
                exchange.refusal = None
                placed.append(placing(shown, "card:2"))
                await eventually(lambda: exchange.sent)

        exchange.after_look = another_is_sent
        exchange.refusal = ExchangeUnreachable()
        looks = exchange.looks
        first = await placing(shown, "card:1")
        assert isinstance(first, OrderTicket)
        assert first.order.status is OrderStatus.LOST
        assert exchange.looks == looks + 3
        second = exchange.sent[0]
        assert shown.status(second.key) is OrderStatus.PENDING
        exchange.say(report(second))
        ticket = await placed[0]
        assert isinstance(ticket, OrderTicket)
        assert ticket.order.status is OrderStatus.WORKING


async def test_nothing_is_sent_by_a_link_that_is_not_compared_yet() -> None:
    pressed, price_known, compared = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow_price() -> None:
        pressed.set()
        await price_known.wait()

    async def slow_look() -> None:
        await compared.wait()

    async with scene() as shown:
        shown.market.slow = slow_price
        wish = placing(shown)
        await pressed.wait()
        shown.exchange.during_look = slow_look
        shown.exchange.reconnect()
        await eventually(lambda: not shown.open())
        price_known.set()
        ticket = await wish
        compared.set()
        assert isinstance(ticket, OrderTicket)
        assert ticket.order.status is OrderStatus.REJECTED
        assert "nothing was sent" in ticket.order.reason
        assert shown.exchange.sent == []


async def test_a_second_order_under_one_cid_is_shown_also_in_one_snapshot() -> None:
    async with scene(await left_behind(pending(A, before(20)))) as shown:
        sent = shown.exchange.sent[0]
        both = (report(sent, order_id=111), report(sent, order_id=222))
        shown.exchange.say(OrdersSnapshot(orders=both))
        await eventually(lambda: shown.status(OrderKey(A)) is OrderStatus.WORKING)
        events = await shown.events()
        assert [e.order.key for e in events if isinstance(e, OrderAccepted)] == [A]
        assert [e.order.order_id for e in events if isinstance(e, OrderFound)] == [222]
