"""Exits that are refused, lost, cancelled or overtaken: never two for one amount, always told."""

import asyncio
from decimal import Decimal

import pytest

from engine.brackets.plan import BY_HAND, EXIT_LOST, POSITION_GONE, REFUSED, WHILE_AWAY
from engine.discrepancies import unproven
from engine.memory_journal import MemoryJournal
from engine.model.bracket import BracketStatus, Fallback
from engine.model.change import OrderChange
from engine.model.command import RenewBracket
from engine.model.event import (
    AmendFailed,
    AmendRequested,
    BracketEvent,
    BracketNoted,
)
from engine.model.ids import CommandId
from engine.model.order import OrderStatus, OrderType
from engine.model.position import Position
from engine.model.report import LinkLost, LinkUp, PositionsReport
from engine.model.result import Done
from tests.eventually import eventually, eventually_asked
from tests.hurried import now
from tests.integration.brackets.house import MARGIN, guarded_desk
from tests.integration.brackets.venue import Venue, forgetful
from tests.integration.desk.scripted import BTC
from tests.trading_house import OLIVIA

TRIES = 4
NONE = Position(symbol=BTC, amount=Decimal(0), base_price=Decimal(30000))


async def test_refused_exits_ring_and_hold_and_are_tried_again() -> None:
    async with guarded_desk() as house:
        house.venue.refuses = True
        await house.open_bracket()
        house.fill("1")
        bracket = await house.status(BracketStatus.EXPOSED)
        assert bracket.reason == f"{REFUSED}: not now"
        assert (bracket.held, bracket.guarded) == (Decimal("0.998"), Decimal(0))
        assert len(house.venue.sent) == 1 + TRIES
        house.venue.refuses = False
        await house.guarded("0.998")
        assert await house.alarms() == [f"{REFUSED}: not now"]


async def test_refused_exits_close_at_the_market_where_that_is_the_fallback() -> None:
    async with guarded_desk() as house:
        await house.open_bracket(MARGIN, fallback=Fallback.CLOSE)
        house.venue.refuses = True
        house.fill("0.6")
        assert await house.over() == "closed at the market"
        last = house.venue.sent[-1].terms
        assert (last.type, last.amount, last.reduce_only) == (
            OrderType.MARKET,
            Decimal("0.6"),
            True,
        )
        assert house.venue.rows[house.venue.entry].status is OrderStatus.CANCELLED
        assert await house.alarms() == [f"{REFUSED}: not now"]
        assert house.venue.position == 0


async def test_where_closing_is_refused_too_it_is_told_and_tried_again() -> None:
    async with guarded_desk() as house:
        house.venue.refuses = house.venue.refuses_closing = True
        await house.open_bracket(fallback=Fallback.CLOSE)
        house.fill("1")

        async def told() -> bool:
            return len(await house.alarms()) == 2

        await eventually_asked(told)
        assert "and so was closing" in (await house.alarms())[1]
        house.venue.refuses_closing = False
        assert await house.over() == "closed at the market"
        assert len(await house.alarms()) == 2
        closing = [s for s in house.venue.sent if s.terms.type is OrderType.MARKET]
        assert len(closing) == TRIES + 1


async def test_exits_cancelled_by_hand_are_left_alone_loudly() -> None:
    async with guarded_desk() as house:
        await house.open_bracket()
        house.fill("1")
        await house.guarded("0.998")
        for order in house.exits():
            house.venue.end(order.key)
        assert await house.over() == BY_HAND
        assert await house.alarms() == [BY_HAND]
        assert len(house.venue.sent) == 2


async def test_by_hand_while_the_entry_works_says_what_is_not_guarded() -> None:
    async with guarded_desk() as house:
        await house.open_bracket()
        house.fill("0.4")
        await house.guarded("0.3992")
        house.venue.end(house.exits()[0].key)
        reason = await house.over()
        assert reason.startswith(BY_HAND)
        assert "what it fills is not guarded" in reason
        assert await house.alarms() == [reason]
        assert [row.terms.type for row in house.venue.alive()] == [OrderType.STOP]


@pytest.mark.parametrize("dead_man", [False, True])
async def test_exits_that_went_with_the_link(dead_man: bool) -> None:
    """A dead-man switch takes them: with one they come back, without one a hand was in it."""
    async with guarded_desk(dead_man=dead_man) as house:
        await house.open_bracket()
        house.fill("1")
        await house.guarded("0.998")
        house.venue.say(LinkLost(reason="cut"))
        await eventually(lambda: not house.is_open())
        for order in house.exits():
            house.venue.end(order.key, quietly=True)
        house.venue.say(LinkUp())
        if dead_man:
            await house.guarded("0.998")
            assert len(house.exits()) == 4
        else:
            assert await house.over() == WHILE_AWAY
            assert await house.alarms() == [WHILE_AWAY]


async def test_a_position_closed_elsewhere_ends_the_bracket() -> None:
    async with guarded_desk() as house:
        await house.open_bracket(MARGIN)
        house.fill("1")
        await house.guarded("1")
        house.venue.move(Decimal(-1))
        for order in house.exits():
            house.venue.end(order.key, "RSN_POS_NOTFOUND")
        assert await house.over() == POSITION_GONE
        assert len(house.venue.sent) == 2


async def test_a_position_made_smaller_elsewhere_is_guarded_for_the_rest() -> None:
    async with guarded_desk() as house:
        await house.open_bracket(MARGIN)
        house.fill("1")
        await house.guarded("1")
        house.venue.move(Decimal("-0.7"))
        for order in house.exits():
            house.venue.end(order.key, "RSN_POS_REDUCE_FLIP")
        await house.guarded("0.3")


async def test_exits_left_standing_without_a_position_are_withdrawn() -> None:
    """Closed by hand: reduce-only orders may stay where they are, and would close another's."""
    async with guarded_desk() as house:
        await house.open_bracket(MARGIN)
        house.fill("1")
        await house.guarded("1")
        house.venue.move(Decimal(-1))
        assert await house.over() == POSITION_GONE
        assert house.venue.alive() == []
        assert await house.alarms() == []
        assert len(house.venue.sent) == 2


async def test_exits_follow_a_position_that_was_made_smaller_by_hand() -> None:
    """An exit for more than there is would be turned away when it is needed."""
    journal, venue = MemoryJournal(), Venue()
    async with guarded_desk(venue, journal) as house:
        await house.open_bracket(MARGIN)
        house.fill("0.8")
        await house.guarded("0.8")
        house.venue.move(Decimal("-0.5"))
        await house.guarded("0.3")
        house.fill("0.2")
        await house.guarded("0.5")
        assert len(house.venue.sent) == 2
    async with guarded_desk(forgetful(venue), journal) as house:
        await house.guarded("0.5")
        house.venue.fill(house.exits()[1].key, Decimal("0.5"))
        assert await house.over() == "stop loss is filled"


async def test_a_stop_stays_as_long_as_the_exchange_when_asked_shows_a_position() -> None:
    """What the stream told, or left out, is no proof."""
    async with guarded_desk() as house:
        await house.open_bracket(MARGIN)
        house.fill("1")
        await house.guarded("1")
        looks = house.venue.looks
        house.venue.say(PositionsReport(positions=(NONE,)))
        await eventually(lambda: house.venue.looks > looks)
        await asyncio.sleep(0.1)
        assert {row.remaining for row in house.venue.alive()} == {Decimal(1)}
        assert house.bracket is not None


async def test_an_entry_made_smaller_by_hand_is_guarded_for_what_it_has_traded() -> None:
    """What was taken off it was never bought, and must not be sold."""
    async with guarded_desk() as house:
        await house.open_bracket(MARGIN)
        house.fill("0.4")
        await house.guarded("0.4")
        house.venue.resize(house.venue.entry, Decimal("0.5"))
        await eventually(lambda: unproven(house.desk.floor.book, house.venue.entry))
        house.venue.end(house.venue.entry)
        await asyncio.sleep(0.1)
        await house.guarded("0.4")
        assert {row.terms.amount for row in house.venue.alive()} == {Decimal("0.4")}


async def test_exits_ended_by_the_exchange_come_back() -> None:
    async with guarded_desk() as house:
        await house.open_bracket()
        house.fill("1")
        await house.guarded("0.998")
        for order in house.exits():
            house.venue.end(order.key, "INSUFFICIENT BALANCE (G1)")
        await house.guarded("0.998")
        assert len(house.exits()) == 4


async def test_a_stop_that_found_no_book_comes_back() -> None:
    """Triggered, it ended the other leg, and was itself ended without a trade."""
    async with guarded_desk() as house:
        await house.open_bracket()
        house.fill("1")
        await house.guarded("0.998")
        take, stop = house.exits()
        house.venue.end(take.key)
        house.venue.end(stop.key, "RSN_BOOK_SLIP")
        await house.guarded("0.998")
        assert len(house.exits()) == 4


async def test_an_exit_lost_on_the_way_is_not_sent_twice_until_somebody_has_looked() -> None:
    async with guarded_desk() as house:
        house.venue.swallows = True
        await house.open_bracket()
        house.fill("1")
        bracket = await house.status(BracketStatus.EXPOSED)
        assert bracket.reason == EXIT_LOST
        assert [order.status for order in house.exits()] == [OrderStatus.LOST] * 2
        assert len(house.venue.sent) == 2
        house.venue.swallows = False
        wish = CommandId("renew")
        assert await house.desk.execute(OLIVIA, RenewBracket(bracket.key), wish) == Done()
        await house.guarded("0.998")
        assert len(house.venue.sent) == 3


async def test_what_cannot_be_guarded_for_long_is_told_whatever_the_cause() -> None:
    async with guarded_desk() as house:
        await house.open_bracket()
        house.venue.during_look = forever
        house.venue.say(LinkLost(reason="the exchange is away"))
        house.fill("1")
        bracket = await house.status(BracketStatus.EXPOSED)
        assert "the exchange is away" in bracket.reason
        assert bracket.held == Decimal("0.998")


async def test_each_step_is_told_once() -> None:
    async with guarded_desk() as house:
        await house.open_bracket()
        house.fill("1")
        await house.guarded("0.998")
        house.venue.fill(house.exits()[0].key, Decimal("0.998"))
        await house.over()
        events = [e for e in await house.events() if isinstance(e, BracketEvent)]
        news = [e.bracket for e in events if not isinstance(e, BracketNoted)]
        assert [bracket.status for bracket in news] == [
            BracketStatus.WAITING,
            BracketStatus.GUARDED,
            BracketStatus.DONE,
        ]
        assert await house.ends() == 1


async def forever() -> None:
    await asyncio.Event().wait()


async def test_sizes_of_an_exit_are_never_changed_twice_at_once() -> None:
    """The exchange adds differences: two on their way would make the exit too large."""
    async with guarded_desk() as house:
        await house.open_bracket()
        house.fill("0.4")
        await house.guarded("0.3992")
        stop = house.exits()[1].key
        asked = AmendRequested(
            at=now(), actor_id="tg:1", key=stop, change=OrderChange(amount=Decimal(2))
        )
        await house.desk.floor.record([asked])
        house.fill("0.6")
        await house.guarded("0.998", patience=30)
        told = [e for e in await house.events() if isinstance(e, AmendRequested | AmendFailed)]
        after = told[told.index(asked) + 1]
        assert isinstance(after, AmendFailed)


async def test_exits_that_cannot_be_cancelled_together_are_cancelled_one_by_one() -> None:
    async with guarded_desk() as house:
        await house.open_bracket()
        house.fill("0.4")
        await house.guarded("0.3992")
        house.venue.refuses_changes = house.venue.refuses_bulk = True
        house.fill("0.6")
        await house.guarded("0.998")
        assert len(house.venue.sent) == 3
