"""What an entry fills is guarded, exactly, and told when it is over."""

from dataclasses import replace
from decimal import Decimal

from engine.model.bracket import BracketStatus, Fallback
from engine.model.command import PauseTrading, PlaceBracket, ReleaseBracket
from engine.model.event import AmendRequested, BracketOpened, OrderSubmitted
from engine.model.ids import CommandId
from engine.model.order import OrderStatus, OrderType, Side
from engine.model.query import ShowBrackets
from engine.model.result import Done, Refused
from tests.eventually import eventually
from tests.integration.brackets.house import MARGIN, STOP, TAKE, Guarded, guarded_desk
from tests.integration.desk.scripted import TERMS
from tests.trading_house import OLIVIA


async def test_a_bracket_is_journalled_with_its_entry_before_anything_leaves() -> None:
    async with guarded_desk() as house:
        ticket = await house.open_bracket()
        events = await house.events()
        kinds = [type(event) for event in events]
        assert kinds.index(BracketOpened) == kinds.index(OrderSubmitted) + 1
        assert ticket.bracket.status is BracketStatus.WAITING
        assert ticket.entry.status is OrderStatus.WORKING
        assert house.venue.alive() == []


async def test_exits_follow_partial_fills_less_fees_and_never_leave_the_book() -> None:
    async with guarded_desk() as house:
        await house.open_bracket()
        house.fill("0.4")
        await house.guarded("0.3992")
        first = [row.order_id for row in house.venue.alive()]
        house.fill("0.35")
        await house.guarded("0.7485")
        house.fill("0.25")
        await house.guarded("0.998")
        assert [row.order_id for row in house.venue.alive()] == first
        take, stop = house.venue.alive()
        assert (take.terms.type, take.terms.price, take.terms.side) == (
            OrderType.LIMIT,
            TAKE,
            Side.SELL,
        )
        assert (stop.terms.type, stop.terms.trigger) == (OrderType.STOP, STOP)
        asked = [e.key for e in await house.events() if isinstance(e, AmendRequested)]
        assert asked[0] == stop.cid
        assert all(e.guard for e in await house.events() if isinstance(e, AmendRequested))


async def test_exits_are_ours_and_carry_whose_bracket_it_is() -> None:
    async with guarded_desk() as house:
        ticket = await house.open_bracket(MARGIN)
        house.fill("1")
        await house.guarded("1")
        for order in house.exits():
            assert order.bracket == ticket.entry.key
            assert order.actor_id == OLIVIA.actor_id
            assert order.terms.reduce_only
        assert {order.partner for order in house.exits()} == {o.key for o in house.exits()}


async def test_a_take_profit_that_fills_ends_the_bracket() -> None:
    async with guarded_desk() as house:
        await house.open_bracket()
        house.fill("1")
        await house.guarded("0.998")
        house.venue.fill(house.exits()[0].key, Decimal("0.998"))
        assert await house.over() == "take profit is filled"
        assert house.venue.alive() == []
        assert await house.alarms() == []
        assert house.bracket is None


async def test_a_take_profit_that_fills_in_parts_gets_its_stop_back() -> None:
    """The exchange ends the stop at the first trade of the other."""
    async with guarded_desk() as house:
        await house.open_bracket()
        house.fill("1")
        await house.guarded("0.998")
        house.venue.fill(house.exits()[0].key, Decimal("0.3"))
        await house.guarded("0.698")
        kinds = {row.terms.type for row in house.venue.alive()}
        assert kinds == {OrderType.LIMIT, OrderType.STOP}


async def test_one_price_is_one_order() -> None:
    async with guarded_desk() as house:
        await house.open_bracket(take_profit=None)
        house.fill("1")
        await house.guarded("0.998")
        assert [row.terms.type for row in house.venue.alive()] == [OrderType.STOP]
        house.venue.fill(house.exits()[0].key, Decimal("0.998"))
        assert await house.over() == "stop loss is filled"


async def test_exits_that_cannot_be_amended_are_replaced() -> None:
    async with guarded_desk() as house:
        house.venue.refuses_changes = True
        await house.open_bracket()
        house.fill("0.4")
        await house.guarded("0.3992")
        first = {row.order_id for row in house.venue.alive()}
        house.fill("0.6")
        await house.guarded("0.998")
        assert first.isdisjoint({row.order_id for row in house.venue.alive()})
        assert await house.alarms() == []


async def test_a_stop_that_was_moved_by_hand_stays_moved() -> None:
    async with guarded_desk() as house:
        house.venue.refuses_changes = True
        await house.open_bracket()
        house.fill("0.5")
        await house.guarded("0.499")
        stop = house.exits()[1].key
        row = house.venue.rows[stop]
        house.venue._became(replace(row, terms=replace(row.terms, trigger=Decimal(29500))))
        house.fill("0.5")
        await house.guarded("0.998")
        assert house.venue.alive()[1].terms.trigger == Decimal(29500)


async def test_an_entry_cancelled_after_a_part_is_guarded_for_that_part() -> None:
    async with guarded_desk() as house:
        await house.open_bracket()
        house.fill("0.4")
        await house.guarded("0.3992")
        house.venue.end(house.venue.entry)
        house.venue.fill(house.exits()[1].key, Decimal("0.3992"))
        assert await house.over() == "stop loss is filled"


async def test_an_entry_that_never_fills_ends_quietly() -> None:
    async with guarded_desk() as house:
        await house.open_bracket()
        house.venue.end(house.venue.entry)
        assert "before anything was filled" in await house.over()
        assert await house.alarms() == []
        assert len(house.venue.sent) == 1


async def test_exits_go_out_while_trading_is_paused() -> None:
    async with guarded_desk() as house:
        await house.open_bracket()
        await house.desk.execute(OLIVIA, PauseTrading("lunch"), CommandId("pause"))
        house.fill("1")
        await house.guarded("0.998")


async def test_what_is_too_little_to_guard_waits_for_more_and_else_is_told() -> None:
    async with guarded_desk() as house:
        await house.open_bracket()
        house.fill("0.00005")
        await eventually(lambda: house.bracket is not None and house.bracket.held > 0)
        assert house.venue.alive() == []
        assert await house.alarms() == []
        house.venue.end(house.venue.entry)
        bracket = await house.status(BracketStatus.EXPOSED)
        assert "less than the exchange's minimum" in bracket.reason


async def test_a_market_that_is_past_the_stop_already_is_sold_into() -> None:
    async with guarded_desk() as house:
        entry = replace(TERMS, price=Decimal(32000), type=OrderType.LIMIT)
        await house.open_bracket(entry, stop_loss=Decimal(30500), take_profit=Decimal(33000))
        house.fill("1")
        assert await house.over() == "closed at the market"
        assert house.venue.sent[-1].terms.type is OrderType.MARKET


async def test_a_wish_repeated_is_one_bracket() -> None:
    async with guarded_desk() as house:
        first = await house.open_bracket()
        again = await house.open_bracket()
        assert again.repeated
        assert again.bracket.key == first.bracket.key
        house.venue.end(house.venue.entry)
        await house.over()
        late = await house.open_bracket()
        assert late.repeated
        assert late.bracket.status is BracketStatus.DONE
        assert len(house.venue.sent) == 1


async def test_a_bracket_can_be_released_and_its_exits_stay() -> None:
    async with guarded_desk() as house:
        ticket = await house.open_bracket()
        house.fill("1")
        await house.guarded("0.998")
        key = ticket.bracket.key
        done = await house.desk.execute(OLIVIA, ReleaseBracket(key), CommandId("release"))
        assert done == Done()
        assert "Olivia" in await house.over()
        assert len(house.venue.alive()) == 2
        same = await house.desk.execute(OLIVIA, ReleaseBracket(key), CommandId("release"))
        assert same == Done(repeated=True)
        again = await house.desk.execute(OLIVIA, ReleaseBracket(key), CommandId("again"))
        assert isinstance(again, Refused)


async def test_open_brackets_are_shown_with_their_orders() -> None:
    async with guarded_desk() as house:
        ticket = await house.open_bracket()
        house.fill("1")
        await house.guarded("0.998")
        shown = await house.desk.ask(OLIVIA, ShowBrackets())
        ((bracket, orders),) = shown.brackets
        assert bracket.key == ticket.bracket.key
        assert [order.key for order in orders] == [bracket.key, *bracket.exits]


async def test_a_short_position_is_guarded_from_above() -> None:
    async with guarded_desk() as house:
        entry = replace(MARGIN, side=Side.SELL)
        await house.open_bracket(entry, stop_loss=TAKE, take_profit=STOP)
        house.fill("1")
        await house.guarded("1")
        take, stop = house.venue.alive()
        assert take.terms.side is stop.terms.side is Side.BUY
        assert (take.terms.price, stop.terms.trigger) == (STOP, TAKE)


async def test_what_is_wrong_with_a_bracket_is_said_at_once() -> None:
    async with guarded_desk() as house:
        refused = await place(house, stop_loss=Decimal(30500), take_profit=Decimal(29500))
        codes = [reason.code for reason in refused.reasons]
        assert codes == ["sl_wrong_side", "tp_wrong_side"]
        assert "Example: sl 29400" in refused.reasons[0].sentence
        assert house.venue.sent == []


async def place(house: Guarded, stop_loss: Decimal, take_profit: Decimal) -> Refused:
    terms = (await house.open_bracket(wish="other")).bracket.terms
    house.venue.end(house.venue.entry)
    await house.over()
    house.venue.sent.clear()
    wrong = replace(terms, stop_loss=stop_loss, take_profit=take_profit, fallback=Fallback.CLOSE)
    refused = await house.desk.execute(OLIVIA, PlaceBracket(wrong), CommandId("wrong"))
    assert isinstance(refused, Refused)
    return refused
