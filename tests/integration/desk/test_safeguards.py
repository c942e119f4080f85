"""The desk itself asks for a code and for a second person, whoever is at the door."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import aiohttp
import pytest

from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.memory_factors import MemoryFactors
from engine.memory_journal import MemoryJournal
from engine.model.account import Wallet
from engine.model.actor import Actor, Role
from engine.model.approval_command import ApproveWish, HoldWish, RejectWish, decided_as
from engine.model.approval_result import Held
from engine.model.change import OrderChange
from engine.model.command import AmendOrder, Decline, PauseTrading, PlaceOrder, ResumeTrading
from engine.model.errors import (
    JournalUnavailable,
    NotAllowed,
    SecondFactorMissing,
    SecondFactorNeeded,
    SecondPersonNeeded,
)
from engine.model.factor import Factor
from engine.model.factor_command import BeginFactor, DropFactor, GiveCode
from engine.model.factor_result import Enrolment
from engine.model.ids import CommandId
from engine.model.order import OrderStatus, OrderTerms, OrderType, Side
from engine.model.panic_command import CallPanic
from engine.model.panic_result import PanicReport
from engine.model.people_event import CommandApproved, CommandHeld
from engine.model.result import Done, OrderTicket, Refused, TradingState
from engine.model.symbol import Symbol
from engine.operations.safeguards import Safeguards
from engine.people.factors import ActionClass, FactorPolicy, FourEyes, Needs
from engine.people.totp import code_at, step_of
from engine.simulator.server import running
from tests.hurried import LoopClock
from tests.integration.desk.scripted import QuietMarket
from tests.trading_house import CALM, House, desk_at

OLE = Actor(actor_id="tg:1", name="Ole", role=Role.TRADER)
TINA = Actor(actor_id="tg:2", name="Tina", role=Role.TRADER)
ADA = Actor(actor_id="tg:3", name="Ada", role=Role.ADMIN)
FOUNDERS = {who.actor_id: who.role for who in (OLE, TINA, ADA)}
EYES = Needs(four_eyes=FourEyes(notional=Decimal(1000)))
LIMIT = OrderTerms(
    symbol=Symbol("tBTCUSD"),
    side=Side.BUY,
    amount=Decimal("0.1"),
    type=OrderType.LIMIT,
    price=Decimal(20000),
)
SMALL = replace(LIMIT, amount=Decimal("0.01"))
WISH = CommandId("card:1")


@asynccontextmanager
async def house_with(needs: Needs, currency: str = "USD") -> AsyncIterator[House]:
    async with (
        running(CALM) as simulator,
        aiohttp.ClientSession() as http,
        desk_at(
            simulator, MemoryJournal(), http, needs=needs, founders=FOUNDERS, currency=currency
        ) as house,
    ):
        yield house


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with house_with(EYES) as made:
        yield made


async def orders(house: House) -> int:
    state = await house.state()
    seen = [state["orders"], state["history"]]
    return sum(len(rows) for rows in seen if isinstance(rows, list))


async def waits(house: House, terms: OrderTerms) -> bool:
    """Whether an order may not leave with one person's word."""
    try:
        await house.desk.execute(OLE, PlaceOrder(terms), house.wish())
    except SecondPersonNeeded:
        return True
    return False


async def test_no_way_leads_around_the_second_person(house: House) -> None:
    desk, large = house.desk, PlaceOrder(LIMIT)
    with pytest.raises(SecondPersonNeeded):
        await desk.execute(OLE, large, WISH)
    unasked = await desk.execute(TINA, ApproveWish(WISH, large), decided_as(WISH))
    assert isinstance(unasked, Refused)
    assert unasked.reasons[0].code == "not_held"

    held = await desk.execute(OLE, HoldWish(large), WISH)
    assert isinstance(held, Held)
    assert held.approvers == ("tg:2", "tg:3")
    for who, wish, code in (
        (OLE, large, "own_wish"),
        (TINA, PlaceOrder(replace(LIMIT, amount=Decimal("0.2"))), "not_held"),
        (replace(ADA, actor_id="tg:99"), large, "no_right"),
    ):
        answer = await desk.execute(who, ApproveWish(WISH, wish), decided_as(WISH))
        assert isinstance(answer, Refused)
        assert answer.reasons[0].code == code
    with pytest.raises(SecondPersonNeeded):
        await desk.execute(OLE, large, WISH)
    assert await orders(house) == 0

    ticket = await desk.execute(TINA, ApproveWish(WISH, large), decided_as(WISH))
    assert isinstance(ticket, OrderTicket)
    assert ticket.order.actor_id == OLE.actor_id
    again = await desk.execute(TINA, ApproveWish(WISH, large), decided_as(WISH))
    assert isinstance(again, OrderTicket)
    assert again.repeated
    shown = await desk.execute(OLE, large, WISH)
    assert isinstance(shown, OrderTicket)
    late = await desk.execute(ADA, RejectWish(WISH), decided_as(WISH))
    assert isinstance(late, Refused)
    assert "Tina has approved" in late.reasons[0].sentence
    assert await orders(house) == 1
    told = [e for e in await house.events() if isinstance(e, CommandHeld | CommandApproved)]
    assert [type(event) for event in told] == [CommandHeld, CommandApproved]


async def test_what_was_declined_cannot_be_approved(house: House) -> None:
    desk, large = house.desk, PlaceOrder(LIMIT)
    await desk.execute(OLE, HoldWish(large), WISH)
    await desk.execute(OLE, Decline("withdrawn"), WISH)
    answer = await desk.execute(TINA, ApproveWish(WISH, large), decided_as(WISH))
    assert isinstance(answer, Refused)
    assert answer.reasons[0].code == "decided_before"
    assert await orders(house) == 0


async def test_a_rejected_wish_is_dead(house: House) -> None:
    desk, large = house.desk, PlaceOrder(LIMIT)
    await desk.execute(OLE, HoldWish(large), WISH)
    assert isinstance(await desk.execute(TINA, RejectWish(WISH), decided_as(WISH)), Done)
    late = await desk.execute(ADA, ApproveWish(WISH, large), decided_as(WISH))
    assert isinstance(late, Refused)
    assert "Tina has rejected" in late.reasons[0].sentence
    assert await orders(house) == 0


async def test_time_that_is_over(house: House) -> None:
    short = Needs(four_eyes=FourEyes(notional=Decimal(1000), lifetime=timedelta(0)))
    async with house_with(short) as brief:
        large = PlaceOrder(LIMIT)
        await brief.desk.execute(OLE, HoldWish(large), WISH)
        answer = await brief.desk.execute(TINA, ApproveWish(WISH, large), decided_as(WISH))
        assert isinstance(answer, Refused)
        assert answer.reasons[0].code == "expired"


async def test_worth_is_what_it_may_come_to(house: House) -> None:
    assert not await waits(house, SMALL)
    assert await waits(house, LIMIT)
    margin = replace(LIMIT, wallet=Wallet.MARGIN)
    cheap = replace(margin, side=Side.SELL, price=Decimal(100))
    assert await waits(house, cheap)  # it would sell at the market, not for 10 dollars
    ether = replace(LIMIT, symbol=Symbol("tETHBTC"), amount=Decimal(5), price=Decimal("0.05"))
    assert await waits(house, ether)  # 0.25 BTC are more than 1,000 USD
    assert not await waits(house, replace(ether, amount=Decimal("0.2")))
    assert not await waits(house, replace(LIMIT, side=Side.SELL, price=Decimal(40000)))


async def test_unknown_worth_needs_a_second_person() -> None:
    async with house_with(EYES, currency="SEK") as abroad:
        assert await waits(abroad, SMALL)


async def test_a_change_that_makes_it_larger_waits_and_one_that_does_not_passes(
    house: House,
) -> None:
    desk = house.desk
    ticket = await desk.execute(OLE, PlaceOrder(SMALL), house.wish())
    assert isinstance(ticket, OrderTicket)
    assert ticket.order.status is OrderStatus.WORKING
    key = ticket.order.key
    larger = AmendOrder(key, OrderChange(amount=Decimal("0.2")))
    with pytest.raises(SecondPersonNeeded):
        await desk.execute(OLE, larger, house.wish())
    cheaper = AmendOrder(key, OrderChange(price=Decimal(19000)))
    assert isinstance(await desk.execute(OLE, cheaper, house.wish()), OrderTicket)


async def enrolled(house: House, who: Actor) -> bytes:
    """Set up an authenticator; its secret."""
    begun = await house.desk.execute(who, BeginFactor(), house.wish())
    assert isinstance(begun, Enrolment)
    secret = _secret(begun.secret)
    now = step_of(house.desk.floor.clock.now())
    given = await house.desk.execute(who, GiveCode(code_at(secret, now - 1)), house.wish())
    assert isinstance(given, Done)
    return secret


def _secret(spelled: str) -> bytes:
    return base64.b32decode(spelled)


async def test_resuming_needs_a_code_of_who_has_an_authenticator() -> None:
    async with house_with(Needs(factor=FactorPolicy(grace=timedelta(0)))) as house:
        desk, secret = house.desk, await enrolled(house, ADA)
        await desk.execute(ADA, PauseTrading("lunch"), house.wish())
        with pytest.raises(SecondFactorNeeded):
            await desk.execute(ADA, ResumeTrading(), WISH)
        code = code_at(secret, step_of(desk.floor.clock.now()))
        await desk.execute(ADA, GiveCode(code, WISH), house.wish())
        with pytest.raises(SecondFactorNeeded):
            await desk.execute(ADA, ResumeTrading(), CommandId("card:2"))
        state = await desk.execute(ADA, ResumeTrading(), WISH)
        assert isinstance(state, TradingState)
        assert state.paused is None
        again = await desk.execute(ADA, GiveCode(code, CommandId("card:2")), house.wish())
        assert isinstance(again, Refused)
        assert again.reasons[0].code == "wrong_code"


async def test_where_all_must_have_one_who_has_none_is_refused() -> None:
    policy = FactorPolicy(classes=frozenset(ActionClass), required=True)
    async with house_with(Needs(factor=policy)) as house:
        with pytest.raises(SecondFactorMissing) as missing:
            await house.desk.execute(OLE, PlaceOrder(SMALL), house.wish())
        assert missing.value.sentence.endswith("Set one up first: /2fa")
        paused = await house.desk.execute(OLE, PauseTrading("now"), house.wish())
        assert isinstance(paused, TradingState)
        assert paused.paused is not None


async def test_a_panic_waits_for_a_code_only_where_somebody_can_look_at_it() -> None:
    policy = FactorPolicy(classes=frozenset({ActionClass.FLATTEN}), required=True)
    async with house_with(Needs(factor=policy)) as house:
        with pytest.raises(SecondFactorMissing):
            await house.desk.execute(OLE, CallPanic(), house.wish())
        house.desk.floor.gate.journal_lost = True
        called = await house.desk.execute(OLE, CallPanic(), house.wish())
        assert isinstance(called, PanicReport)


class NobodyKnows(MemoryFactors):
    """The table is in a database that has just died."""

    async def get(self, actor_id: str) -> Factor | None:
        raise JournalUnavailable


class NobodyAnswers(MemoryFactors):
    """The table is in a database that hangs."""

    async def get(self, actor_id: str) -> Factor | None:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")


async def test_a_panic_waits_for_no_database_that_hangs() -> None:
    floor = Floor(MemoryJournal(), LoopClock())
    policy = FactorPolicy(classes=frozenset(ActionClass), required=True)
    market = MarketDataFacade(QuietMarket(), floor.clock)
    safeguards = Safeguards(floor, market, NobodyAnswers(), Needs(factor=policy))
    await safeguards.demand(OLE, CallPanic(), WISH)


async def test_a_panic_is_the_first_to_notice_that_the_database_is_away() -> None:
    floor = Floor(MemoryJournal(), LoopClock())
    policy = FactorPolicy(classes=frozenset(ActionClass), required=True)
    market = MarketDataFacade(QuietMarket(), floor.clock)
    safeguards = Safeguards(floor, market, NobodyKnows(), Needs(factor=policy))
    await safeguards.demand(OLE, CallPanic(), WISH)
    with pytest.raises(JournalUnavailable):
        await safeguards.demand(OLE, ResumeTrading(), WISH)


async def test_only_an_admin_takes_another_s_authenticator_off() -> None:
    async with house_with(Needs()) as house:
        ole, ada = await enrolled(house, OLE), await enrolled(house, ADA)
        now = step_of(house.desk.floor.clock.now())
        await house.desk.execute(OLE, GiveCode(code_at(ole, now), WISH), house.wish())
        with pytest.raises(NotAllowed, match="Only an admin"):
            await house.desk.execute(OLE, DropFactor(ADA.actor_id), WISH)
        other = CommandId("tg:3:9")
        with pytest.raises(SecondFactorNeeded):
            await house.desk.execute(ADA, DropFactor(OLE.actor_id), other)
        await house.desk.execute(ADA, GiveCode(code_at(ada, now), other), house.wish())
        done = await house.desk.execute(ADA, DropFactor(OLE.actor_id), other)
        assert isinstance(done, Done)


async def test_over_the_api_a_second_person_is_wanted_as_well(house: House) -> None:
    by_api = replace(OLE, via="api")
    with pytest.raises(SecondPersonNeeded):
        await house.desk.execute(by_api, PlaceOrder(LIMIT), WISH)
    await house.desk.execute(by_api, HoldWish(PlaceOrder(LIMIT)), WISH)
    own = await house.desk.execute(by_api, ApproveWish(WISH, PlaceOrder(LIMIT)), decided_as(WISH))
    assert isinstance(own, Refused)
    assert own.reasons[0].code == "own_wish"
    assert await orders(house) == 0
    (held,) = [event for event in await house.events() if isinstance(event, CommandHeld)]
    assert (held.actor_id, held.via) == (OLE.actor_id, "api")


async def test_a_code_counts_on_its_own_way_only() -> None:
    async with house_with(Needs()) as house:
        desk, secret, by_api = house.desk, await enrolled(house, ADA), replace(ADA, via="api")
        await desk.execute(ADA, PauseTrading("lunch"), house.wish())
        with pytest.raises(SecondFactorNeeded):  # the grace is the chat's
            await desk.execute(by_api, ResumeTrading(), CommandId("rest:1:resume"))
        now = step_of(desk.floor.clock.now())
        given = await desk.execute(
            by_api, GiveCode(code_at(secret, now), CommandId("rest:1")), house.wish()
        )
        assert isinstance(given, Done)
        for other in ("rest:2:resume", "rest:12", "rest"):
            with pytest.raises(SecondFactorNeeded):
                await desk.execute(by_api, ResumeTrading(), CommandId(other))
        state = await desk.execute(by_api, ResumeTrading(), CommandId("rest:1:resume"))
        assert isinstance(state, TradingState)
        assert state.paused is None
