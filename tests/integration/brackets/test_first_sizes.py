"""A changed order goes on showing its first size: what it filled is told by its trades."""

from decimal import Decimal

import pytest

from engine.memory_journal import MemoryJournal
from engine.model.change import OrderChange
from engine.model.command import AmendOrder
from engine.model.ids import CommandId
from engine.model.order import OrderStatus
from engine.model.report import LinkLost, LinkUp
from engine.model.result import OrderTicket
from tests.eventually import eventually
from tests.integration.brackets.house import Guarded, guarded_desk
from tests.integration.brackets.venue import Venue, forgetful
from tests.trading_house import OLIVIA


async def grown(house: Guarded) -> None:
    await house.open_bracket()
    house.fill("0.4")
    await house.guarded("0.3992")
    house.fill("0.6")
    await house.guarded("0.998")


@pytest.mark.parametrize("late", [False, True])
async def test_exits_that_grew_and_filled_whole_leave_nothing_to_guard(late: bool) -> None:
    async with guarded_desk() as house:
        await grown(house)
        house.venue.late = late
        house.venue.fill(house.exits()[0].key, Decimal("0.998"))
        assert await house.over() == "take profit is filled"
        assert house.exits()[0].filled == Decimal("0.998")
        assert len(house.venue.sent) == 2
        assert await house.alarms() == []


@pytest.mark.parametrize("late", [False, True])
async def test_exits_that_grew_and_filled_in_part_guard_the_rest(late: bool) -> None:
    async with guarded_desk() as house:
        await grown(house)
        house.venue.late = late
        house.venue.fill(house.exits()[0].key, Decimal("0.598"))
        await house.guarded("0.4")
        assert [order.terms.amount for order in house.venue.sent[2:]] == [Decimal("0.4")]


async def test_exits_that_grew_and_filled_while_away_leave_nothing_to_guard() -> None:
    async with guarded_desk() as house:
        await grown(house)
        house.venue.say(LinkLost(reason="cut"))
        await eventually(lambda: not house.is_open())
        house.venue.fill(house.exits()[0].key, Decimal("0.998"), quietly=True)
        house.venue.say(LinkUp())
        assert await house.over() == "take profit is filled"
        assert len(house.venue.sent) == 2


@pytest.mark.parametrize("late", [False, True])
async def test_an_entry_made_smaller_holds_no_more_than_it_filled(late: bool) -> None:
    async with guarded_desk() as house:
        ticket = await house.open_bracket()
        house.venue.late = late
        house.fill("0.3")
        await house.guarded("0.2994")
        smaller = AmendOrder(ticket.entry.key, OrderChange(amount=Decimal("0.5")))
        answer = await house.desk.execute(OLIVIA, smaller, CommandId("smaller"))
        assert isinstance(answer, OrderTicket)
        assert (answer.order.filled, answer.order.remaining) == (Decimal("0.3"), Decimal("0.2"))
        house.fill("0.2")
        await house.guarded("0.499")
        entry = house.desk.floor.book.orders[ticket.entry.key]
        assert (entry.status, entry.filled) == (OrderStatus.FILLED, Decimal("0.5"))


async def test_what_filled_is_known_after_a_restart() -> None:
    journal, venue = MemoryJournal(), Venue()
    async with guarded_desk(venue, journal) as house:
        await grown(house)
        take = house.exits()[0].key
        venue.fill(take, Decimal("0.3"))
        await house.guarded("0.698")
    venue.fill(house.exits()[2].key, Decimal("0.698"), quietly=True)
    async with guarded_desk(forgetful(venue), journal) as house:
        assert await house.over() == "take profit is filled"
        assert len(venue.sent) == 3
