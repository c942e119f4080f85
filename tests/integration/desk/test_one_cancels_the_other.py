"""An OCO: two orders in one frame, each with a life of its own."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from engine.memory_journal import MemoryJournal
from engine.model.command import PlaceOrder
from engine.model.draft import BaseSize, OrderDraft
from engine.model.errors import LinkDown
from engine.model.event import OrderFound, OrderRejected, OrderSubmitted
from engine.model.ids import CommandId, OrderId
from engine.model.order import Order, OrderStatus, OrderType, Side
from engine.model.query import PreviewOrder
from engine.model.report import OrderReport, SubmissionNoted, SubmissionRefused
from engine.model.result import OrderPreview, OrderTicket, Refused
from tests.eventually import eventually
from tests.hurried import now
from tests.integration.desk.scripted import TERMS, Scene, report, scene
from tests.trading_house import OLIVIA

OCO = replace(TERMS, side=Side.SELL, price=Decimal(31000), oco_stop=Decimal(29000))
S = OrderStatus


async def sent(shown: Scene) -> "tuple[asyncio.Task[OrderTicket], Order, Order]":
    """The frame has left; the wish, the limit and its stop."""
    wish = asyncio.create_task(shown.place("card:1", OCO))
    await eventually(lambda: shown.exchange.sent)
    frame = shown.exchange.sent[0]
    assert frame.partner is not None
    limit, stop = shown.desk.known(frame.key), shown.desk.known(frame.partner)
    assert limit is not None
    assert stop is not None
    return wish, limit, stop


def leg(stop: Order, *, named: bool = True, status: OrderStatus = S.WORKING) -> OrderReport:
    """What the exchange says of the stop, by its cid or only by its parent."""
    told = report(stop, order_id=222, status=status)
    return replace(told, parent_id=OrderId(111), cid=stop.key if named else 999)


async def test_both_orders_are_journalled_in_one_append_and_know_each_other() -> None:
    async with scene() as shown:
        wish, limit, stop = await sent(shown)
        assert (limit.partner, stop.partner) == (stop.key, limit.key)
        assert (stop.terms.type, stop.terms.trigger) == (OrderType.STOP, Decimal(29000))
        assert [e.order.key for e in await shown.told(OrderSubmitted)] == [limit.key, stop.key]
        shown.exchange.say(report(limit), leg(stop))
        ticket = await wish
        assert (ticket.order.key, ticket.order.status) == (limit.key, S.WORKING)
        again = await shown.desk.execute(OLIVIA, PlaceOrder(OCO), CommandId("card:1"))
        assert isinstance(again, OrderTicket)
        assert again.order.key == limit.key
        assert len(shown.exchange.sent) == 1


async def test_a_stop_that_is_told_by_its_parent_alone_is_ours() -> None:
    """Before its parent has been heard of, and under a cid we never gave."""
    async with scene() as shown:
        wish, limit, stop = await sent(shown)
        shown.exchange.say(leg(stop, named=False), report(limit))
        await wish
        await eventually(lambda: shown.status(stop.key) is S.WORKING)
        shown.exchange.say(
            report(limit, status=S.FILLED, remaining="0"),
            leg(stop, named=False, status=S.CANCELLED),
        )
        await eventually(lambda: shown.status(stop.key) is S.CANCELLED)
        assert shown.status(limit.key) is S.FILLED
        assert not [e for e in await shown.events() if isinstance(e, OrderFound)]


async def test_another_programs_oco_is_found_whole() -> None:
    async with scene() as shown:
        wish, limit, stop = await sent(shown)
        theirs = replace(leg(stop, named=False), parent_id=OrderId(500), order_id=OrderId(501))
        parent = replace(report(limit, order_id=500), cid=None)
        shown.exchange.say(theirs, parent, SubmissionNoted(cid=limit.key, order_id=OrderId(111)))
        shown.exchange.say(report(limit), leg(stop))
        await wish
        await eventually(lambda: shown.status(stop.key) is S.WORKING)
        await eventually(lambda: len(shown.desk.floor.book.orders) == 4)
        found = [e.order.order_id for e in await shown.events() if isinstance(e, OrderFound)]
        assert sorted(i for i in found if i) == [500, 501]


async def test_a_refused_oco_is_refused_whole() -> None:
    async with scene() as shown:
        wish, limit, stop = await sent(shown)
        shown.exchange.say(SubmissionRefused(cid=limit.key, reason="no"))
        assert (await wish).order.status is S.REJECTED
        assert {e.order.key for e in await shown.told(OrderRejected)} == {limit.key, stop.key}


async def test_an_oco_that_cannot_leave_is_rejected_whole() -> None:
    async with scene() as shown:
        shown.exchange.refusal = LinkDown()
        ticket = await shown.place("card:1", OCO)
        assert ticket.order.status is S.REJECTED
        assert len(await shown.told(OrderRejected)) == 2


async def test_a_lost_oco_is_looked_for_whole() -> None:
    """The link is cut under it; one of its orders traded meanwhile, the other was cancelled."""
    async with scene() as shown:
        wish, limit, stop = await sent(shown)
        shown.exchange.closed = (
            report(limit, status=S.FILLED, remaining="0"),
            leg(stop, status=S.CANCELLED),
        )
        shown.exchange.reconnect()
        assert (await wish).order.status is S.FILLED
        await eventually(lambda: shown.status(stop.key) is S.CANCELLED)
        assert len(shown.exchange.sent) == 1


async def test_an_oco_of_a_dead_process_is_sent_anew_whole_or_not_at_all() -> None:
    for known in (False, True):
        journal = MemoryJournal()
        async with scene(journal) as shown:
            wish, limit, stop = await sent(shown)
            wish.cancel()
            await asyncio.gather(wish, return_exceptions=True)
        left = MemoryJournal()
        at = now() - timedelta(seconds=20)
        for order in (limit, stop):
            left_order = replace(order, created_at=at, updated_at=at)
            await left.append([OrderSubmitted(at=at, order=left_order)])
        exchange = type(shown.exchange)(active=(report(limit),) if known else ())
        async with scene(left, exchange):
            frames = [(order.key, order.partner) for order in exchange.sent]
            assert frames == ([] if known else [(limit.key, stop.key)])


async def test_the_money_of_an_oco_is_held_once() -> None:
    async with scene() as shown:
        wish, limit, stop = await sent(shown)
        shown.exchange.say(report(limit), leg(stop))
        await wish
        assert shown.desk.floor.free(TERMS.wallet, "BTC") == 99


async def test_an_oco_spans_the_market() -> None:
    async with scene() as shown:
        draft = OrderDraft(
            symbol="tBTCUSD",
            side=Side.SELL,
            size=BaseSize(Decimal(1)),
            type=OrderType.LIMIT,
            price=Decimal(31000),
            oco_stop=Decimal(29000),
        )
        seen = await shown.desk.ask(OLIVIA, PreviewOrder(draft))
        assert isinstance(seen, OrderPreview)
        assert seen.terms == OCO
        wrong = replace(draft, oco_stop=Decimal(30500))
        refused = await shown.desk.ask(OLIVIA, PreviewOrder(wrong))
        assert isinstance(refused, Refused)
        assert refused.reasons[0].code == "oco_beside_market"
