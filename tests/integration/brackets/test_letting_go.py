"""Everything is cancelled, or everything let go: nothing of any bracket comes back."""

import asyncio
from collections.abc import Sequence

from engine.memory_journal import MemoryJournal
from engine.model.command import CancelAll
from engine.model.entry import Entry
from engine.model.errors import LinkDown
from engine.model.event import (
    BracketChanged,
    BracketClosed,
    BracketNoted,
    CancelRequested,
    Event,
    OrderSubmitted,
)
from engine.model.ids import CommandId
from engine.model.order import Order
from engine.model.result import CancelReport, Refused
from engine.model.symbol import Symbol
from tests.eventually import eventually
from tests.integration.brackets.house import Guarded, guarded_desk
from tests.integration.brackets.venue import Venue
from tests.trading_house import OLIVIA

ETH = Symbol("tETHUSD")
EVERYTHING = "all orders were cancelled by Olivia"


async def cancelled(house: Guarded, symbol: Symbol | None = None) -> CancelReport:
    told = await house.desk.execute(OLIVIA, CancelAll(symbol), CommandId("all"))
    assert isinstance(told, CancelReport), told
    return told


async def test_what_is_cancelled_with_everything_stays_away_and_is_told_loudly() -> None:
    async with guarded_desk() as house:
        await house.open_bracket()
        house.fill("0.4")
        await house.guarded("0.3992")
        told = await cancelled(house)
        assert len(told.fates) == 3
        assert told.notes == (
            "1 bracket let go: nothing is placed for it anew, and what it holds is not guarded.",
        )
        assert await house.over() == EVERYTHING
        assert await house.alarms() == [EVERYTHING]
        assert len(house.venue.sent) == 2


class Replacing(Venue):
    """Has exits cancelled without a word about it, until it is asked again."""

    async def cancel(self, orders: Sequence[Order]) -> None:
        self.cancels.append(orders)
        if len(self.cancels) > 1:
            for order in orders:
                if self.rows[order.key].status.is_open:
                    self.end(order.key)


async def test_exits_that_are_being_replaced_do_not_come_back() -> None:
    """What the guardian itself had taken back would be sent anew."""
    async with guarded_desk(Replacing()) as house:
        await house.open_bracket()
        house.fill("0.4")
        await house.guarded("0.3992")
        house.venue.refuses_changes = True
        house.fill("0.6")
        await eventually(lambda: house.venue.cancels)
        await cancelled(house)
        assert await house.over() == EVERYTHING
        assert house.venue.alive() == []
        assert len(house.venue.sent) == 2


class Hanging(MemoryJournal):
    """A database that takes its time over exits, and whatever comes after them waits."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.goes_on = asyncio.Event(), asyncio.Event()
        self.turn = asyncio.Lock()

    async def append(
        self, events: Sequence[Event], *, claim: CommandId | None = None
    ) -> Sequence[Entry]:
        async with self.turn:
            if any(isinstance(event, OrderSubmitted) and event.order.bracket for event in events):
                self.reached.set()
                await self.goes_on.wait()
            return await super().append(events, claim=claim)


async def test_exits_on_their_way_to_the_wire_stay_here() -> None:
    journal = Hanging()
    async with guarded_desk(journal=journal) as house:
        await house.open_bracket()
        house.fill("1")
        await journal.reached.wait()
        await cancelled(house)
        journal.goes_on.set()
        await eventually(lambda: len(house.exits()) == 2)
        await eventually(lambda: not any(order.status.is_open for order in house.exits()))
        assert await house.over() == EVERYTHING
        assert "bracket was let go" in house.exits()[0].reason
        assert len(house.venue.sent) == 1


async def test_brackets_of_another_symbol_are_guarded_on() -> None:
    async with guarded_desk() as house:
        await house.open_bracket()
        house.fill("0.4")
        await house.guarded("0.3992")
        assert (await cancelled(house, ETH)).notes == ()
        house.fill("0.6")
        await house.guarded("0.998")


class Unlinked(Venue):
    """Nothing goes out, by no way."""

    async def cancel(self, orders: Sequence[Order]) -> None:
        raise LinkDown


async def test_where_nothing_could_be_cancelled_all_is_guarded_on() -> None:
    async with guarded_desk(Unlinked()) as house:
        await house.open_bracket()
        house.fill("0.4")
        await house.guarded("0.3992")
        told = await house.desk.execute(OLIVIA, CancelAll(), CommandId("all"))
        assert isinstance(told, Refused)
        house.fill("0.6")
        await house.guarded("0.998")


class Away(MemoryJournal):
    """A database that is lost over a wish to cancel."""

    def __init__(self) -> None:
        super().__init__()
        self.losses = 1

    async def append(
        self, events: Sequence[Event], *, claim: CommandId | None = None
    ) -> Sequence[Entry]:
        if self.losses and any(isinstance(event, CancelRequested) for event in events):
            self.losses, self.available = 0, False
        return await super().append(events, claim=claim)


async def test_let_go_without_a_database_they_are_over_when_it_is_back() -> None:
    journal = Away()
    async with guarded_desk(journal=journal) as house:
        await house.open_bracket()
        house.fill("0.4")
        await house.guarded("0.3992")
        await cancelled(house)
        assert house.venue.alive() == []
        journal.available = True
        assert await house.over() == EVERYTHING
        assert house.bracket is None
        assert len(house.venue.sent) == 2


async def test_after_its_end_nothing_more_is_journalled_of_a_bracket() -> None:
    async with guarded_desk() as house:
        await house.open_bracket()
        house.fill("0.4")
        await house.guarded("0.3992")
        house.fill("0.1")
        await cancelled(house)
        await house.over()
        kinds = [type(event) for event in await house.events()]
        assert BracketChanged not in kinds[kinds.index(BracketClosed) :]
        assert BracketNoted not in kinds[kinds.index(BracketClosed) :]
        with_journal = await house.journal.remember()
        assert with_journal.brackets == ()
