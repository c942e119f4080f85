"""Exits after a restart, a kill, or a database that was lost over them."""

from collections.abc import Sequence
from decimal import Decimal

from engine.memory_journal import MemoryJournal
from engine.model.entry import Entry
from engine.model.errors import JournalUnavailable
from engine.model.event import (
    Event,
    OrderSubmitted,
)
from engine.model.ids import CommandId
from engine.model.order import OrderStatus
from engine.model.position import Position
from tests.eventually import eventually
from tests.integration.brackets.house import guarded_desk
from tests.integration.brackets.venue import Venue, forgetful
from tests.integration.desk.scripted import BTC

TRIES = 4
NONE = Position(symbol=BTC, amount=Decimal(0), base_price=Decimal(30000))


async def test_a_restart_in_the_middle_goes_on_where_it_was() -> None:
    journal, venue = MemoryJournal(), Venue()
    async with guarded_desk(venue, journal) as house:
        await house.open_bracket()
        house.fill("0.4")
        await house.guarded("0.3992")
    venue.fill(venue.entry, Decimal("0.6"), quietly=True)
    async with guarded_desk(forgetful(venue), journal) as house:
        await house.guarded("0.998")
        assert len(house.exits()) == 2
        house.venue.fill(house.exits()[0].key, Decimal("0.998"))
        assert await house.over() == "take profit is filled"


async def test_what_ended_while_we_were_dead_is_found() -> None:
    journal, venue = MemoryJournal(), Venue()
    async with guarded_desk(venue, journal) as house:
        await house.open_bracket()
        house.fill("1")
        await house.guarded("0.998")
        stop = house.exits()[1].key
    venue.fill(stop, Decimal("0.998"), quietly=True)
    async with guarded_desk(forgetful(venue), journal) as house:
        assert await house.over() == "stop loss is filled"
        assert len(house.exits()) == 2


async def test_killed_with_exits_in_flight_there_is_one_pair() -> None:
    journal, venue = MemoryJournal(), Venue()
    async with guarded_desk(venue, journal) as house:
        await house.open_bracket()
        house.fill("1")
        venue.dumb = True
        await eventually(lambda: len(venue.sent) == 2)
    venue.dumb = False
    async with guarded_desk(forgetful(venue), journal) as house:
        await house.guarded("0.998")
        assert len(venue.sent) == 2
        assert len(venue.alive()) == 2


async def test_filled_while_we_were_dead_is_guarded_at_the_start() -> None:
    journal, venue = MemoryJournal(), Venue()
    async with guarded_desk(venue, journal) as house:
        await house.open_bracket()
    venue.fill(venue.entry, Decimal(1), quietly=True)
    async with guarded_desk(forgetful(venue), journal) as house:
        await house.guarded("0.998")


class LosingJournal(MemoryJournal):
    """A database that is lost over the commit of exits, and has them none the less."""

    def __init__(self) -> None:
        super().__init__()
        self.losses = 1

    async def append(
        self, events: Sequence[Event], *, claim: CommandId | None = None
    ) -> Sequence[Entry]:
        entries = await super().append(events, claim=claim)
        exits = [e for e in events if isinstance(e, OrderSubmitted) and e.order.bracket]
        if exits and self.losses:
            self.losses -= 1
            raise JournalUnavailable
        return entries


async def test_a_database_lost_over_exits_makes_no_second_pair() -> None:
    async with guarded_desk(journal=LosingJournal()) as house:
        await house.open_bracket()
        house.fill("1")
        await house.guarded("0.998")
        working = [o for o in house.exits() if o.status is OrderStatus.WORKING]
        assert len(working) == 2
        assert len(house.venue.alive()) == 2
