"""A panic whose orders nobody will have: after so many tries it is a person's, and it ends."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from bot.telegram.render import panic as render
from bot.telegram.render.standstill import standstill
from engine.memory_journal import MemoryJournal
from engine.model.approval import ApprovedOrder
from engine.model.command import ResumeTrading
from engine.model.ids import CommandId
from engine.model.market import Pair
from engine.model.panic import LegKind, LegState, PanicLeg
from engine.model.panic_event import PanicEnded, PanicLegSettled
from engine.model.panic_query import ShowStandstill
from engine.model.report import LinkLost, LinkUp, SubmissionRefused
from engine.model.result import Refused, TradingState
from engine.model.symbol import Symbol
from engine.panic.legs import MOST_REFUSALS
from engine.ports import Absorb
from tests.eventually import eventually
from tests.integration.brackets.house import Guarded, guarded_desk
from tests.integration.brackets.venue import Venue
from tests.integration.desk.scripted import BTC, QuietMarket
from tests.integration.panic.test_trouble import call, closing, over
from tests.trading_house import OLIVIA

NO_SUCH_SIZE = Decimal("0.000000001")


@dataclass
class OddMarket(QuietMarket):
    """Whose greatest size is none that an order can have."""

    async def pairs(self) -> Mapping[Symbol, Pair]:
        (pair,) = (await super().pairs()).values()
        return {BTC: replace(pair, min_size=Decimal(0), max_size=NO_SUCH_SIZE)}


@dataclass
class LateVenue(Venue):
    """Whose link comes up when a test says so."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, absorb: Absorb) -> None:
        await self.gate.wait()
        await super().run(absorb)


def tries(house: Guarded) -> int:
    """How often our own rules have refused to close the position."""
    scene = house.desk._evacuation.scene
    trouble = scene.troubles.get(BTC)
    return 0 if trouble is None else trouble.refused


async def tried(house: Guarded, times: int) -> None:
    """Once it was tried so often, each as soon as its pause is over."""

    def enough() -> bool:
        panics = house.desk.floor.book.panic
        house.clock.ahead += timedelta(seconds=61)
        house.desk.floor.wake()
        return panics.running is None or tries(house) >= times

    await eventually(enough)


async def held(house: Guarded, amount: str = "1") -> None:
    house.venue.move(Decimal(amount))
    await eventually(lambda: house.desk.floor.book.positions)


def position(legs: tuple[PanicLeg, ...]) -> PanicLeg:
    (leg,) = [leg for leg in legs if leg.kind is LegKind.POSITION]
    return leg


async def resumed(house: Guarded) -> TradingState | Refused:
    return await house.desk.execute(OLIVIA, ResumeTrading(), CommandId("card:resume"))


async def test_what_our_own_rules_refuse_is_left_told_and_resumed_after() -> None:
    async with guarded_desk(market=OddMarket()) as house:
        await held(house)
        await call(house)
        await tried(house, 2)
        early = (await call(house, "card:again")).legs
        assert position(early).state is LegState.HELD_UP
        assert isinstance(await resumed(house), Refused)
        house.venue.move(Decimal(1))
        await eventually(lambda: house.desk.floor.book.positions[BTC].amount == 2)
        await eventually(lambda: _one_more(house) and tries(house) == 1)
        await tried(house, MOST_REFUSALS)
        leg = position((await over(house)).legs)
        assert leg.state is LegState.LEFT
        assert leg.is_left_over
        assert leg.left == 2
        assert "decimals" in leg.words
        assert leg.words.endswith(f"tried {MOST_REFUSALS} times")
        assert closing(house) == []
        told = [e for e in await house.events() if isinstance(e, PanicLegSettled | PanicEnded)]
        said = [
            render.ended(e) if isinstance(e, PanicEnded) else render.leg_settled(e) for e in told
        ]
        assert "The panic has ended, 1 leg left" in said[-1]
        assert all("close it on the exchange's own page" in text for text in said[1:])
        card = standstill(await house.desk.ask(OLIVIA, ShowStandstill()))
        assert "Over, 1 leg left" in card
        assert "close it on the exchange's own page" in card
        assert await house.desk.execute(
            OLIVIA, ResumeTrading(), CommandId("card:resume-2")
        ) == TradingState(None)


async def test_a_restart_in_the_middle_and_one_after_it_was_left() -> None:
    venue, journal = LateVenue(), MemoryJournal()
    venue.gate.set()
    async with guarded_desk(venue, journal, market=OddMarket()) as house:
        await held(house)
        await call(house)
        await tried(house, 2)
    venue.gate.clear()
    async with guarded_desk(venue, journal, market=OddMarket(), reconciled=False) as house:
        await eventually(lambda: house.desk._evacuation.scene.market.known_pairs)
        venue.gate.set()
        await eventually(lambda: tries(house) == 1)
        await tried(house, MOST_REFUSALS)
        assert position((await over(house)).legs).state is LegState.LEFT
    async with guarded_desk(venue, journal, market=OddMarket()) as house:
        seen = await house.desk.ask(OLIVIA, ShowStandstill())
        assert seen.panic is not None
        assert position(seen.panic.legs).is_left_over
        assert isinstance(await resumed(house), TradingState)
        ends = [e for e in await house.events() if isinstance(e, PanicEnded)]
        assert len(ends) == 1


async def test_an_exchange_that_is_away_never_counts() -> None:
    async with guarded_desk(market=OddMarket()) as house:
        await held(house)
        await call(house)
        await tried(house, 3)
        house.venue.say(LinkLost(reason="cut"))
        await eventually(lambda: not house.is_open())
        for _ in range(MOST_REFUSALS * 2):
            house.clock.ahead += timedelta(seconds=61)
            house.desk.floor.wake()
        await eventually(lambda: house.desk.floor.book.panic.tells)
        assert 3 <= tries(house) <= 4
        assert house.desk.floor.book.panic.running is not None
        house.journal.available = False
        await eventually(lambda: house.desk.floor.gate.journal_lost)
        assert closing(house) == []
        house.journal.available = True
        house.venue.say(LinkUp())
        await eventually(lambda: not house.desk.floor.gate.journal_lost)
        assert 3 <= tries(house) <= 5, "a database that comes and goes does not begin the count"


def _one_more(house: Guarded) -> bool:
    house.clock.ahead += timedelta(seconds=61)
    house.desk.floor.wake()
    return True


class Choosy(Venue):
    """Refuses whatever it is sent, while it is asked to."""

    refuses_all: bool = False

    async def submit(self, order: ApprovedOrder) -> None:
        if not self.refuses_all:
            await super().submit(order)
            return
        self.sent.append(order)
        self.say(SubmissionRefused(cid=order.key, reason="not now"))


async def test_what_is_too_small_for_our_rules_goes_on_being_closed_the_other_way() -> None:
    """The exchange refuses to close it once: reduce-only it is below any order's size."""
    venue = Choosy()
    async with guarded_desk(venue) as house:
        await held(house, "0.00005")
        venue.refuses_all = True
        await call(house)
        await eventually(lambda: _one_more(house) and len(closing(house)) >= 2)
        venue.refuses_all = False
        await eventually(lambda: _one_more(house) and house.venue.position == 0)
        assert position((await over(house)).legs).state is LegState.DONE
