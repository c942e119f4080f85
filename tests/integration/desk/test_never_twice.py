"""What is sent anew is what no earlier link can have delivered, once, and nothing else."""

import asyncio
from datetime import UTC, datetime, timedelta

from engine.memory_journal import MemoryJournal
from engine.model.command import PlaceOrder
from engine.model.errors import ExchangeUnreachable
from engine.model.event import OrderAccepted, OrderFound, OrderResubmitted, OrderSubmitted
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Order, OrderStatus
from engine.model.report import OrdersSnapshot
from engine.model.result import OrderTicket
from tests.eventually import eventually
from tests.integration.desk.scripted import TERMS, Scene, ScriptedExchange, pending, report, scene
from tests.trading_house import OLIVIA

A, B = 1_790_000_000_001, 1_790_000_000_002


async def left_behind(*orders: Order) -> MemoryJournal:
    """The journal of a service that died before it heard of these."""
    journal = MemoryJournal()
    await journal.append([OrderSubmitted(at=order.created_at, order=order) for order in orders])
    return journal


def placing(shown: Scene, name: str = "card:1") -> "asyncio.Task[object]":
    wish = shown.desk.execute(OLIVIA, PlaceOrder(TERMS), CommandId(name))
    return asyncio.create_task(wish)


async def test_an_order_the_exchange_denies_twice_is_sent_once() -> None:
    async with scene(await left_behind(pending(A))) as shown:
        assert [order.key for order in shown.exchange.sent] == [A]
        assert shown.exchange.looks == 2


async def test_an_order_that_is_heard_of_while_another_is_sent_anew_is_not_sent() -> None:
    exchange = ScriptedExchange()

    async def b_is_working() -> None:
        exchange.say(report(pending(B), order_id=222))
        await asyncio.sleep(0.02)

    exchange.before_submit = b_is_working
    async with scene(await left_behind(pending(A), pending(B)), exchange) as shown:
        await eventually(lambda: shown.status(OrderKey(B)) is OrderStatus.WORKING)
        assert [order.key for order in exchange.sent] == [A]


async def test_an_order_closed_by_a_clock_behind_ours_is_found_and_not_sent() -> None:
    """Our clock two minutes ahead: the exchange's history lies before what we ask for."""
    ahead = timedelta(minutes=2)
    order = pending(A, datetime.now(UTC) + ahead)
    filled = report(order, status=OrderStatus.FILLED, remaining="0", at=datetime.now(UTC))
    exchange = ScriptedExchange(closed=(filled,))
    async with scene(await left_behind(order), exchange, ahead) as shown:
        assert shown.status(OrderKey(A)) is OrderStatus.FILLED
        assert exchange.sent == []


async def test_an_old_order_is_not_sent_by_a_clock_that_was_set_back() -> None:
    order = pending(A, datetime.now(UTC) + timedelta(hours=3))
    async with scene(await left_behind(order)) as shown:
        assert shown.status(OrderKey(A)) is OrderStatus.LOST
        assert shown.exchange.sent == []


async def test_an_order_is_sent_anew_once_however_often_the_link_is_lost() -> None:
    async with scene(await left_behind(pending(A))) as shown:
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
        assert exchange.looks == looks + 2
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
    async with scene(await left_behind(pending(A))) as shown:
        sent = shown.exchange.sent[0]
        both = (report(sent, order_id=111), report(sent, order_id=222))
        shown.exchange.say(OrdersSnapshot(orders=both))
        await eventually(lambda: shown.status(OrderKey(A)) is OrderStatus.WORKING)
        events = await shown.events()
        assert [e.order.key for e in events if isinstance(e, OrderAccepted)] == [A]
        assert [e.order.order_id for e in events if isinstance(e, OrderFound)] == [222]
