"""What the desk of a leader does that may not be one any more."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from decimal import Decimal

import aiohttp
import pytest

from engine.memory_journal import MemoryJournal
from engine.model.command import CancelAll
from engine.model.errors import JournalUnavailable
from engine.model.event import OrderRejected
from engine.model.order import OrderStatus, OrderType
from engine.model.result import CancelReport
from engine.simulator.server import running
from tests.eventually import eventually, eventually_asked
from tests.integration.desk.test_one_order import placed
from tests.trading_house import CALM, MARKET_BUY, OLIVIA, House, desk_at


@dataclass
class Leads:
    """Whether it does, by hand."""

    sure: bool = True

    def __call__(self) -> bool:
        return self.sure


@pytest.fixture
def leads() -> Leads:
    return Leads()


@pytest.fixture
async def house(leads: Leads) -> AsyncIterator[House]:
    async with (
        running(CALM) as simulator,
        aiohttp.ClientSession() as http,
        desk_at(simulator, MemoryJournal(), http, leads) as house,
    ):
        yield house


async def test_an_order_that_was_written_down_does_not_leave(house: House, leads: Leads) -> None:
    leads.sure = False

    ticket = await placed(house)

    assert ticket.order.status is OrderStatus.REJECTED
    assert "Another service may lead" in (ticket.order.reason or "")
    assert (await house.state())["attempts"] == {}
    assert [event for event in await house.events() if isinstance(event, OrderRejected)]
    leads.sure = True
    assert (await placed(house)).order.status is OrderStatus.FILLED


async def test_a_cancellation_does_not_leave_either(house: House, leads: Leads) -> None:
    resting = replace(MARKET_BUY, type=OrderType.LIMIT, price=Decimal(20000))
    order = (await placed(house, resting)).order
    leads.sure = False

    answer = await house.desk.execute(OLIVIA, CancelAll(), house.wish())

    assert isinstance(answer, CancelReport)
    assert "Another service may lead" in answer.fates[0].refusal
    assert house.desk.floor.book.orders[order.key].status is OrderStatus.WORKING
    state = await house.state()
    assert isinstance(state["orders"], list)
    assert len(state["orders"]) == 1


async def test_after_a_lost_journal_the_desk_stays_away_until_it_is_sure_to_lead(
    house: House, leads: Leads
) -> None:
    journal, floor = house.journal, house.desk.floor
    assert isinstance(journal, MemoryJournal)
    leads.sure = False
    journal.available = False
    with pytest.raises(JournalUnavailable):
        await placed(house)
    assert floor.gate.journal_lost, "nothing is sent from that moment on"

    journal.available = True
    await eventually(lambda: floor.gate.link_since is None)
    assert floor.gate.journal_lost

    leads.sure = True
    await eventually(house.open)
    assert (await placed(house)).order.status is OrderStatus.FILLED


@pytest.mark.parametrize("still_leads", [True, False])
async def test_a_deposed_leader_takes_its_dead_mans_switch_along(
    leads: Leads, still_leads: bool
) -> None:
    """Another trades already: the old link's end must not cancel what the new one has sent."""
    resting = replace(MARKET_BUY, type=OrderType.LIMIT, price=Decimal(20000))
    async with running(CALM) as simulator, aiohttp.ClientSession() as http:
        journal = MemoryJournal()
        async with desk_at(simulator, journal, http, leads, dms=True) as house:
            await placed(house, resting)
            leads.sure = still_leads

        async def gone() -> bool:
            return (await house.state())["sockets"] == []

        await eventually_asked(gone)
        orders = (await house.state())["orders"]
    assert isinstance(orders, list)
    assert len(orders) == (0 if still_leads else 1)
