"""A panic while the database is away: what only lessens goes out, and is written down later."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import aiohttp
import pytest

from engine.memory_journal import MemoryJournal
from engine.model.account import Wallet
from engine.model.approval import ApprovedOrder
from engine.model.errors import (
    Deposed,
    ExchangeRefused,
    ExchangeUnreachable,
    InvalidInput,
    LinkDown,
)
from engine.model.event import BracketClosed, CancelRequested, OrderSubmitted, TradingPaused
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, OrderType
from engine.model.panic import LegKind, LegState
from engine.model.panic_event import PanicCalled, PanicEnded
from engine.model.report import AccountPicture, BalancesReport, LinkUp, PositionsReport
from engine.ports import Absorb
from engine.simulator.server import running
from tests.eventually import eventually
from tests.integration.brackets.house import Guarded, guarded_desk
from tests.integration.brackets.venue import Venue
from tests.integration.desk.scripted import RICH, TERMS
from tests.integration.panic.test_trouble import call, long_position, over
from tests.trading_house import CALM, desk_at


@dataclass
class Deaf(Venue):
    """What becomes of an order that empties: `trouble` is raised, after it was taken where it
    `takes`; while `mute`, it tells nothing of the account."""

    trouble: Exception | None = None
    takes: bool = False
    mute: bool = False
    emptied: int = 0

    async def run(self, absorb: Absorb) -> None:
        """A link begins with how things stand; what was said before is said to nobody."""
        self._says = asyncio.Queue()
        held = PositionsReport(positions=self._positions() if self.position else (), whole=True)
        await absorb([BalancesReport(balances=RICH, whole=True), held, LinkUp()])
        while True:
            await absorb(await self._says.get())

    async def empty(self, order: ApprovedOrder) -> None:
        self.emptied += 1
        if self.trouble is None or self.takes:
            await super().empty(order)
        if self.trouble is not None:
            raise self.trouble

    async def account(self, *, urgent: bool = False) -> AccountPicture:
        if self.mute:
            raise LinkDown
        return await super().account(urgent=urgent)


async def later(house: Guarded, seconds: float = 61) -> bool:
    """Time goes on while a condition is waited for."""
    house.clock.ahead += timedelta(seconds=seconds)
    house.desk.floor.wake()
    return True


def emptying(venue: Venue) -> list[ApprovedOrder]:
    """Every order that closes, sent by whatever way."""
    return [order for order in venue.sent if order.terms.type is OrderType.MARKET]


async def test_everything_is_cancelled_and_closed_and_journalled_once_when_it_is_back() -> None:
    venue, journal = Deaf(), MemoryJournal()
    async with guarded_desk(venue, journal) as house:
        await long_position(house)
        journal.available = False
        report = await call(house)
        assert "none the less" in report.notes[0]
        assert house.desk.floor.book.paused is not None
        await eventually(lambda: venue.position == 0 and not venue.alive())
        again = await call(house)
        assert again.repeated
        assert again.closed_because == "the database does not answer"
        await eventually(lambda: house.desk._evacuation.scene.notes)
        (order,) = emptying(venue)
        assert order.terms.reduce_only
        assert order.terms.amount == 1
        journal.available = True
        told = await over(house, 20.0)
        leg = next(leg for leg in told.legs if leg.kind is LegKind.POSITION)
        assert leg.state is LegState.DONE
        assert leg.done == 1
        assert emptying(venue) == [order]
        events = await house.events()
        for kind in (PanicCalled, TradingPaused, BracketClosed, PanicEnded):
            assert len([e for e in events if isinstance(e, kind)]) == 1, kind
        assert [e for e in events if isinstance(e, CancelRequested)]
        names = [e.order.key for e in events if isinstance(e, OrderSubmitted)]
        assert names.count(order.key) == 1


async def test_one_that_may_have_arrived_is_waited_for_and_never_sent_anew() -> None:
    venue, journal = Deaf(trouble=ExchangeUnreachable()), MemoryJournal()
    async with guarded_desk(venue, journal) as house:
        await long_position(house)
        journal.available = False
        await call(house)
        await eventually(lambda: venue.emptied == 1)
        await eventually(lambda: venue.looks > 3, 10.0)
        assert venue.emptied == 1, "its fate is not known yet"
        venue.trouble = None
        journal.available = True
        await later(house, 20)
        await over(house, 30.0)
        assert venue.position == 0
        assert len(emptying(venue)) == 1
        fates = [o.status for o in house.desk.floor.book.orders.values() if _is_blind(o)]
        assert fates == [OrderStatus.LOST]


def _is_blind(order: Order) -> bool:
    return ":blind:" in (order.command_id or "")


@pytest.mark.parametrize("trouble", [ExchangeRefused("not now"), LinkDown()], ids=str)
async def test_what_is_refused_is_tried_again_and_only_what_left_is_written_down(
    trouble: Exception,
) -> None:
    venue, journal = Deaf(trouble=trouble), MemoryJournal()
    async with guarded_desk(venue, journal) as house:
        await long_position(house)
        journal.available = False
        await call(house)
        await eventually(lambda: venue.emptied == 2, 10.0)
        owed = house.desk.floor.owed
        blind = [claim for _, claim in owed if ":blind:" in claim]
        assert len(blind) == (2 if isinstance(trouble, ExchangeRefused) else 0)
        venue.trouble = None
        await eventually(lambda: venue.position == 0, 10.0)
        journal.available = True
        await over(house, 20.0)


async def test_an_exchange_that_tells_nothing_is_sent_what_was_known() -> None:
    venue, journal = Deaf(), MemoryJournal()
    async with guarded_desk(venue, journal) as house:
        await long_position(house)
        venue.mute = True
        journal.available = False
        await call(house)
        await eventually(lambda: venue.position == 0)
        venue.mute = False
        journal.available = True
        await over(house, 20.0)
        assert len(emptying(venue)) == 1


async def test_a_panic_under_way_goes_on_without_it() -> None:
    venue, journal = Deaf(), MemoryJournal()
    async with guarded_desk(venue, journal) as house:
        await long_position(house)
        venue.refuses_closing = True
        await call(house)
        await eventually(lambda: len(emptying(venue)) >= 1)
        journal.available = False
        venue.refuses_closing = False
        await later(house)
        await eventually(lambda: venue.position == 0, 20.0)
        journal.available = True
        await over(house, 20.0)


async def test_without_a_panic_nothing_is_touched() -> None:
    venue, journal = Deaf(), MemoryJournal()
    async with guarded_desk(venue, journal) as house:
        await long_position(house)
        before: Sequence[object] = list(venue.sent)
        journal.available = False
        house.desk.floor._doubted.set()
        await eventually(lambda: house.desk.floor.gate.journal_lost)
        await later(house)
        journal.available = True
        await eventually(house.is_open)
        assert venue.sent == before
        assert venue.emptied == 0
        assert venue.position == 1


async def test_only_what_reduces_goes_past_the_journal_and_nothing_of_who_is_deposed() -> None:
    leads = [True]
    async with (
        running(CALM) as simulator,
        aiohttp.ClientSession() as http,
        desk_at(simulator, MemoryJournal(), http, lambda: leads[0]) as house,
    ):
        exchange = house.desk._exchange
        opens = ApprovedOrder(key=OrderKey(1), terms=replace(TERMS, wallet=Wallet.MARGIN))
        with pytest.raises(InvalidInput):
            await exchange.empty(opens)
        reduces = replace(opens, terms=replace(opens.terms, reduce_only=True))
        leads[0] = False
        with pytest.raises(Deposed):
            await exchange.empty(reduces)
        assert not (await house.state())["attempts"]
