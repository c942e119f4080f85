"""Whoever does or is refused anything at the desk leaves a trace of themselves, once."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.model.actor import Actor, Role
from engine.model.command import CancelAll, PauseTrading, PlaceOrder, ResumeTrading
from engine.model.errors import NotAllowed
from engine.model.event import CommandRefused, Event, OrderSubmitted, TradingPaused
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.people_command import FreezeMember, InviteMember, ThawMember
from engine.model.people_event import CommandCarriedOut, MemberFrozen
from engine.model.people_query import ShowActs, ShowMembers
from engine.model.symbol import Symbol
from tests.trading_house import OLIVIA, VERA, House, trading_house

TERMS = OrderTerms(
    symbol=Symbol("tBTCUSD"),
    side=Side.BUY,
    amount=Decimal("0.01"),
    type=OrderType.LIMIT,
    price=Decimal(20000),
)
TINA = Actor(actor_id="tg:4004", name="Tina", role=Role.TRADER)


async def acts(house: House, actor: Actor) -> list[Event]:
    """What this actor did, the oldest first."""
    told = await house.desk.ask(OLIVIA, ShowActs(actor_id=actor.actor_id))
    return [entry.event for entry in reversed(told.entries)]


async def test_what_tells_of_its_actor_is_told_once() -> None:
    async with trading_house() as house:
        wish, pause = house.wish(), house.wish()
        await house.desk.execute(TINA, PlaceOrder(TERMS), wish)
        await house.desk.execute(TINA, PlaceOrder(TERMS), wish)
        await house.desk.execute(TINA, PauseTrading("news"), pause)
        kinds = [type(event) for event in await acts(house, TINA)]
    assert kinds == [OrderSubmitted, TradingPaused]


async def test_what_leaves_nothing_else_is_carried_out_in_words() -> None:
    async with trading_house() as house:
        await house.desk.execute(TINA, CancelAll(), house.wish())
        (told,) = await acts(house, TINA)
    assert isinstance(told, CommandCarriedOut)
    assert told.command == "cancel_all"


async def test_every_no_is_told_with_its_reasons() -> None:
    async with trading_house() as house:
        huge = replace(TERMS, amount=Decimal(100_000))
        await house.desk.execute(TINA, PlaceOrder(huge), house.wish())
        await house.desk.execute(OLIVIA, ResumeTrading(), house.wish())
        with pytest.raises(NotAllowed):
            await house.desk.execute(VERA, PlaceOrder(TERMS), house.wish())
        with pytest.raises(NotAllowed):
            await house.desk.ask(VERA, ShowMembers())
        told = [*await acts(house, TINA), *await acts(house, OLIVIA), *await acts(house, VERA)]
    refused = [event for event in told if isinstance(event, CommandRefused)]
    assert [event.command for event in refused] == [
        "place_order",
        "resume_trading",
        "place_order",
        "show_members",
    ]
    assert all(event.reasons for event in refused)
    assert refused == told


async def test_a_frozen_actor_can_do_nothing_at_the_desk_until_thawed() -> None:
    founders = {OLIVIA.actor_id: Role.ADMIN, TINA.actor_id: Role.TRADER}
    async with trading_house() as house:
        house.desk.floor.book.roster = type(house.desk.floor.book.roster)(founders)
        await house.desk.execute(OLIVIA, FreezeMember(TINA.actor_id), house.wish())
        with pytest.raises(NotAllowed, match="frozen"):
            await house.desk.execute(TINA, PlaceOrder(TERMS), house.wish())
        await house.desk.execute(OLIVIA, ThawMember(TINA.actor_id), house.wish())
        await house.desk.execute(TINA, PlaceOrder(TERMS), house.wish())
        with pytest.raises(NotAllowed, match="you are trader"):
            await house.desk.execute(
                replace(TINA, role=Role.ADMIN), InviteMember(Role.ADMIN), house.wish()
            )
        told = await acts(house, OLIVIA)
        assert house.desk.role_of(TINA.actor_id) is Role.TRADER
    assert isinstance(told[0], MemberFrozen)
