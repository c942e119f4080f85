"""Whose rights are taken while an order of theirs waits: it does not go out any more."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal

import pytest

from engine.memory_journal import MemoryJournal
from engine.model.actor import Actor, Role
from engine.model.approval_command import ApproveWish, HoldWish
from engine.model.bracket import BracketTerms
from engine.model.change import OrderChange
from engine.model.command import AmendOrder, CancelAll, PlaceBracket, PlaceOrder
from engine.model.entry import Entry
from engine.model.event import AmendFailed, AmendRequested, CommandRefused, Event, OrderSubmitted
from engine.model.ids import CommandId
from engine.model.order import OrderStatus
from engine.model.people_command import ChangeRole, FreezeMember, RevokeMember, ThawMember
from engine.model.report import LinkLost, LinkUp
from engine.model.result import CancelReport, OrderTicket, Refused
from engine.model.use_cases import Command
from tests.eventually import eventually
from tests.integration.desk.scripted import TERMS, Scene, report, scene

ADA = Actor(actor_id="tg:1", name="Ada", role=Role.ADMIN)
TINA = Actor(actor_id="tg:2", name="Tina", role=Role.TRADER)
OLE = Actor(actor_id="tg:3", name="Ole", role=Role.TRADER)
FOUNDERS = {who.actor_id: who.role for who in (ADA, TINA, OLE)}
WISH = CommandId("card:1")
BRACKET = BracketTerms(entry=TERMS, stop_loss=Decimal(29000), take_profit=None)
WISHES = (PlaceOrder(TERMS), PlaceBracket(BRACKET))
RULINGS = (
    FreezeMember(TINA.actor_id),
    RevokeMember(TINA.actor_id),
    ChangeRole(TINA.actor_id, Role.VIEWER),
)


class GatedJournal(MemoryJournal):
    """Whose commits of one kind of event wait at a gate."""

    def __init__(self, kind: type[Event]) -> None:
        super().__init__()
        self.kind = kind
        self.waiting = False
        self.gate = asyncio.Event()

    async def append(
        self, events: Sequence[Event], *, claim: CommandId | None = None
    ) -> Sequence[Entry]:
        entries = await super().append(events, claim=claim)
        if any(isinstance(event, self.kind) for event in events):
            self.waiting = True
            await self.gate.wait()
        return entries


@asynccontextmanager
async def staffed(journal: MemoryJournal | None = None) -> AsyncIterator[Scene]:
    """A desk that knows these three."""
    async with scene(journal, founders=FOUNDERS) as shown:
        yield shown


@asynccontextmanager
async def cut_off(journal: MemoryJournal | None = None) -> AsyncIterator[Scene]:
    """A desk whose link is lost for a moment."""
    async with staffed(journal) as shown:
        shown.exchange.say(LinkLost(reason="cut"))
        await eventually(lambda: not shown.open())
        yield shown


async def rule(shown: Scene, ruling: Command[object]) -> None:
    name = CommandId(f"rule:{ruling!r}")
    answer = await shown.desk.execute(ADA, ruling, name)
    assert not isinstance(answer, Refused), answer


async def waits(shown: Scene, wish: CommandId) -> None:
    """Return when the wish is under way."""
    await eventually(lambda: wish in shown.desk.floor.traced)


def refused(answer: object) -> str:
    assert isinstance(answer, Refused), answer
    (reason,) = answer.reasons
    assert reason.code == "not_allowed"
    return reason.sentence


@pytest.mark.parametrize("ruling", RULINGS, ids=lambda ruling: type(ruling).__name__)
@pytest.mark.parametrize("command", WISHES, ids=lambda command: type(command).__name__)
async def test_what_waits_for_the_link_does_not_go_out(
    ruling: Command[object], command: Command[object]
) -> None:
    async with cut_off() as shown:
        wish = asyncio.create_task(shown.desk.execute(TINA, command, WISH))
        await waits(shown, WISH)
        await rule(shown, ruling)
        shown.exchange.say(LinkUp())
        refused(await wish)
        assert shown.exchange.sent == []
        (told,) = await shown.told(CommandRefused)
        assert (told.actor_id, told.command_id) == (TINA.actor_id, WISH)
        assert not shown.desk.floor.book.brackets


async def test_who_is_thawed_later_has_to_wish_anew() -> None:
    async with cut_off() as shown:
        wish = asyncio.create_task(shown.desk.execute(TINA, PlaceOrder(TERMS), WISH))
        await waits(shown, WISH)
        await rule(shown, FreezeMember(TINA.actor_id))
        shown.exchange.say(LinkUp())
        assert "frozen" in refused(await wish)
        await rule(shown, ThawMember(TINA.actor_id))
        again = await shown.desk.execute(TINA, PlaceOrder(TERMS), WISH)
        assert isinstance(again, Refused)
        assert shown.exchange.sent == []


async def test_frozen_over_the_commit_it_is_journalled_and_never_leaves() -> None:
    journal = GatedJournal(OrderSubmitted)
    async with staffed(journal) as shown:
        wish = asyncio.create_task(shown.desk.execute(TINA, PlaceOrder(TERMS), WISH))
        await eventually(lambda: journal.waiting)
        await rule(shown, FreezeMember(TINA.actor_id))
        journal.gate.set()
        ticket = await wish
        assert isinstance(ticket, OrderTicket)
        assert ticket.order.status is OrderStatus.REJECTED
        assert "nothing was sent: Your rights are frozen" in ticket.order.reason
        assert shown.exchange.sent == []


async def test_others_go_out_as_ever() -> None:
    async with cut_off() as shown:
        wish = asyncio.create_task(shown.desk.execute(OLE, PlaceOrder(TERMS), WISH))
        await waits(shown, WISH)
        await rule(shown, FreezeMember(TINA.actor_id))
        shown.exchange.say(LinkUp())
        await eventually(lambda: shown.exchange.sent)
        shown.exchange.say(report(shown.exchange.sent[0]))
        assert isinstance(await wish, OrderTicket)


async def test_who_agreed_must_have_the_right_until_it_leaves() -> None:
    async with cut_off() as shown:
        place = PlaceOrder(TERMS)
        await shown.desk.execute(TINA, HoldWish(place), WISH)
        name = CommandId("press:ole")
        wish = asyncio.create_task(shown.desk.execute(OLE, ApproveWish(WISH, place), name))
        await waits(shown, name)
        await rule(shown, FreezeMember(OLE.actor_id))
        shown.exchange.say(LinkUp())
        assert "Ole" in refused(await wish)
        assert shown.exchange.sent == []


async def working(shown: Scene) -> object:
    wish = asyncio.create_task(shown.desk.execute(TINA, PlaceOrder(TERMS), CommandId("card:0")))
    await eventually(lambda: shown.exchange.sent)
    shown.exchange.say(report(shown.exchange.sent[0]))
    return await wish


async def test_a_change_that_waits_for_a_price_is_not_made() -> None:
    async with staffed() as shown:
        ticket = await working(shown)
        assert isinstance(ticket, OrderTicket)
        gate, came = asyncio.Event(), asyncio.Event()

        async def slow() -> None:
            came.set()
            await gate.wait()

        shown.market.slow = slow
        change = AmendOrder(ticket.order.key, OrderChange(amount=Decimal("0.5")))
        wish = asyncio.create_task(shown.desk.execute(TINA, change, WISH))
        await came.wait()
        await rule(shown, FreezeMember(TINA.actor_id))
        gate.set()
        assert "frozen" in refused(await wish)
        assert shown.exchange.changes == []


async def test_a_change_frozen_over_its_commit_is_told_as_failed() -> None:
    journal = GatedJournal(AmendRequested)
    async with staffed(journal) as shown:
        ticket = await working(shown)
        assert isinstance(ticket, OrderTicket)
        change = AmendOrder(ticket.order.key, OrderChange(amount=Decimal("0.5")))
        wish = asyncio.create_task(shown.desk.execute(TINA, change, WISH))
        await eventually(lambda: journal.waiting)
        await rule(shown, FreezeMember(TINA.actor_id))
        journal.gate.set()
        answer = await wish
        assert isinstance(answer, Refused)
        (failed,) = await shown.told(AmendFailed)
        assert "frozen" in failed.reason
        assert shown.exchange.changes == []


async def test_a_cancel_under_way_goes_out_whatever_happens_to_its_owner() -> None:
    async with staffed() as shown:
        ticket = await working(shown)
        assert isinstance(ticket, OrderTicket)
        wish = asyncio.create_task(shown.desk.execute(TINA, CancelAll(), WISH))
        await waits(shown, WISH)
        await rule(shown, FreezeMember(TINA.actor_id))
        await eventually(lambda: shown.exchange.cancels)
        gone = replace(ticket.order, status=OrderStatus.CANCELLED)
        shown.exchange.say(report(gone, status=OrderStatus.CANCELLED))
        assert isinstance(await wish, CancelReport)
