"""A row nobody could read may be the very order that is looked for."""

from datetime import timedelta

import pytest

from engine.memory_journal import MemoryJournal
from engine.model.event import OrderSubmitted
from engine.model.ids import OrderKey
from engine.model.order import OrderStatus
from engine.model.report import UnreadOrder
from tests.eventually import eventually
from tests.hurried import now
from tests.integration.desk.scripted import ScriptedExchange, pending, report, scene

A, B = 1_790_000_000_001, 1_790_000_000_002


async def left_behind() -> MemoryJournal:
    """The journal of a service that died before it heard of its two orders."""
    journal = MemoryJournal()
    at = now() - timedelta(seconds=20)
    orders = [pending(A, at), pending(B, at)]
    await journal.append([OrderSubmitted(at=order.created_at, order=order) for order in orders])
    return journal


@pytest.mark.parametrize(
    "row", [UnreadOrder(cid=A), UnreadOrder(cid=A, order_id=111)], ids=["cid", "cid and id"]
)
async def test_an_order_that_may_be_in_an_unreadable_row_is_neither_sent_nor_lost(
    row: UnreadOrder,
) -> None:
    exchange = ScriptedExchange(unread=(row,))
    async with scene(await left_behind(), exchange) as shown:
        assert [order.key for order in exchange.sent] == [B]
        assert shown.status(OrderKey(A)) is OrderStatus.PENDING
        exchange.unread = ()
        exchange.say(report(pending(A)))
        await eventually(lambda: shown.status(OrderKey(A)) is OrderStatus.WORKING)


async def test_a_row_of_which_nothing_is_known_may_be_any_order() -> None:
    exchange = ScriptedExchange(unread=(UnreadOrder(),))
    async with scene(await left_behind(), exchange) as shown:
        assert exchange.sent == []
        assert shown.status(OrderKey(A)) is shown.status(OrderKey(B)) is OrderStatus.PENDING


async def test_a_row_of_somebody_else_hides_nothing() -> None:
    exchange = ScriptedExchange(unread=(UnreadOrder(cid=7, order_id=9),))
    async with scene(await left_behind(), exchange):
        assert [order.key for order in exchange.sent] == [A, B]
