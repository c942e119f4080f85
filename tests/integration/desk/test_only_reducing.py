"""An order that may go out only because it reduces, at the simulated exchange."""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest

from engine.model.account import Wallet
from engine.model.change import OrderChange
from engine.model.command import AmendOrder, PauseTrading, PlaceBracket, PlaceOrder
from engine.model.draft import BracketDraft, OrderDraft
from engine.model.order import Order, OrderType, Side
from engine.model.query import PreviewAmend, PreviewBracket, PreviewOrder
from engine.model.result import (
    AmendPreview,
    BracketPreview,
    OrderPreview,
    OrderTicket,
    Refused,
)
from tests.eventually import eventually, eventually_asked
from tests.trading_house import MARKET_BUY, OLIVIA, House, trading_house

ON_MARGIN = replace(MARKET_BUY, wallet=Wallet.MARGIN)
TAKE = replace(ON_MARGIN, side=Side.SELL, type=OrderType.LIMIT, price=Decimal(35_000))
BECAUSE = "Sent as reduce-only, because trading is paused: it may only close."
FLAGS, REDUCE_ONLY = 12, 1024


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with trading_house() as made:
        await place(made, ON_MARGIN)
        await eventually(lambda: made.desk.floor.book.positions)
        yield made


async def seen(house: House, draft: OrderDraft) -> OrderPreview:
    preview = await house.desk.ask(OLIVIA, PreviewOrder(draft))
    assert isinstance(preview, OrderPreview), preview
    return preview


async def place(house: House, draft: OrderDraft) -> Order:
    return await sent(house, await seen(house, draft))


async def sent(house: House, preview: OrderPreview) -> Order:
    ticket = await house.desk.execute(OLIVIA, PlaceOrder(preview.terms), house.wish())
    assert isinstance(ticket, OrderTicket), ticket
    return ticket.order


async def pause(house: House) -> None:
    await house.desk.execute(OLIVIA, PauseTrading("news"), house.wish())


async def flags(house: House) -> list[int]:
    """Of the open orders, as the exchange has them."""
    rows = (await house.state())["orders"]
    assert isinstance(rows, list)
    return [row[FLAGS] for row in rows]


async def test_the_card_says_so_and_it_opens_nothing_when_the_position_is_gone(
    house: House,
) -> None:
    assert (await seen(house, TAKE)).notes == ()
    await pause(house)
    preview = await seen(house, TAKE)
    assert preview.terms.reduce_only
    assert preview.notes == (BECAUSE,)
    order = await sent(house, preview)
    assert await flags(house) == [REDUCE_ONLY]
    stop = replace(TAKE, type=OrderType.MARKET, price=None, reduce_only=True)
    await place(house, stop)
    await eventually(lambda: not house.desk.floor.book.positions)
    await house.control("price", symbol="tBTCUSD", price="36000")

    def is_over() -> bool:
        known = house.desk.known(order.key)
        return known is not None and not known.status.is_open

    await eventually(is_over)
    assert not house.desk.floor.book.positions


async def test_a_pause_after_the_card_binds_at_the_press(house: House) -> None:
    preview = await seen(house, TAKE)
    assert not preview.terms.reduce_only
    await pause(house)
    assert (await sent(house, preview)).terms.reduce_only
    assert await flags(house) == [REDUCE_ONLY]


async def test_a_change_binds_the_order_it_is_made_to(house: House) -> None:
    order = await place(house, replace(TAKE, hidden=True))
    await pause(house)
    nearer = OrderChange(price=Decimal(34_000))
    assert order.order_id is not None
    preview = await house.desk.ask(OLIVIA, PreviewAmend(order.order_id, nearer))
    assert isinstance(preview, AmendPreview), preview
    assert preview.after.reduce_only
    assert preview.notes[-1] == BECAUSE
    wish = house.wish()
    ticket = await house.desk.execute(OLIVIA, AmendOrder(order.key, nearer), wish)
    assert isinstance(ticket, OrderTicket), ticket
    assert ticket.order.terms.price == 34_000

    async def bound() -> bool:
        return all(flag & REDUCE_ONLY for flag in await flags(house))

    await eventually_asked(bound)
    assert ticket.order.terms.hidden
    again = await house.desk.execute(OLIVIA, AmendOrder(order.key, nearer), wish)
    assert isinstance(again, OrderTicket)
    assert again.repeated


async def test_a_bracket_s_entry_is_no_way_past_a_pause(house: House) -> None:
    wanted = BracketDraft(entry=TAKE, stop_loss=Decimal(36_000), take_profit=None)
    before = await house.desk.ask(OLIVIA, PreviewBracket(wanted))
    assert isinstance(before, BracketPreview), before
    await pause(house)
    seen_now = await house.desk.ask(OLIVIA, PreviewBracket(wanted))
    assert isinstance(seen_now, Refused)
    assert [reason.code for reason in seen_now.reasons] == ["trading_paused"]
    pressed = await house.desk.execute(OLIVIA, PlaceBracket(before.terms), house.wish())
    assert isinstance(pressed, Refused)
    assert [reason.code for reason in pressed.reasons] == ["trading_paused"]
    assert await flags(house) == []
